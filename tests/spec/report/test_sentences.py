"""Sentences of a report: what each figure of the table is told as, and that every number in it belongs to a figure."""

from __future__ import annotations

import csv
import datetime as dt
import re
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

import pytest

from dancu.engine.report import sentences
from dancu.engine.report.content import Target
from dancu.engine.report.indicators import Asked, Comparison, Figure, Measure
from dancu.engine.report.sentences import Known

CASES = list(
    csv.DictReader(Path(__file__).with_name("sentences.csv").read_text("utf-8").splitlines())
)
ASKED = Asked(dt.date(2024, 1, 1), dt.date(2024, 6, 21))


def _figure(case: dict[str, str], parts: str) -> Figure | None:
    if not parts:
        return None
    top, bottom = parts.split("/")
    measure = cast(Measure, case["measure"])
    return Figure("24", Decimal(top), Decimal(bottom), measure, int(case["decimals"]))


def _targets(text: str) -> tuple[Target, ...]:
    told = (one.strip().split(" ", 2) for one in text.split(";") if one)
    return tuple(Target(Decimal(v), cast(Comparison, c), owner) for c, v, owner in told)


def _known(case: dict[str, str]) -> Known:
    now = _figure(case, f"{case['numerator']}/{case['denominator']}")
    assert now is not None
    return Known(
        "x", 1, "24", ASKED, now, case["noun"], _figure(case, case["before"]), _targets(case["targets"])
    )  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["case"])
def test_sentence(case: dict[str, str]) -> None:
    parts = sentences.say(case["template"], {"x": _known(case)})
    assert "".join(p if isinstance(p, str) else p.printed for p in parts) == case["sentence"]
    # Besides figures only targets (in brackets, by whom) hold numbers.
    own = re.sub(r"\([^)]*\)|của Chỉ thị \S+", "", "".join(p for p in parts if isinstance(p, str)))
    assert not re.search(r"\d", own), own


def test_there_are_enough_cases_and_each_form_is_in_one() -> None:
    assert len(CASES) >= 40
    for form in sentences.FORMS:
        assert any(f":{form}}}" in case["template"] for case in CASES), form


@pytest.mark.parametrize("template", ["{y:value}", "{x:wert}"])
def test_a_template_that_names_what_is_not_there_is_an_error(template: str) -> None:
    case: Any = CASES[0]
    with pytest.raises(sentences.TemplateError):
        sentences.say(template, {"x": _known(case)})
