"""Who is one person: small truth tables in a clerk's words, with the Vietnamese preset as it ships."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import yaml

from dancu.engine.link import explain_pair, link, preset

CASES = yaml.safe_load(Path(__file__).with_name("cases.yml").read_text("utf-8"))
SETTINGS = replace(
    preset("vietnamese_person"), one_per_source=("population", "social_insurance", "tax")
)


def records(case: dict[str, Any]) -> pa.Table:
    columns = ("record_id", "source", *SETTINGS.columns())
    rows = []
    for number, given in enumerate(case["records"], 1):
        parts = dict(zip(("birth_year", "birth_month", "birth_day"), given["b"], strict=False))
        rows.append({"record_id": number, **{k: v for k, v in given.items() if k != "b"}, **parts})
    numbers = ("record_id", "birth_year", "birth_month", "birth_day")
    schema = [(c, pa.int64() if c in numbers else pa.string()) for c in columns]
    return pa.Table.from_pylist(rows, schema=pa.schema(schema))


@pytest.mark.parametrize("case", CASES, ids=[c["case"] for c in CASES])
def test_who_is_one_person(case: dict[str, Any]) -> None:
    result = link(records(case), SETTINGS)
    groups: dict[int, list[int]] = {}
    for row in result.links.to_pylist():
        groups.setdefault(row["person_id"], []).append(row["record_id"])
    told = "\n".join(explain_pair(p, "en") for p in result.pairs.to_pylist())
    assert sorted(g for g in groups.values() if len(g) > 1) == case["together"], told


def test_a_pair_is_explained_in_words() -> None:
    case = next(c for c in CASES if c["case"].startswith("marks lost"))
    (pair,) = link(records(case), SETTINGS).pairs.to_pylist()
    lines = explain_pair(pair).split("\n")
    assert lines[0].startswith("Cùng một người (")
    assert any("Họ, chữ đệm và tên: giống nhau, một bên mất dấu" in line for line in lines[1:])
    assert explain_pair(pair, "en").startswith("One person (")


def test_a_pair_kept_apart_says_by_what() -> None:
    case = next(c for c in CASES if "two valid numbers" in c["case"])
    neighbours = {"records": [{**r, "unit_code": "07204"} for r in case["records"]]}
    (pair,) = link(records(neighbours), SETTINGS).pairs.to_pylist()
    assert (pair["joined"], pair["blocked_by"]) == (False, "two_personal_numbers")
    assert "hai số định danh cá nhân khác nhau" in explain_pair(pair)


def test_two_rows_of_one_register_are_shown_but_not_joined() -> None:
    row = {"source": "population", "full_name": "Giáp Thị Khuyên", "b": [1996, 4, 2], "sex": "2"}
    twice = {"records": [{**row, "unit_code": "07204"}, {**row, "unit_code": "07204"}]}
    (pair,) = link(records(twice), SETTINGS).pairs.to_pylist()
    assert (pair["joined"], pair["blocked_by"]) == (False, "one_per_source")
    assert pair["probability"] > 0.9
