"""A change of units applied to the register on its day, the whole resolution at once, and undone again.

Applying moves the register's asked day to the day of the change (`advance`): one transaction, so that everybody
reads either the old communes or the new ones. A job that died is run again from the start; nothing is done twice.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any, Literal

import psycopg
from psycopg.types.json import Jsonb

from dancu.engine.ports import Context
from dancu.store.link_index import WRITERS
from dancu.store.postgres import connect
from dancu.store.register import scoring
from dancu.store.register.advance import Advanced, Progress, Step, advance
from dancu.store.register.moves import Change, ChangeError, check, decisions, get, register_day

Connection = psycopg.Connection[Any]
Also = Callable[[Connection, int], None]


def cancel(con: Connection, number: int, *, by: str) -> None:
    """Takes a draft back before its day."""
    if get(con, number).state == "applied":
        raise ChangeError("Thay đổi đã áp dụng: hãy hoàn tác.\nIt is applied: undo it instead.")
    con.execute(
        "UPDATE register.unit_change SET state = 'cancelled', undone_by = %s, undone_at = now() WHERE change_no = %s",
        [by, number],
    )


def apply(
    dsn: str,
    context: Context,
    number: int,
    *,
    by: str,
    today: dt.date,
    also: Also = lambda _con, _event: None,
    progress: Progress = lambda _what, _share: None,
    spill: Path | None = None,
) -> Advanced:
    """The whole change at once, on its day or later. The day before is closed first. Raises ChangeError.

    Run again after it was done (a job whose worker died is taken up again), it answers what came of it.
    """
    with connect(dsn) as con:
        change = get(con, number)
        if change.state == "applied":
            return Advanced(**(change.result or {}))
        check(con, number)
        change = get(con, number)
        _may_apply(change, today)
        on_day = register_day(con)
        decided = decisions(con, number)
        scoring.freeze_day(con, Context(on_day))
    step = Step(
        to=change.day, by=by, kind="unit_change", id=f"unit-change/{number}", change_no=number,
        data={"change": number, "resolution": change.resolution}, decided=decided,
    )  # fmt: skip

    def close(con: Connection, event: int) -> None:
        also(con, event)
        con.execute(
            "UPDATE register.unit_change SET state = 'applied', applied_by = %s, applied_at = now(),"
            " event_no = %s, on_day_before = %s, undone_by = NULL, undone_at = NULL WHERE change_no = %s",
            [by, event, on_day, number],
        )

    return _kept(
        dsn, number, advance(dsn, context, step, also=close, progress=progress, spill=spill)
    )


def _kept(dsn: str, number: int, done: Advanced) -> Advanced:
    with connect(dsn) as con:
        con.execute(
            "UPDATE register.unit_change SET result = %s WHERE change_no = %s",
            [Jsonb(asdict(done)), number],
        )
    return done


def _may_apply(change: Change, today: dt.date) -> None:
    if not change.can_apply:
        raise ChangeError(
            "Thay đổi chưa áp dụng được: còn lỗi trong bảng, hoặc đã bỏ. Xem phần kiểm tra.\n"
            "The change cannot be applied: look at what the check found."
        )
    if change.day > today:
        raise ChangeError(
            f"Chưa tới ngày {change.day:%d/%m/%Y}; hãy hẹn áp dụng.\nIts day has not come: schedule it."
        )


Hindrance = Literal["not_applied", "later_day", "later_change", "later_event", "closed_day"]


def hindrances(con: Connection, number: int) -> tuple[Hindrance, ...]:
    """Why a change cannot be undone: what was built upon it. Empty when it can."""
    change = get(con, number)
    if change.state != "applied" or change.event_no is None:
        return ("not_applied",)
    asked: tuple[tuple[Hindrance, str, list[Any]], ...] = (
        ("later_day", "SELECT 1 FROM register.state WHERE on_day <> %s", [change.day]),
        ("later_change", "SELECT 1 FROM register.unit_change WHERE state = 'applied' AND event_no > %s LIMIT 1",
         [change.event_no]),
        ("later_event", "SELECT 1 FROM register.event WHERE event_no > %s LIMIT 1", [change.event_no]),
        ("closed_day", "SELECT 1 FROM register.score_day WHERE on_day >= %s LIMIT 1", [change.day]),
    )  # fmt: skip
    return tuple(
        why for why, query, given in asked if con.execute(query.encode(), given).fetchone()
    )


def undo(
    dsn: str,
    context: Context,
    number: int,
    *,
    by: str,
    also: Also = lambda _con, _event: None,
    progress: Progress = lambda _what, _share: None,
    spill: Path | None = None,
) -> Advanced:
    """The register as it was before the change, as long as nothing was built upon it. Raises ChangeError."""
    with connect(dsn) as con:
        con.execute("SELECT pg_advisory_xact_lock(%s)", [WRITERS])
        change = get(con, number)
        if why := hindrances(con, number):
            raise ChangeError(
                f"Không hoàn tác được, vì đã có việc khác dựa trên thay đổi này ({', '.join(why)}).\n"
                f"It cannot be undone: something was built upon it ({', '.join(why)})."
            )
        rows = con.execute(
            "SELECT record_id, unit_code FROM register.unit_was WHERE change_no = %s", [number]
        ).fetchall()
    was = {int(r[0]): r[1] for r in rows}  # type: ignore[call-overload]
    assert change.on_day_before is not None
    step = Step(
        to=change.on_day_before, by=by, kind="unit_change.undone", id=f"unit-change/{number}/undo",
        data={"change": number}, units=was,  # type: ignore[arg-type]
    )  # fmt: skip

    def close(con: Connection, event: int) -> None:
        if set(hindrances(con, number)) - {"later_event", "later_day"} or _others(
            con, change, event
        ):
            raise ChangeError(
                "Vừa có việc khác ghi vào kho; hãy xem lại.\nSomething else was just written."
            )
        also(con, event)
        con.execute("DELETE FROM register.unit_was WHERE change_no = %s", [number])
        con.execute("DELETE FROM register.unit_moved WHERE change_no = %s", [number])
        con.execute(
            "UPDATE register.unit_change SET state = 'undone', undone_by = %s, undone_at = now(), result = NULL"
            " WHERE change_no = %s",
            [by, number],
        )

    return advance(dsn, context, step, also=close, progress=progress, spill=spill)


def _others(con: Connection, change: Change, event: int) -> bool:
    row = con.execute(
        "SELECT 1 FROM register.event WHERE event_no > %s AND event_no < %s LIMIT 1", [change.event_no, event]
    ).fetchone()  # fmt: skip
    return row is not None
