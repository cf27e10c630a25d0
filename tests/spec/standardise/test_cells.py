"""Each record of `cells.yml` is standardised as it would be in a run, and compared with its expected columns."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.spec.standardise.batch import alone, standardised_alone

from dancu.engine.ports import Context
from dancu.engine.spec import SectorSpec

CASES = yaml.safe_load((Path(__file__).parent / "cells.yml").read_text("utf-8"))
CONTEXT = Context(
    on=dt.date(2024, 6, 21),
    test_people=True,
    sources={"clerk": SectorSpec("clerk", "Danh sách", "A clerk's list", "", "")},
)


@pytest.fixture(scope="module")
def standard() -> list[dict[str, Any]]:
    """Every case is one record of one list; columns with one case each never share a file."""
    records = [alone(i + 1, "clerk", case["given"]) for i, case in enumerate(CASES)]
    return standardised_alone(records, CONTEXT, entered=False).to_pylist()


@pytest.mark.parametrize("number", range(len(CASES)), ids=[c["name"] for c in CASES])
def test_a_clerk_s_record(standard: list[dict[str, Any]], number: int) -> None:
    expected = CASES[number]["expect"]
    found = {name: standard[number][name] for name in expected}
    assert found == expected
