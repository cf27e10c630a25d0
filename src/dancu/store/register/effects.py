"""What one event did, read back by its number: persons before and now, findings, the score of their communes.

The same statements serve a trial (inside the transaction that is taken back) and a page that tells afterwards, where
row-level security leaves out what its reader must not see.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

import pyarrow as pa

from dancu.reference.fields import standard_fields
from dancu.store.register import scoring
from dancu.store.register.told import Outcome


class Asked(Protocol):
    """A connection or a cursor: of psycopg, or of Django."""

    def execute(self, query: Any, given: Any = None, /) -> Any:
        """Runs a statement."""


@dataclass(frozen=True)
class PersonEffect:
    """One person: its rows before (None: new) and now (None: gone), each a mapping of standard columns."""

    citizen: UUID
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None

    @property
    def changed(self) -> list[tuple[str, Any, Any]]:
        """Standard fields that are no longer the same: field, before, now."""
        old, new = self.before or {}, self.after or {}
        return [(f, old.get(f), new.get(f)) for f in standard_fields() if old.get(f) != new.get(f)]

    @property
    def units(self) -> list[str]:
        """The communes it belonged to and belongs to."""
        rows = (row for row in (self.before, self.after) if row)
        return list(dict.fromkeys(str(row["unit_code"]) for row in rows if row.get("unit_code")))


@dataclass(frozen=True)
class Effects:
    """`opened`, `closed`: rule, level and commune of findings.

    `counts`: rule, commune, evaluated and failed, before and now.
    """

    outcome: Outcome
    persons: tuple[PersonEffect, ...]
    opened: tuple[tuple[str, str, str], ...]
    closed: tuple[tuple[str, str, str], ...]
    counts: tuple[Sequence[Sequence[Any]], Sequence[Sequence[Any]]]
    on: dt.date

    def scores(self) -> dict[str, tuple[float | None, float | None]]:
        """Commune -> its index (of 100) before and now; worked out when asked, after the writers' lock was let go."""
        before, after = (index_of(rows, self.on) for rows in self.counts)
        return {unit: (before.get(unit), after.get(unit)) for unit in sorted({*before, *after})}


_PERSONS = (
    "SELECT p.citizen_id, jsonb_strip_nulls(to_jsonb(p)) FROM register.person p"
    " WHERE p.citizen_id = ANY(%s::uuid[])"
)
_BEFORE = "SELECT h.citizen_id, h.row FROM register.person_history h WHERE h.event_no = %s"
_OPENED = (
    "SELECT rule_id, level, unit_code FROM register.finding WHERE opened_by = %s ORDER BY 1, 2, 3"
)
_CLOSED = (
    "SELECT rule_id, level, unit_code FROM register.finding WHERE closed_by = %s ORDER BY 1, 2, 3"
)
_COUNTS = (
    "SELECT rule_id, unit_code, sum(evaluated)::bigint, sum(failed)::bigint FROM ("
    "SELECT rule_id, unit_code, evaluated, failed FROM register.score_count"
    " WHERE level = 'person' AND unit_code = ANY(%s)"
    " UNION ALL SELECT rule_id, unit_code, evaluated, failed FROM register.score_delta"
    " WHERE level = 'person' AND unit_code = ANY(%s) AND {})"
    " AS part GROUP BY rule_id, unit_code HAVING sum(evaluated) <> 0"
)
_UNTIL = _COUNTS.format("coalesce(event_no, 0) <= %s")


def effects(con: Asked, outcome: Outcome, *, on: dt.date) -> Effects:
    """What the event of this outcome did; `on` is the register's day."""
    under = outcome.under or outcome.event_no
    persons = _persons(con, outcome, under)
    units = sorted({unit for person in persons for unit in person.units})
    return Effects(
        outcome,
        persons,
        tuple(tuple(row) for row in _all(con, _OPENED, [under])),
        tuple(tuple(row) for row in _all(con, _CLOSED, [under])),
        (_counts(con, units, outcome.event_no - 1), _counts(con, units, under)),
        on,
    )


def _persons(con: Asked, outcome: Outcome, under: int) -> tuple[PersonEffect, ...]:
    now = _by_citizen(_all(con, _PERSONS, [[str(c) for c in outcome.citizens]]))
    before = _by_citizen(_all(con, _BEFORE, [under]))
    touched = dict.fromkeys((*outcome.citizens, *before))
    # A person that the event left as it was has no former row under its number.
    return tuple(
        PersonEffect(c, before.get(c) or _unchanged(now.get(c), under), now.get(c)) for c in touched
    )


def _by_citizen(rows: Sequence[Sequence[Any]]) -> dict[UUID, Mapping[str, Any]]:
    # Django's cursors leave JSON as text.
    return {c: json.loads(row) if isinstance(row, str) else row for c, row in rows}


def _unchanged(row: Mapping[str, Any] | None, under: int) -> Mapping[str, Any] | None:
    return row if row is not None and row.get("event_no") != under else None


def _counts(con: Asked, units: Sequence[str], until: int) -> list[Any]:
    return _all(con, _UNTIL, [units, units, until]) if units else []


def index_of(rows: Sequence[Sequence[Any]], on: dt.date) -> dict[str, float]:
    """Commune -> index of 100, from rule, commune, evaluated, failed; the batch's own arithmetic."""
    if not rows:
        return {}
    rules, units, evaluated, failed = map(list, zip(*rows, strict=True))
    level = ["person"] * len(rules)
    columns = [rules, level, [None] * len(rules), units, evaluated, failed]
    arrays = [pa.array(c, t) for c, t in zip(columns, scoring.COUNTS.types, strict=True)]
    scores = scoring.scores_of(pa.table(arrays, schema=scoring.COUNTS), on).to_pylist()
    return {
        s["scope_code"]: s["score"]
        for s in scores
        if s["scope"] == "commune" and s["field"] == s["criterion"] == s["rule_id"] == "*"
    }


def _all(con: Asked, query: str, given: Sequence[Any]) -> list[Any]:
    """Rows, whether `execute` gives the cursor (psycopg) or keeps it (Django)."""
    found: Any = con.execute(query, given)
    asked: Any = con if found is None else found
    return [*asked.fetchall()]
