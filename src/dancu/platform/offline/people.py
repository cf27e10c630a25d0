"""Who is on a list and what may be told about each: read from the register, as the owner, by the worker.

Only the communes that the list's maker sees; nobody who has had the purpose stopped; a number that two persons bear
is nobody's until somebody has judged the pair.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connections

from dancu.platform.offline.form import ELIGIBLE, NOT_ELIGIBLE, UNSURE

OWNER = "owner"
DEAD, ALIVE = "2", "1"
_OPEN = " AND (%(territory)s::text[] IS NULL OR unit_code = ANY (%(territory)s::text[]))" \
    " AND consent.restricted(citizen_id, %(purpose)s, NULL) IS NULL"  # fmt: skip


@dataclass(frozen=True)
class Listed:
    """One number of a list."""

    number: str
    citizen_id: str | None
    answer: int


def candidates(
    *, numbers: Iterable[str], purpose: str, territory: list[str] | None
) -> Iterator[Listed]:
    """Those handed in: eligible while alive; whom the register does not know for certain is told as unsure."""
    wanted = list(dict.fromkeys(numbers))
    given = {"numbers": wanted, "purpose": purpose, "territory": territory}
    found: dict[str, list[tuple[str, str | None]]] = {}
    query = (
        "SELECT personal_number, citizen_id::text, life_status FROM register.person"
        " WHERE personal_number = ANY (%(numbers)s)"
    )
    for number, citizen, life in _rows(query + _OPEN, given):
        found.setdefault(number, []).append((citizen, life))
    for number in wanted:
        persons = found.get(number, [])
        if len(persons) != 1:
            yield Listed(number, None, UNSURE)
            continue
        citizen, life = persons[0]
        yield Listed(number, citizen, {ALIVE: ELIGIBLE, DEAD: NOT_ELIGIBLE}.get(life or "", UNSURE))


def insured(
    *, communes: list[str], purpose: str, territory: list[str] | None, on: dt.date, last: dt.date
) -> Iterator[Listed]:
    """Whoever in these communes holds or held a card: eligible when alive and the card is good until the list ends."""
    given = {"communes": communes, "purpose": purpose, "territory": territory}
    query = (
        "SELECT personal_number, citizen_id::text, life_status, bhyt_from, bhyt_to FROM register.person"
        " WHERE unit_code = ANY (%(communes)s) AND personal_number IS NOT NULL AND bhyt_card IS NOT NULL"
    )
    seen: dict[str, Listed | None] = {}
    for number, citizen, life, begin, end in _rows(query + _OPEN, given):
        answer = _insured(life, begin, end, on, last)
        lawful = len(number) == 12 and number.isdecimal()
        one = Listed(number, citizen, answer) if lawful else None
        seen[number] = Listed(number, None, UNSURE) if number in seen else one
    yield from (one for one in seen.values() if one is not None)


def _insured(
    life: str | None, begin: dt.date | None, end: dt.date | None, on: dt.date, last: dt.date
) -> int:
    if life == DEAD or (end is not None and end < on):
        return NOT_ELIGIBLE
    if life != ALIVE or end is None or end < last or (begin is not None and begin > on):
        return UNSURE
    return ELIGIBLE


def _rows(query: str, given: Mapping[str, object]) -> list[tuple[Any, ...]]:
    with connections[OWNER].cursor() as cursor:
        cursor.execute(query, given)
        return list(cursor.fetchall())
