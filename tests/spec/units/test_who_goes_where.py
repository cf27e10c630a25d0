"""Who goes where when communes change: a commune and two days in, a commune (or nobody's answer) out."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
import yaml

from dancu.reference import units
from dancu.store.register import resensed

TABLE = yaml.safe_load(Path(__file__).with_name("who_goes_where.yml").read_text("utf-8"))


@pytest.mark.parametrize("row", TABLE, ids=[row["sentence"] for row in TABLE])
def test_the_people_of_a_commune(row: dict[str, Any]) -> None:
    assert resensed.heir(row["commune"], since=row["from"], on=row["until"]) == row["to"]


def test_the_acts_of_2026_move_nobody_of_bac_ninh() -> None:
    before, after = dt.date(2025, 7, 1), dt.date(2026, 9, 20)
    communes = units.on(before).communes_of("24")
    assert len(communes) == 99
    assert all(resensed.heir(c.code, since=before, on=after) == c.code for c in communes)
