"""Changes of units as the site does them: tables read from files, and what follows in accounts and worklists.

Everything here runs as the owner: the worker's work, and the few lines that a draft needs. What a page may do was
decided by its right before.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import psycopg

from dancu.engine.intake.errors import IntakeError
from dancu.engine.intake.grid import rows_of
from dancu.engine.intake.reading import read_grids
from dancu.lib.text import fold
from dancu.platform.access import territory
from dancu.platform.units.database import owner
from dancu.reference import units
from dancu.reference.rights import rights_of
from dancu.store.postgres import connect
from dancu.store.register import moves, moving, resensed, scoring
from dancu.store.register.advance import Progress as Told
from dancu.store.register.loading import context_in
from dancu.store.register.moves import ChangeError, Row

Connection = psycopg.Connection[Any]
HEADINGS = {
    "old_code": ("old_code", "ma cu", "ma don vi cu", "ma xa cu"),
    "new_code": ("new_code", "ma moi", "ma don vi moi", "ma xa moi"),
    "kind": ("kind", "loai", "loai thay doi", "hinh thuc"),
    "valid_from": ("valid_from", "ngay hieu luc", "tu ngay", "hieu luc tu"),
    "resolution": ("resolution", "nghi quyet", "van ban"),
    "note": ("note", "note_vi", "ghi chu"),
}
KIND_WORDS = {
    "unchanged": ("unchanged", "khong doi", "giu nguyen"),
    "renamed": ("renamed", "doi ten"),
    "whole": ("whole", "nhap toan bo", "toan bo", "nhap"),
    "part": ("part", "nhap mot phan", "mot phan"),
    "people_moved": ("people_moved", "part_people", "chuyen mot so dan", "chuyen dan"),
}
_TASKS = "SELECT unit_code, count(*) FROM public.worklists_task WHERE closed_at IS NULL GROUP BY unit_code"


# --- drafts ---


def new_packed(day: dt.date, *, by: str) -> int:
    """A draft out of the packed reference data."""
    with connect(owner()) as con:
        rows = moves.packed(con, day)
        return moves.draft(con, rows, day=day, resolution=resolution_of(day), by=by)


def new_uploaded(data: bytes, name: str, *, by: str) -> int:
    """A draft out of a resolution's table; raises ChangeError with what is wrong with the file."""
    rows, day, resolution = read_table(data, name)
    with connect(owner()) as con:
        return moves.draft(
            con, rows, day=day, resolution=resolution, by=by, file_name=name, data=data
        )


def resolution_of(day: dt.date) -> str:
    """What the packed data call the act of the day."""
    known = {dt.date(2025, 1, 1): "1191/NQ-UBTVQH15", dt.date(2025, 7, 1): "1658/NQ-UBTVQH15"}
    return known.get(day, f"Sắp xếp đơn vị hành chính từ {day:%d/%m/%Y}")


def read_table(data: bytes, name: str) -> tuple[list[Row], dt.date, str]:
    """Rows, day and resolution of a table (CSV, xlsx …): old code, new code, kind, day, resolution.

    >>> text = "mã cũ;mã mới;loại;ngày hiệu lực;nghị quyết\\n7204;07207;nhập toàn bộ;01/01/2025;NQ 1191"
    >>> read_table(text.encode(), "bang.csv")
    ([Row(old_code='07204', new_code='07207', kind='whole', note='')], datetime.date(2025, 1, 1), 'NQ 1191')
    """
    try:
        lines = [row for grid in read_grids(data, name=name)[:1] for row in rows_of(grid.table)]
    except IntakeError as error:
        raise ChangeError(str(error)) from error
    head, columns = _heading(lines)
    rows: list[Row] = []
    days: set[str] = set()
    acts: list[str] = []
    for line in lines[head + 1 :]:
        cells = {role: (line[k] or "").strip() for role, k in columns.items()}
        if not cells["old_code"] and not cells["new_code"]:
            continue
        days.add(cells.get("valid_from", ""))
        acts.append(cells.get("resolution", ""))
        codes = _code(cells["old_code"]), _code(cells["new_code"])
        rows.append(Row(*codes, _kind(cells["kind"]), cells.get("note", "")))
    if not rows:
        raise ChangeError(
            "Bảng không có dòng nào dưới hàng tiêu đề.\nNo rows stand below the heading."
        )
    return rows, _one_day(days), next((a for a in acts if a), name)


