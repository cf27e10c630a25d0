"""The inbox: which dossiers, in which order, how many of each step. Row-level security decides which there are at all.

The order is one key that an index of a commune holds: what runs before what waits for the applicant, then the due
moment (of what nobody has received yet: the filing), so that late comes first, then new and due soon.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from django.db import connection

from dancu.kit.officers import own_communes
from dancu.reference import working_time
from dancu.sectors.public_services import workflow
from dancu.sectors.public_services.dossiers import Dossier, aware, local
from dancu.sectors.public_services.linked import bundling

PAGE = 50
MOST_COUNTED = 1000
"""Results to give are counted up to here: what was imported may never be marked as given."""
_MOST_COMMUNES = 40
"""So many communes are named in the question, for the index; whoever sees more sees all anyway."""
_KEY = "(d.paused_at IS NOT NULL), coalesce(d.due_at, d.filed_at), d.dossier_no"
_GIVE_KEY = "(d.status <> 9), d.ended_at, d.dossier_no"
_OPEN = "d.ended_at IS NULL"

_OF_OPEN: dict[str, str] = {
    "": "true",
    "moi": f"d.status = {workflow.FILED}",
    "cho": f"d.status = {workflow.ACCEPTED}",
    "xu-ly": f"d.status = {workflow.PROCESSING} AND d.proposed_by = ''",
    "trinh": f"d.status = {workflow.PROCESSING} AND d.proposed_by <> ''",
    "bo-sung": f"d.status = {workflow.SUPPLEMENT}",
    "phi": f"d.status = {workflow.PAYMENT}",
}
STEPS: dict[str, str] = {name: f"{_OPEN} AND {said}" for name, said in _OF_OPEN.items()} | {
    "tra": f"d.status = {workflow.PROCESSED}"
}
"""Step in the address → its condition."""


@dataclass(frozen=True)
class Filters:
    """What the address of the inbox asks for; what it does not know it leaves out."""

    step: str = ""
    due: str = ""
    mine: bool = False
    procedure: str = ""
    channel: str = ""
    unit: str = ""
    text: str = ""
    unverified: bool = False

    @classmethod
    def of(cls, query: Any) -> Filters:
        """From the query of the address."""
        step, due, channel = (query.get(name, "") for name in ("buoc", "han", "kenh"))
        return cls(
            step if step in STEPS else "", due if due in ("qua", "sap") else "", query.get("cua-toi") == "1",
            query.get("thu-tuc", "")[:20], channel if channel in ("1", "2", "3") else "",
            query.get("don-vi", "")[:10], query.get("tim", "").strip()[:80], query.get("danh-tinh") == "1",
        )  # fmt: skip


@dataclass(frozen=True)
class Line:
    """A line of the inbox. `identity`: the state of the last check of the applicant's identity, '' without one."""

    dossier_no: int
    code: str
    procedure: str
    applicant_name: str
    status: int
    proposed_by: str
    holder: str
    filed_at: dt.datetime
    due_at: dt.datetime | None
    paused_at: dt.datetime | None
    ended_at: dt.datetime | None
    channel: int
    unit_code: str
    version_no: int
    identity: str


@dataclass(frozen=True)
class Asker:
    """Whose inbox it is: the account's name, and the communes that its grants open."""

    name: str
    communes: frozenset[str]


def asker(user: Any) -> Asker:
    """Asked for once a page."""
    return Asker(user.username, own_communes(user))


_COLUMNS = [f.name for f in fields(Line)][:-1]
_LAST_CHECK = (
    "coalesce((SELECT c.state FROM services.identity_check c WHERE c.dossier_no = {of}.dossier_no"
    " ORDER BY c.check_no DESC LIMIT 1), '')"
)


def page(filters: Filters, *, by: Asker, at: dt.datetime, number: int = 1) -> list[Line]:
    """A page, with one line more than it shows when there is another page behind it."""
    which, given = _which(filters, by=by, at=at)
    columns = ", ".join(f"d.{name}" for name in _COLUMNS)
    return _lines(
        f"SELECT p.*, {_LAST_CHECK.format(of='p')} FROM (SELECT {columns} FROM services.dossier d WHERE {which}"
        f" ORDER BY {_key(filters)} LIMIT {PAGE + 1} OFFSET {PAGE * (number - 1)}) p ORDER BY {_key(filters, 'p')}",
        given,
    )


def lines(numbers: Sequence[int]) -> list[Line]:
    """These dossiers, in the inbox's order."""
    columns = ", ".join(f"d.{name}" for name in _COLUMNS)
    return _lines(
        f"SELECT {columns}, {_LAST_CHECK.format(of='d')} FROM services.dossier d WHERE d.dossier_no = ANY (%s)"
        f" ORDER BY {_KEY}",
        [list(numbers)],
    )


