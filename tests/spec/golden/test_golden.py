"""Which value survives: a few records of one person in, the golden value and its origin out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import sqlglot
import yaml
from tests.spec.golden import stage

from dancu.engine import golden
from dancu.engine.golden import queries
from dancu.reference.fields import citizen_columns, fields, mandatory_fields
from dancu.store.duckdb import DuckStore

CASES = yaml.safe_load(Path(__file__).with_name("cases.yml").read_text("utf-8"))


def made(records: list[Mapping[str, Any]], parts: int = 2) -> dict[str, list[dict[str, Any]]]:
    with DuckStore() as store:
        store.put("standard", stage.standard(records))
        store.put("links", stage.links(records))
        context = stage.context()
        settings = {"golden": {"parts": parts}}
        plan = golden.plan(type(context)(context.on, True, context.sources, settings))
        stage.perform(store, plan)
        return {
            "golden": store.fetch("SELECT * FROM golden ORDER BY person_id").to_pylist(),
            "contested": store.fetch(
                "SELECT * FROM contested ORDER BY person_id, field, record_id"
            ).to_pylist(),
        }


@pytest.mark.parametrize("case", CASES, ids=[c["case"] for c in CASES])
def test_the_value_that_deserves_it_survives(case: dict[str, Any]) -> None:
    out = made(case["records"])
    (person,) = out["golden"]
    for column, value in case["golden"].items():
        assert person[column] == value, column
    lost = [[c["field"], c["value"], c["record_id"], c["reason"]] for c in out["contested"]]
    assert [x for x in lost if x[0] in {y[0] for y in case["lost"]}] == case["lost"]


def test_every_survivor_of_the_dictionary_is_in_one_group() -> None:
    chosen = [f for g in golden.groups() for f in g.survivors()]
    assert sorted(chosen) == sorted(
        f.field for f in fields().values() if f.survivorship and f.standard
    )
    columns = [c for g in golden.groups() for c in g.columns()]
    assert len(columns) == len(set(columns))


def test_golden_has_the_columns_of_the_contract_in_every_part() -> None:
    records = [{"person": 1}, {"person": 1}, {"person": 3, "full_name": "Lê Thị Na"}]
    alone, several = sorted(made(records)["golden"], key=lambda p: p["n_records"])
    assert list(alone) == list(several)
    assert set(citizen_columns()) <= set(alone)
    assert alone["expected_fields"] == list(mandatory_fields())
    assert (alone["full_name_from"], alone["sources"]) == (3, ["population"])
    assert (several["n_records"], several["n_sources"]) == (2, 1)


def test_the_number_of_parts_changes_nothing() -> None:
    records = [
        {
            "person": p,
            "source": s,
            "full_name": n,
            "phone": f"09{p}",
            "list_date": dt.date(2024, m, 1),
        }
        for p in (1, 3, 5)
        for s, n, m in (("population", "Lê Văn An", 1), ("health", "Le Van An", 5))
    ]
    assert made(records, 1) == made(records, 3)


def test_postgresql_is_told_the_same() -> None:
    """Rendered by sqlglot, nothing is left that PostgreSQL does not have."""
    for query in (
        queries.claims(stage.SOURCES),
        queries.settled(),
        queries.merged(),
        queries.contested(),
    ):
        text = sqlglot.transpile(query, read="duckdb", write="postgres")[0]
        assert not any(word in text.lower() for word in ("arg_max", "struct", "list_", "try_"))
