"""What the command line asks of the site: get ready, migrate, recover a log-in, serve."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from dancu.site import home
from dancu.store.errors import StoreError


class SiteError(StoreError):
    """The site cannot do what was asked; the message says why and what to do."""


def ready() -> None:
    """Django with the settings of this installation; starts PostgreSQL when none is given."""
    import django
    from django.apps import apps

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dancu.site.settings")
    if not apps.ready:
        django.setup()


def migrate() -> None:
    """Roles, tables, grants."""
    ready()
    from dancu.site import database

    database.migrate()


def recover(username: str, *, create: bool) -> str:
    """A new first password for an administrator who lost theirs (or for the first one)."""
    migrate()
    from dancu.platform.accounts import services

    try:
        return services.recover(username=username, create=create)
    except services.AccountError as error:
        raise SiteError(str(error)) from error


def set_register_day(day: dt.date) -> None:
    """After a load: the units of this day are those that territories are read by."""
    ready()
    from dancu.platform.access import territory

    territory.set_register_day(day)


def collect_static() -> None:
    """The files of all apps under hashed names, compressed, in var/site/static."""
    from django.core.management import call_command

    call_command("collectstatic", verbosity=0, interactive=False)


def serve(
    *, host: str, port: int, demo: bool, threads: int = 4, fill: Callable[[], None] | None = None
) -> None:
    """Run the site until it is stopped; with ``demo`` sample accounts are made and printed first.

    `fill` puts people into the register of the demo, once its database is marked as one.
    """
    migrate()
    collect_static()
    if demo:
        _show_demo(f"http://{host}:{port}/", fill)
        _work_beside()
    _granian(host, port, threads)


def work(*, concurrency: int = 1) -> None:
    """Do background jobs until stopped; a stop waits for the running job."""
    ready()
    from procrastinate.contrib.django import app

    with app.replace_connector(app.connector.get_worker_connector()) as ours:
        asyncio.run(_workers(ours, concurrency))


FEED, FEEDS = "feed", 8
"""The queue of what goes to partners, and how many of them at once: who is slow there keeps no other work waiting."""


async def _workers(app: Any, concurrency: int) -> None:
    """One for everything else, one beside it for the feed; the second ends with the first."""
    # The loop's own pool is as small as the machine: the feed's threads would leave none to the others.
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(FEEDS + concurrency + 2))
    async with app.open_async():
        app.perform_import_paths()
        others = sorted({task.queue for task in app.tasks.values()} - {FEED})
        beside = asyncio.create_task(
            app.run_worker_async(
                name="dancu-feed", queues=[FEED], concurrency=FEEDS, install_signal_handlers=False,
                delete_jobs="successful", shutdown_graceful_timeout=20,
            )
        )  # fmt: skip
        try:
            await app.run_worker_async(
                name="dancu", queues=others, concurrency=concurrency, shutdown_graceful_timeout=60
            )
        finally:
            beside.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await beside


def _work_beside() -> None:
    """The demo's background jobs, in a process that ends with this one (an installation has a service for them)."""
    from dancu.store.pg_launch import shared_fate

    subprocess.Popen(
        [sys.executable, "-m", "dancu", "worker"],
        stdin=subprocess.DEVNULL,
        preexec_fn=shared_fate(),
    )


def _show_demo(address: str, fill: Callable[[], None] | None) -> None:
    from dancu.site import demo

    demo.prepare()
    if fill is not None:
        fill()
        demo.bring_dossiers()
    demo.let_in_a_citizen()
    rows = demo.accounts()
    wide = max(len(row.username) for row in rows)
    print(f"\n{address}\n")
    for row in rows:
        print(f"  {row.username:<{wide}}  {row.password}  {row.role_name}{row.place}")
    print("\nTài khoản mẫu không cần mã xác thực; chỉ dùng với dữ liệu bịa. Ctrl-C: dừng.")
    print(
        "Sample accounts need no second factor; for invented data only. Ctrl-C: stop.\n", flush=True
    )


def _granian(host: str, port: int, threads: int) -> None:
    """Replace this process, so that signals go straight to the server.

    A worker that does not end by itself is killed after ten seconds: what it had not committed is undone.
    """
    program = Path(sys.executable).parent / "granian"
    os.environ["DJANGO_SETTINGS_MODULE"] = "dancu.site.settings"
    os.environ["DANCU_HOME"] = str(home.folder().resolve())
    # A list on its way in lies in a temporary file, which a killed process cannot take away.
    os.environ["TMPDIR"] = str(home.emptied("var/site/incoming"))
    os.execv(  # noqa: S606
        str(program),
        [
            str(program), "--interface", "wsgi", "--host", host, "--port", str(port), "--workers", "1",
            "--blocking-threads", str(threads), "--no-access-log", "--log-level", "warning",
            "--workers-kill-timeout", "10",
            "dancu.site.wsgi:application",
        ],
    )  # fmt: skip
