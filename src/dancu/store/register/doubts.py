"""The pairs that only a person can settle, kept true with every change: `register.duplicate`.

The engine says which they are (`matcher.verdicts`) whenever it solves a component; here the open rows of the records
that were reached are made equal to that. A pair that is settled keeps its row; one that comes up again is a new row.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

import psycopg

from dancu.engine.link.live import Doubt
from dancu.store.link_index import LinkIndex
from dancu.store.register.writing import TOUCHED

Do = Callable[..., Any]
"""Runs a statement with its values, as a cursor."""
Pair = tuple[int, int]

_OPEN = (
    "SELECT duplicate_no, record_a, record_b, score, probability, joined, blocked_by"
    " FROM register.duplicate WHERE settled_at IS NULL"
)
_SETTLE = (
    "UPDATE register.duplicate SET settled_at = now(), settled_by = %s WHERE duplicate_no = ANY(%s)"
)
_GIVEN = (
    "unnest(%s::bigint[], %s::bigint[], %s::float8[], %s::float8[], %s::boolean[], %s::text[])"
    " AS n(a, b, score, probability, joined, blocked_by)"
)
_RESCORE = (
    "UPDATE register.duplicate d SET score = n.score, probability = n.probability, joined = n.joined,"
    f" blocked_by = n.blocked_by FROM {_GIVEN} WHERE d.settled_at IS NULL AND d.record_a = n.a AND d.record_b = n.b"
)
_ADD = (
    "INSERT INTO register.duplicate (record_a, record_b, score, probability, joined, blocked_by, unit_a, unit_b,"
    f" opened_by) SELECT n.*, coalesce(pa.unit_code, '?'), coalesce(pb.unit_code, '?'), %s FROM {_GIVEN}"
    " JOIN register.standard a ON a.record_id = n.a JOIN register.person pa ON pa.person_id = a.person_id"
    " JOIN register.standard b ON b.record_id = n.b JOIN register.person pb ON pb.person_id = b.person_id"
)
_UNITS = (
    "UPDATE register.duplicate d SET unit_a = n.unit_a, unit_b = n.unit_b FROM (SELECT o.duplicate_no,"
    " coalesce(pa.unit_code, '?') AS unit_a, coalesce(pb.unit_code, '?') AS unit_b FROM ({open}) o"
    " JOIN register.standard a ON a.record_id = o.record_a JOIN register.person pa ON pa.person_id = a.person_id"
    " JOIN register.standard b ON b.record_id = o.record_b JOIN register.person pb ON pb.person_id = b.person_id) n"
    " WHERE n.duplicate_no = d.duplicate_no AND (d.unit_a, d.unit_b) IS DISTINCT FROM (n.unit_a, n.unit_b)"
)
_OF_TOUCHED = (
    "SELECT d.* FROM register.standard s CROSS JOIN LATERAL (SELECT duplicate_no, record_a, record_b"
    " FROM register.duplicate WHERE settled_at IS NULL AND (record_a = s.record_id OR record_b = s.record_id)"
    f" OFFSET 0) d WHERE s.person_id = {TOUCHED}"
)


def follow(do: Do, link: LinkIndex, event: int) -> None:
    """After a transaction's persons are written: open rows of what the link index has reached, units of the touched."""
    reached = sorted(link.reached)
    open_rows = do(
        f"{_OPEN} AND (record_a = ANY(%s) OR record_b = ANY(%s))", reached, reached
    ).fetchall()
    _equal(do, open_rows, link.doubts, event)
    do(_UNITS.format(open=_OF_TOUCHED))


def renew(con: psycopg.Connection[Any], link: LinkIndex, event: int) -> None:
    """The same after all records were linked anew and all persons written."""

    def do(statement: str, *given: Any) -> Any:
        return con.execute(statement.encode(), given)

    _equal(do, do(_OPEN).fetchall(), link.doubts, event)
    do(_UNITS.format(open=_OPEN))


def _equal(do: Do, rows: Collection[Any], now: Mapping[Pair, Doubt], event: int) -> None:
    before = {(a, b): (number, Doubt(a, b, *told)) for number, a, b, *told in rows}
    if gone := [number for pair, (number, _) in before.items() if pair not in now]:
        do(_SETTLE, event, gone)
    if other := [d for pair, d in now.items() if pair in before and before[pair][1] != d]:
        do(_RESCORE, *_columns(other))
    if new := [d for pair, d in now.items() if pair not in before]:
        do(_ADD, event, *_columns(new))


def _columns(doubts: list[Doubt]) -> list[list[Any]]:
    return [[getattr(d, name) for d in doubts] for name in Doubt.__dataclass_fields__]
