"""Changes of communes between the lists' days and the asked day: one event a commune, never one a person."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from dancu.reference import units

_SCHEMA = pa.schema(
    {
        "event_id": pa.string(),
        "kind": pa.string(),
        "valid_on": pa.date32(),
        "recorded_on": pa.date32(),
        "payload": pa.string(),
    }
)


def unit_changes(codes: pa.Table, *, on: dt.date) -> pa.Table:
    """Events for `codes` (code, list_date, records): each commune change that a record lived through up to `on`."""
    said = [r for r in codes.to_pylist() if r["code"] and r["list_date"]]
    made = [event for day in units.days_of_change() if day <= on for event in _on(day, said)]
    return pa.Table.from_pylist(made, schema=_SCHEMA)


def _on(day: dt.date, said: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    counts: dict[str, int] = defaultdict(int)
    for row in said:
        if row["list_date"] < day:
            counts[row["code"]] += row["records"]
    before = day - dt.timedelta(days=1)
    if not counts or before < units.FIRST_DAY:
        return
    for old, targets in _targets(before, day).items():
        if old in counts and targets != {old: "unchanged"}:
            payload = {"unit": old, "to": targets, "records": counts[old]}
            yield _event(old, day, payload)


def _targets(before: dt.date, day: dt.date) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for row in units.successor_table(frm=before, to=day).to_pylist():
        if len(row["old_code"]) == 5 and row["new_code"]:
            found[row["old_code"]][row["new_code"]] = row["kind"]
    return found


def _event(code: str, day: dt.date, payload: dict[str, Any]) -> dict[str, Any]:
    name = f"unit_change|{code}|{day.isoformat()}"
    return {
        "event_id": hashlib.md5(name.encode(), usedforsecurity=False).hexdigest(),
        "kind": "unit_change",
        "valid_on": day,
        "recorded_on": day,
        "payload": json.dumps(payload, ensure_ascii=False, sort_keys=True),
    }