def neighbours(
    dossier: Dossier, filters: Filters, *, by: Asker, at: dt.datetime
) -> tuple[int | None, int | None]:
    """(the dossier before, the next one) in the list that the officer came from."""
    which, given = _which(filters, by=by, at=at)
    key = _key(filters)
    moment = dossier.ended_at if filters.step == "tra" else dossier.due_at or dossier.filed_at
    here = [
        filters.step != "tra" and dossier.paused_at is not None,
        moment or at,
        dossier.dossier_no,
    ]
    back = ", ".join(f"{part} DESC" for part in ("1", "2", "3"))
    found = []
    for sign, order in (("<", back), (">", "1, 2, 3")):
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {key} FROM services.dossier d WHERE {which} AND ({key}) {sign} (%s, %s, %s)"
                f" ORDER BY {order} LIMIT 1",
                [*given, *here],
            )
            row = cursor.fetchone()
        found.append(row[2] if row else None)
    return found[0], found[1]


def counts(filters: Filters, *, by: Asker, at: dt.datetime) -> Mapping[str, int]:
    """How many dossiers of each step, late (`qua`) and due soon (`sap`), under the other filters.

    That it is open is said once, so that an index of open dossiers answers without their rows.
    """
    which, given = _which(_without(filters), by=by, at=at)
    asked = ", ".join(f"count(*) FILTER (WHERE {condition})" for condition in _OF_OPEN.values())
    late, soon = _due("qua"), _due("sap")
    give, given_give = _which(_without(filters, step="tra"), by=by, at=at)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {asked}, count(*) FILTER (WHERE {late}), count(*) FILTER (WHERE {soon}),"
            f" (SELECT count(*) FROM (SELECT 1 FROM services.dossier d WHERE {give} LIMIT {MOST_COUNTED}) x)"
            f" FROM services.dossier d WHERE {which}",
            [at, at, soon_until(at), *given_give, *given],
        )
        row = cursor.fetchone()
    return dict(zip([*_OF_OPEN, "qua", "sap", "tra"], row, strict=True))


def to_sign(*, user: Any, most: int = 200) -> list[Line]:
    """What waits for a signature, not submitted by the leader in person; the most urgent first."""
    columns = ", ".join(f"d.{name}" for name in _COLUMNS)
    place, given = _place(asker(user))
    return _lines(
        f"SELECT {columns}, {_LAST_CHECK.format(of='d')} FROM services.dossier d WHERE {STEPS['trinh']}"
        f" AND d.proposed_by <> %s{place} ORDER BY {_KEY} LIMIT {int(most)}",
        [user.username, *given],
    )


def soon_until(at: dt.datetime) -> dt.datetime:
    """What is due up to here is due soon: the end of the next working day."""
    return aware(working_time.end_of_day_after(local(at), days=1))


def _lines(query: str, given: Sequence[Any]) -> list[Line]:
    with connection.cursor() as cursor:
        cursor.execute(query, given)
        return [Line(*row) for row in cursor.fetchall()]


def _key(filters: Filters, alias: str = "d") -> str:
    key = _GIVE_KEY if filters.step == "tra" else _KEY
    return key.replace("d.", f"{alias}.")


def _without(filters: Filters, step: str = "") -> Filters:
    return replace(filters, step=step, due="")


def _due(due: str) -> str:
    """Of what is open."""
    when = "d.due_at < %s" if due == "qua" else "d.due_at >= %s AND d.due_at <= %s"
    return f"d.paused_at IS NULL AND {when}"


def _place(by: Asker) -> tuple[str, list[Any]]:
    own = sorted(by.communes)
    if not own or len(own) > _MOST_COMMUNES:
        return "", []
    return " AND (d.place = ANY (%s) OR d.unit_code = ANY (%s))", [own, own]


def _which(filters: Filters, *, by: Asker, at: dt.datetime) -> tuple[str, list[Any]]:
    place, given = _place(by)
    found = f"{STEPS[filters.step]}{place}"
    if (
        not filters.text and not filters.procedure
    ):  # of a linked service its parts are handled, not the whole
        found += " AND d.procedure <> ALL (%s)"
        given += [bundling.heads()]
    if filters.due:
        found += f" AND {_OPEN} AND {_due(filters.due)}"
        given += [at] if filters.due == "qua" else [at, soon_until(at)]
    if filters.mine:
        found += " AND d.holder = %s"
        given.append(by.name)
    for column, value in (("procedure", filters.procedure), ("channel", filters.channel)):
        if value:
            found += f" AND d.{column} = %s"
            given.append(value)
    if filters.unit:
        found += " AND (d.place = %s OR d.unit_code = %s)"
        given += [filters.unit, filters.unit]
    if filters.text:
        found += " AND (d.code = upper(%s) OR d.applicant_name ILIKE %s)"
        given += [filters.text, f"%{_plain(filters.text)}%"]
    if filters.unverified:
        found += f" AND {_LAST_CHECK.format(of='d')} IN ('to_verify', 'differs')"
    return found, given


def _plain(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