def _heading(lines: Sequence[Sequence[str | None]]) -> tuple[int, dict[str, int]]:
    for number, line in enumerate(lines[:20]):
        folded = [fold(cell or "") for cell in line]
        found = {
            role: next(k for k, cell in enumerate(folded) if cell in map(fold, names))
            for role, names in HEADINGS.items()
            if any(cell in map(fold, names) for cell in folded)
        }
        if {"old_code", "new_code", "kind", "valid_from"} <= found.keys():
            return number, found
    raise ChangeError(
        "Không thấy hàng tiêu đề: bảng cần các cột «mã cũ», «mã mới», «loại», «ngày hiệu lực» và nên có «nghị quyết».\n"
        "No heading was found: old_code, new_code, kind, valid_from (and resolution) are expected."
    )


def _code(text: str) -> str:
    return text.zfill(5) if text.isdigit() and len(text) <= 5 else text


def _kind(text: str) -> str:
    word = fold(text)
    return next((k for k, names in KIND_WORDS.items() if word in map(fold, names)), text)


def _one_day(days: set[str]) -> dt.date:
    read = {_day(text) for text in days if text}
    if len(read) != 1 or None in read:
        raise ChangeError(
            "Cột «ngày hiệu lực» phải ghi cùng một ngày ở mọi dòng (dd/mm/yyyy): một nghị quyết áp dụng một lần.\n"
            "All rows must have one and the same day: a resolution is applied as a whole."
        )
    (day,) = read
    assert day is not None
    return day


def _day(text: str) -> dt.date | None:
    for form in ("%d/%m/%Y", "%Y-%m-%d", "%d-%m-%Y", "%d.%m.%Y"):
        try:
            return dt.datetime.strptime(text, form).date()  # noqa: DTZ007
        except ValueError:
            continue
    return None


# --- the worker's work ---


def check(number: int, told: Told) -> None:
    """Check and preview."""
    with connect(owner()) as con:
        told("kiểm tra bảng", 0.1)
        moves.check(con, number)
        told("đếm người, hộ và việc", 0.5)
        preview = moves.preview(con, number, tasks=_TASKS if _has_tasks(con) else None)
        told("phạm vi cán bộ", 0.9)
        preview["grants"] = _grants_moved(con, moves.get(con, number).day)
        con.execute(
            "UPDATE register.unit_change SET preview = %s WHERE change_no = %s",
            [psycopg.types.json.Jsonb(preview), number],
        )


def apply(number: int, *, by: str, today: dt.date, told: Told) -> None:
    """The change, with what follows from it in accounts and worklists."""
    address = owner()
    with connect(address) as con:
        context = context_in(con)
    moving.apply(
        address, context, number, by=by, today=today, also=_follow(context.on), progress=told
    )


def undo(number: int, *, by: str, told: Told) -> None:
    """The change taken back, with what followed from it."""
    address = owner()
    with connect(address) as con:
        context = context_in(con)
    moving.undo(address, context, number, by=by, also=_follow(context.on), progress=told)


def apply_due(*, today: dt.date) -> int:
    """Scheduled changes whose day has come, oldest first; how many were applied."""
    with connect(owner()) as con:
        due = [c for c in moves.listed(con) if c.state == "scheduled" and c.day <= today]
    for change in sorted(due, key=lambda c: c.day):
        apply(change.number, by=change.made_by, today=today, told=lambda _what, _share: None)
    return len(due)


def schedule(number: int) -> None:
    """To be applied by itself on its day."""
    with connect(owner()) as con:
        change = moves.get(con, number)
        if not change.can_apply:
            raise ChangeError(
                "Bảng còn lỗi: chưa hẹn được.\nThe table has errors: it cannot be scheduled."
            )
        con.execute(
            "UPDATE register.unit_change SET state = 'scheduled' WHERE change_no = %s", [number]
        )


def cancel(number: int, *, by: str) -> None:
    """A draft put aside."""
    with connect(owner()) as con:
        moving.cancel(con, number, by=by)


def decide(number: int, *, old_code: str, where: Sequence[str], new_code: str, by: str) -> None:
    """People of these houses or hamlets go there."""
    with connect(owner()) as con:
        moves.decide(con, number, old_code=old_code, where=where, new_code=new_code, by=by)


