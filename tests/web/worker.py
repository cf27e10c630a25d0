"""Background jobs in tests: done at once, or by a thread beside a browser."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator

import pytest
from psycopg_pool import PoolTimeout


def worked(*queues: str) -> None:
    """Does the jobs that wait (of all queues when none is named), as the worker would."""
    from procrastinate.contrib.django import app

    with app.replace_connector(app.connector.get_worker_connector()) as ours:
        ours.run_worker(
            queues=list(queues) or None,
            wait=False,
            install_signal_handlers=False,
            listen_notify=False,
            delete_jobs="always",
        )


@pytest.fixture
def worker(register_site: object) -> Iterator[None]:
    """Jobs are done as they come, in a thread of their own."""
    del register_site
    over = threading.Event()

    def work() -> None:
        from django.db import connections

        while not over.wait(0.5):
            with contextlib.suppress(
                PoolTimeout
            ):  # a machine that is full: the job waits for the next turn
                worked()
            connections.close_all()

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    yield
    over.set()
    thread.join(30)
