"""Who is one person: small truth tables in a clerk's words, with the Vietnamese preset as it ships."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.spec.link.province import linked

from dancu.engine.link import LinkResult, explain_pair

TABLES = {p.stem: yaml.safe_load(p.read_text("utf-8")) for p in Path(__file__).parent.glob("*.yml")}
CASES = [(theme, case) for theme in sorted(TABLES) for case in TABLES[theme]]


def persons(result: LinkResult) -> list[list[int]]:
    groups: dict[int, list[int]] = {}
    for row in result.links.to_pylist():
        groups.setdefault(row["person_id"], []).append(row["record_id"])
    return sorted(group for group in groups.values() if len(group) > 1)


def is_offered(row: dict[str, Any] | None) -> bool:
    """Whether a clerk is asked about the pair, or sees what keeps it apart."""
    return row is not None and not row["joined"] and (row["clerk"] or row["blocked_by"] is not None)


@pytest.mark.parametrize("case", [c for _, c in CASES], ids=[f"{t}: {c['case']}" for t, c in CASES])
def test_who_is_one_person(case: dict[str, Any]) -> None:
    result = linked(case["records"])
    rows = {(p["record_a"], p["record_b"]): p for p in result.pairs.to_pylist()}
    told = "\n".join(f"{pair}: {explain_pair(row, 'en')}" for pair, row in rows.items())
    assert persons(result) == case["together"], told
    for pair in case.get("clerk", ()):
        assert is_offered(rows.get(tuple(pair))), f"{pair} is not offered to a clerk\n{told}"


def test_no_case_asks_a_clerk_about_what_is_joined() -> None:
    for _, case in CASES:
        groups = [set(group) for group in case["together"]]
        assert not any(set(pair) <= group for pair in case.get("clerk", ()) for group in groups)


def _case(theme: str, start: str) -> dict[str, Any]:
    found: dict[str, Any] = next(c for c in TABLES[theme] if c["case"].startswith(start))
    return found


def test_a_pair_is_explained_in_words() -> None:
    (pair,) = linked(_case("slips", "marks lost")["records"]).pairs.to_pylist()
    lines = explain_pair(pair).split("\n")
    assert lines[0].startswith("Cùng một người (")
    assert any("Họ, chữ đệm và tên: giống nhau, một bên mất dấu" in line for line in lines[1:])
    assert explain_pair(pair, "en").startswith("One person (")


def test_a_pair_kept_apart_says_by_what() -> None:
    rows = _case("strangers", "strangers of one name and birthday with two valid numbers")[
        "records"
    ]
    (pair,) = linked([{**r, "unit_code": "07204"} for r in rows]).pairs.to_pylist()
    assert (pair["joined"], pair["blocked_by"]) == (False, "two_personal_numbers")
    assert "hai số định danh cá nhân khác nhau" in explain_pair(pair)


def test_two_rows_of_one_register_are_shown_but_not_joined() -> None:
    row = {"source": "population", "full_name": "Giáp Thị Khuyên", "b": [1996, 4, 2], "sex": "2"}
    (pair,) = linked([{**row, "unit_code": "07204"}] * 2).pairs.to_pylist()
    assert (pair["joined"], pair["blocked_by"]) == (False, "one_per_source")
    assert pair["probability"] > 0.9
