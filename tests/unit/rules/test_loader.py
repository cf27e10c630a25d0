"""Rule files: what is read, what is refused, and which rules are in force on a day."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from dancu.rules import RuleError, all_rules, get, on
from dancu.rules.loader import read_rule

TEXT = {"vi": "Sai.", "en": "Wrong."}
WHOLE: dict[str, Any] = {
    "id": "COR-999", "slug": "x", "dimension": "correct", "error_group": 6, "field": "sex",
    "columns": ["sex"], "level": "both", "severity": "error", "weight": 1, "message": TEXT,
    "fix": TEXT, "law": "—", "sql": "sex = '1'",
    "examples": [{"why": "nam", "row": {"sex": "1"}, "expect": "pass"}],
}  # fmt: skip


def test_a_whole_rule_is_read() -> None:
    rule = read_rule(WHOLE, name="x.yml")
    assert (rule.id, rule.is_group, rule.levels) == ("COR-999", False, ("record", "person"))
    assert rule.examples[0].rows == ({"sex": "1"},) and rule.examples[0].expect == ("pass",)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"sql": None}, "one kind of rule"),
        ({"examined": "TRUE"}, "one kind of rule"),
        ({"failing": "SELECT 1", "examined": "TRUE"}, "one kind of rule"),
        ({"law": None}, "missing"),
        ({"colour": "red"}, "unknown"),
        ({"examples": [{"why": "?", "expect": "pass"}]}, "an example needs rows"),
    ],
)
def test_a_rule_that_is_not_whole_is_refused_by_name(change: dict[str, Any], message: str) -> None:
    data = {k: v for k, v in (WHOLE | change).items() if v is not None}
    with pytest.raises(RuleError, match=rf"(?s)x\.yml.*{message}"):
        read_rule(data, name="x.yml")


@pytest.mark.parametrize(
    ("day", "slug", "in_force"),
    [
        (dt.date(2024, 6, 30), "card-past-renewal-age-2014-law", True),
        (dt.date(2024, 7, 1), "card-past-renewal-age-2014-law", False),
        (dt.date(2024, 6, 30), "card-past-renewal-age-2023-law", False),
        (dt.date(2024, 7, 1), "card-past-renewal-age-2023-law", True),
        (dt.date(2024, 12, 31), "old-number-no-longer-valid", False),
        (dt.date(2025, 1, 1), "old-number-no-longer-valid", True),
        (dt.date(2025, 6, 30), "tax-code-against-personal-number", False),
        (dt.date(2025, 7, 1), "tax-code-against-personal-number", True),
    ],
)
def test_the_asked_day_chooses_the_law(day: dt.date, slug: str, in_force: bool) -> None:
    assert (slug in {rule.slug for rule in on(day)}) is in_force


def test_a_rule_is_found_by_its_number_and_an_unknown_number_is_named() -> None:
    assert get("COR-001").slug == "number-against-sex"
    with pytest.raises(RuleError, match="XXX-001"):
        get("XXX-001")


def test_there_are_more_than_eighty_rules_in_order() -> None:
    ids = [rule.id for rule in all_rules()]
    assert len(ids) > 80 and ids == sorted(ids)
