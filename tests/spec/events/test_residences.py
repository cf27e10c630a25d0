"""Periods of residence, as a clerk reads them: what was told, and where the person lived from when to when."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pyarrow as pa
import pytest

from dancu.engine.events.residences import residences
from dancu.store.duckdb import DuckStore

_D = dt.date.fromisoformat
CASES: list[tuple[str, str | None, list[tuple[str, str, str | None]], list[tuple[str, str, Any, Any]]]] = [
    ("never moved", "A", [], [("permanent", "A", None, None)]),
    (
        "moved from A to B",
        "A", [("move", "2024-03-01", "B")],
        [("permanent", "A", None, "2024-03-01"), ("permanent", "B", "2024-03-01", None)],
    ),
    (
        "the later move was told first",
        None, [("move", "2024-05-01", "C"), ("move", "2024-03-01", "B")],
        [("permanent", "B", "2024-03-01", "2024-05-01"), ("permanent", "C", "2024-05-01", None)],
    ),
    (
        "the list repeats the place moved to",
        "B", [("move", "2024-03-01", "B")],
        [("permanent", "B", "2024-03-01", None)],
    ),
    (
        "struck off",
        "A", [("residence_cancelled", "2024-04-01", None)],
        [("permanent", "A", None, "2024-04-01")],
    ),
    (
        "struck off, then registered elsewhere",
        "A", [("move", "2024-04-01", "B"), ("residence_cancelled", "2024-04-02", None), ("move", "2024-04-09", "C")],
        [("permanent", "A", None, "2024-04-01"), ("permanent", "B", "2024-04-01", "2024-04-02"),
         ("permanent", "C", "2024-04-09", None)],
    ),
    (
        "a stay beside the permanent place",
        "A", [("temporary_residence", "2024-02-01", "T")],
        [("permanent", "A", None, None), ("temporary", "T", "2024-02-01", None)],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("case", "listed", "told", "lived"), CASES, ids=[c[0] for c in CASES])
def test_periods_follow_from_what_was_told(
    case: str, listed: str | None, told: list[Any], lived: list[Any]
) -> None:
    text, day, number = pa.string(), pa.date32(), pa.int64()
    standard = [
        {"record_id": 10 + k, "permanent_unit": u if kind == "move" else None,
         "temporary_unit": u if kind == "temporary_residence" else None, "address_head": None}
        for k, (kind, _, u) in enumerate(told)
    ]  # fmt: skip
    events = [
        {"person_id": 1, "kind": kind, "valid_on": _D(on), "record_id": 10 + k}
        for k, (kind, on, _) in enumerate(told)
    ]
    golden = [
        {"person_id": 1, "permanent_unit": listed, "address_head": None,
         "permanent_unit_from": 1 if listed else None}
    ]  # fmt: skip
    kinds = {
        "person_id": number,
        "record_id": number,
        "permanent_unit_from": number,
        "valid_on": day,
    }
    tables = {
        "standard": (standard, ("record_id", "permanent_unit", "temporary_unit", "address_head")),
        "events": (events, ("person_id", "kind", "valid_on", "record_id")),
        "golden": (golden, ("person_id", "permanent_unit", "permanent_unit_from", "address_head")),
    }
    with DuckStore() as store:
        for name, (rows, columns) in tables.items():
            schema = pa.schema([(c, kinds.get(c, text)) for c in columns])
            store.put(name, pa.Table.from_pylist(rows, schema=schema))
        found = store.fetch(f"SELECT * FROM ({residences()}) ORDER BY kind, valid_from NULLS FIRST")
    assert [
        (r["kind"], r["unit_code"], r["valid_from"], r["valid_to"]) for r in found.to_pylist()
    ] == [(kind, unit, frm and _D(frm), to and _D(to)) for kind, unit, frm, to in lived]
