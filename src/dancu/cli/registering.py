"""The work of `dancu load`: a finished run becomes the living register behind the site; the demo province as well."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

from dancu.cli.common import console, errors, progress_bar
from dancu.cli.execute import Job, context_of, execute, open_run, open_store
from dancu.province import make
from dancu.site import boot, home
from dancu.store import supervisor
from dancu.store.postgres import connect
from dancu.store.register import loading

_DEMO_DAY = dt.date(2024, 6, 21)
_DEMO_SEED = 7


def load(run: Path, *, database: str | None) -> None:
    """Migrate, load, set the register's day; says what was loaded."""
    context_of(run)
    if database:
        os.environ["DATABASE_URL"] = database
    boot.migrate()
    loaded = fill(run)
    rows = loaded.rows
    console.print(
        f"Đã nạp {_number(rows['person'])} công dân từ {_number(rows['record'])} bản ghi, số liệu ngày"
        f" {loaded.on:%d/%m/%Y}.\nLoaded {rows['person']:,} citizens from {rows['record']:,} records.",
        markup=False,
        soft_wrap=True,
    )


def fill(run: Path) -> loading.Loaded:
    """A run into the empty register of a migrated database; raises StoreError for a second load."""
    from dancu.kit.register import set_register_day

    owner = supervisor.ensure(home.folder()).dsn
    context, _ = context_of(run)
    with progress_bar() as tell, open_run(run) as store:
        origin = loading.Origin(
            store, context.on, context.test_people, context.sources, run.resolve().name
        )
        loaded = loading.load(
            owner, origin, progress=lambda what, share: tell("nạp vào sổ", share, what)
        )
    set_register_day(loaded.on)
    with connect(owner, autocommit=True) as con:
        # Search reads its indexes alone where the pages are marked as seen by everybody.
        con.execute("VACUUM (ANALYZE) register.person, register.standard, register.finding")
    return loaded


def load_demo() -> None:
    """The demo province into a register that is empty; its run is made first where it is missing."""
    if loading.is_loaded(supervisor.ensure(home.folder()).dsn):
        return
    run = home.folder() / "var" / "runs" / "demo"
    if not (run / "manifest.json").is_file():
        errors.print("Đang tạo tỉnh mẫu (khoảng một phút). Making the demo province.", soft_wrap=True)  # fmt: skip
        _make_demo(run)
    fill(run)


def _make_demo(run: Path) -> None:
    """As `make demo`; DANCU_DEMO_SCALE makes another size."""
    scale = float(os.environ.get("DANCU_DEMO_SCALE") or 0.01)
    province = home.folder() / "var" / "demo" / "province"
    make(scale=scale, seed=_DEMO_SEED, out=province, on=_DEMO_DAY)
    job = Job((province / "lists",), run, _DEMO_DAY, test_people=True)
    with open_store(run) as store:
        execute(job, store)


def _number(value: int) -> str:
    return f"{value:,}".replace(",", ".")
