"""Events and the register on the asked day, told by a table; order of arrival does not matter."""

from __future__ import annotations

import datetime as dt
import functools
import itertools
import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import sqlglot
import yaml
from tests.spec.golden import stage

from dancu.engine import events, golden
from dancu.engine.events import queries, register, statuses
from dancu.engine.events.replaced import REPLACEMENTS, replaced
from dancu.reference.events import stated_kinds
from dancu.sectors import specs
from dancu.store.duckdb import DuckStore

CASES, PAPERS = (
    yaml.safe_load(Path(__file__).with_name(name).read_text("utf-8"))
    for name in ("cases.yml", "papers.yml")
)


def made(records: list[dict[str, Any]], on: dt.date = stage.ON) -> dict[str, list[dict[str, Any]]]:
    with DuckStore() as store:
        store.put("standard", stage.standard(records, on))
        store.put("links", stage.links(records))
        context = stage.context(on)
        stage.perform(store, [*golden.plan(context), *events.plan(context)])
        return {
            name: store.fetch(f"SELECT * FROM {name} ORDER BY {order}").to_pylist()
            for name, order in (("events", "kind, valid_on, event_id"), ("persons", "person_id"))
        }


ANY_ORDER = [*CASES[5:8], *PAPERS]
"""Cases that end the same whichever record comes first."""


@dataclass(frozen=True)
class Told:
    """A case among the others: its persons (of the first, the events too) and how many records stand before it."""

    persons: list[dict[str, Any]]
    events: list[dict[str, Any]]
    before: int


@functools.cache
def registers() -> dict[str, Told]:
    """Every case in one run of the plan, which costs the same for one person as for many.

    Where the order must not matter it happened to many people, the first as told, others in another order.
    """
    records: list[dict[str, Any]] = []
    places: dict[str, tuple[int, int, int]] = {}
    people = 0
    for case in [*CASES, *PAPERS]:
        told, before, first = case["records"], len(records), people
        orders = list(itertools.permutations(told)) if case in ANY_ORDER else [tuple(told)]
        assert len(orders) == 1 or not any("person" in record for record in told)
        for order in orders:
            records += [{**r, "person": people + r.get("person", 1)} for r in order]
            people += max(r.get("person", 1) for r in order)
        places[case["case"]] = (first, people, before)
    out = made(records)
    return {
        name: Told(
            [p for p in out["persons"] if first < p["person_id"] <= last],
            [e for e in out["events"] if e["person_id"] == first + 1],
            before,
        )
        for name, (first, last, before) in places.items()
    }


def differs(case: dict[str, Any], person: dict[str, Any], before: int) -> list[str]:
    """Columns that do not say what the case says; `…_from` names a record of the case, from 1."""
    return [
        column for column, value in case["person"].items()
        if ((person[column] and person[column] - before) if column.endswith("_from") else person[column]) != value
    ]  # fmt: skip


@pytest.mark.parametrize("case", [*CASES, *PAPERS], ids=[c["case"] for c in [*CASES, *PAPERS]])
def test_the_register_on_the_day(case: dict[str, Any]) -> None:
    out = registers()[case["case"]]
    assert differs(case, out.persons[0], out.before) == []
    assert [[e["kind"], e["valid_on"], e["recorded_on"]] for e in out.events] == case["events"]


@pytest.mark.parametrize("case", CASES[5:8], ids=[c["case"] for c in CASES[5:8]])
def test_records_may_arrive_in_any_order(case: dict[str, Any]) -> None:
    column = "permanent_unit"
    out = registers()[case["case"]]
    assert len(out.persons) == math.factorial(len(case["records"]))
    for person in out.persons:
        assert person[column] == case["person"][column]


@pytest.mark.parametrize("case", PAPERS, ids=[c["case"] for c in PAPERS])
def test_what_papers_say_does_not_depend_on_who_told_first(case: dict[str, Any]) -> None:
    out = registers()[case["case"]]
    assert len(out.persons) == math.factorial(len(case["records"]))
    for person in out.persons:
        for column, value in case["person"].items():
            if not column.endswith("_from"):
                assert person[column] == value, column


def test_every_kind_that_can_be_stated_makes_an_event() -> None:
    day = dt.date(2024, 3, 1)
    told = [{"source": "cards", "event_kind": k, "event_date": day} for k in stated_kinds()]
    assert sorted(e["kind"] for e in made(told)["events"]) == sorted(stated_kinds())


def test_every_kind_of_a_sector_is_known() -> None:
    kinds = {k for spec in specs().values() for k in spec.lookups.get("event_kind", {}).values()}
    assert kinds | {"number_correction"} == set(stated_kinds())


def test_a_commune_change_is_one_event_however_many_people() -> None:
    records = [
        {"person": p, "permanent_unit": "07549", "list_date": dt.date(2024, 6, 1)}
        for p in (1, 2, 3)
    ]
    out = made(records, dt.date(2025, 1, 15))
    (event,) = [e for e in out["events"] if e["kind"] == "unit_change"]
    payload = json.loads(event["payload"])
    assert (event["valid_on"], event["person_id"]) == (dt.date(2025, 1, 1), None)
    assert (payload["unit"], payload["records"], len(payload["to"])) == ("07549", 3, 2)


def test_no_unit_changed_before_the_asked_day() -> None:
    codes = pa.table({"code": ["07549"], "list_date": [dt.date(2024, 6, 1)], "records": [3]})
    assert len(events.unit_changes(codes, on=dt.date(2024, 12, 31))) == 0


def test_event_ids_do_not_depend_on_clusters() -> None:
    told = {"source": "civil_status", "event_kind": "death", "event_date": dt.date(2024, 1, 1)}
    alone = made([{"person": 1}, {**told, "person": 2}])["events"]
    together = made([{"person": 1}, {**told, "person": 1}])["events"]
    assert [e["event_id"] for e in alone] == [e["event_id"] for e in together]


def test_persons_are_golden_with_their_last_day() -> None:
    (person,) = made(
        [{"full_name": 'Y "Brôn" Êban', "event_kind": "name_correction", "source": "civil_status"}]
    )["persons"]
    assert list(person)[-1] == "last_confirmed" and person["full_name"] == 'Y "Brôn" Êban'


def test_payloads_are_json_whatever_the_name_holds() -> None:
    row = {"full_name": 'A "B" \\C', "event_kind": "birth", "source": "civil_status"}
    (event,) = made([row])["events"]
    assert json.loads(event["payload"]) == {"name": 'A "B" \\C'}


def test_postgresql_is_told_the_same() -> None:
    for query in (
        queries.events(),
        queries.changes(),
        register.persons(),
        *(replaced(r) for r in REPLACEMENTS),
        statuses.statuses(),
        statuses.cards(),
    ):
        text = sqlglot.transpile(query, read="duckdb", write="postgres")[0].lower()
        assert not any(word in text for word in ("arg_max", "struct", "list_sort", "try_"))
