"""The work of `dancu load`: a finished run becomes the living register behind the site; the demo province as well."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

from dancu.cli.common import console, errors, fail, progress_bar
from dancu.cli.execute import Job, context_of, execute, open_run, open_store
from dancu.province import make
from dancu.site import boot, home
from dancu.store import supervisor
from dancu.store.postgres import connect
from dancu.store.register import changes, loading

_DEMO_DAY = dt.date(2024, 6, 21)
_DEMO_SEED = 7


def load(
    run: Path, *, database: str | None, only_changes: bool = False, whole: bool = False
) -> None:
    """Migrate, load, set the register's day; says what was loaded."""
    context_of(run)
    if database:
        os.environ["DATABASE_URL"] = database
    boot.migrate()
    if only_changes:
        _load_changes(run, whole=whole)
        return
    loaded = fill(run)
    rows = loaded.rows
    console.print(
        f"Đã nạp {_number(rows['person'])} công dân từ {_number(rows['record'])} bản ghi, số liệu ngày"
        f" {loaded.on:%d/%m/%Y}.\nLoaded {rows['person']:,} citizens from {rows['record']:,} records.",
        markup=False,
        soft_wrap=True,
    )


def _load_changes(run: Path, *, whole: bool) -> None:
    """What the run tells otherwise than the register; `whole`: rows that its files no longer hold are taken out."""
    owner = supervisor.ensure(home.folder()).dsn
    with progress_bar() as tell, open_run(run) as store:
        _check_day(owner, run)
        found = changes.compare(owner, store, whole=whole)
        done = changes.apply(
            owner, store, by="console",
            progress=lambda at, all_: tell("ghi phần thay đổi", at / max(all_, 1), f"{_number(at)}/{_number(all_)}"),
        )  # fmt: skip
    console.print(
        f"Đã ghi: {_number(done.new)} bản ghi mới, {_number(done.changed)} sửa, {_number(done.gone)} bỏ;"
        f" {_number(found.unchanged)} không đổi.\n{done.new:,} new, {done.changed:,} changed, {done.gone:,} taken out,"
        f" {found.unchanged:,} as they were.",
        markup=False,
        soft_wrap=True,
    )


def _check_day(owner: str, run: Path) -> None:
    """Records are read as of a day: a run of another one tells otherwise about everybody."""
    context, _ = context_of(run)
    with connect(owner) as con:
        day = loading.context_in(con).on
    if day != context.on:
        fail(
            f"Lần chạy là của ngày {context.on:%d/%m/%Y}, sổ là của ngày {day:%d/%m/%Y}; chạy lại với --on {day}.\n"
            f"The run is of {context.on}, the register of {day}: run again with --on {day}."
        )


def fill(run: Path) -> loading.Loaded:
    """A run into the empty register of a migrated database; raises StoreError for a second load."""
    from dancu.kit.register import refresh_tasks, set_register_day

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
    refresh_tasks()
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