def heads(number: int, old_code: str) -> list[tuple[str, int, str | None]]:
    """Houses and hamlets of a split commune with how many live there; nobody is named."""
    with connect(owner()) as con:
        return moves.heads(con, number, old_code)


def hindrances(number: int) -> tuple[str, ...]:
    """Why it cannot be undone."""
    with connect(owner()) as con:
        return moving.hindrances(con, number)


def close_day() -> dt.date:
    """Closes the register's day: its scores are kept for ever."""
    with connect(owner()) as con:
        context = context_in(con)
        scoring.freeze_day(con, context)
        return context.on


# --- what follows in accounts and worklists ---


def _has_tasks(con: Connection) -> bool:
    row = con.execute("SELECT to_regclass('public.worklists_task')").fetchone()
    return bool(row and row[0])


def _grants(con: Connection) -> list[tuple[Any, ...]]:
    return con.execute(
        "SELECT g.user_id, g.role, g.unit_code, g.unit_on FROM public.accounts_grant g, LATERAL (SELECT (now() AT TIME"
        " ZONE 'Asia/Ho_Chi_Minh')::date AS day) today WHERE g.revoked_at IS NULL AND g.valid_from <= today.day"
        " AND (g.valid_to IS NULL OR g.valid_to >= today.day) AND g.unit_code <> ''"
    ).fetchall()


class _Grant:
    def __init__(self, unit_code: str, unit_on: dt.date) -> None:
        self.unit_code, self.unit_on = unit_code, unit_on


def _grants_moved(con: Connection, day: dt.date) -> list[dict[str, Any]]:
    """Officers whose communes are other ones on the new day: role, unit, communes before and then; nobody is named."""
    on_day = moves.register_day(con)
    told: dict[tuple[str, str], dict[str, Any]] = {}
    for _, role, unit, unit_on in _grants(con):
        grant = _Grant(unit, unit_on)
        before, after = (sorted(territory.of_grant(grant, on=d)) for d in (on_day, day))
        if before != after:
            name = territory.full_name(unit, unit_on)
            line = told.setdefault(
                (role, unit),
                {"role": role, "unit": name, "before": len(before), "after": len(after), "officers": 0,
                 "to": after[:3]},
            )  # fmt: skip
            line["officers"] += 1
    return sorted(told.values(), key=lambda r: (r["unit"], r["role"]))


def _follow(since: dt.date) -> moving.Also:
    """In the transaction of the change: sessions keep what their grants now open, tasks go with their person."""

    def follow(con: Connection, event: int) -> None:
        del event
        day = moves.register_day(con)
        _renew_claims(con, day)
        if _has_tasks(con):
            _move_tasks(con, since, day)

    return follow


def _renew_claims(con: Connection, day: dt.date) -> None:
    """Claims that this very transaction ended go on with the communes of the new day: nobody is thrown out."""
    by_user: dict[int, set[str]] = {}
    for user, role, unit, unit_on in _grants(con):
        if any(entry for entry in rights_of(role)):
            by_user.setdefault(user, set()).update(
                territory.of_grant(_Grant(unit, unit_on), on=day)
            )
    rows = con.execute(
        "SELECT token_hash, user_id FROM access.claim WHERE ended_at = now()"
    ).fetchall()
    for token, user in rows:
        con.execute(
            "UPDATE access.claim SET ended_at = NULL, register_day = %s, units = %s"
            " WHERE token_hash = %s",
            [day, sorted(by_user.get(user, set())), token],
        )


def _move_tasks(con: Connection, since: dt.date, day: dt.date) -> None:
    con.execute(
        "UPDATE public.worklists_task t SET unit_code = coalesce(p.unit_code, '?') FROM register.person p"
        " WHERE p.citizen_id = t.citizen_id AND t.unit_code <> coalesce(p.unit_code, '?')"
    )
    referred = con.execute(
        "SELECT DISTINCT with_unit FROM public.worklists_task WHERE with_unit <> ''"
    ).fetchall()
    for (code,) in referred:
        heir = resensed.heir(code, since=since, on=day) if units.on(since).find(code) else None
        if heir != code:
            con.execute(
                "UPDATE public.worklists_task SET with_unit = %s WHERE with_unit = %s",
                [heir or "", code],
            )
