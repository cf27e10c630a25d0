"""Who is first, who shares a rank, who has too few records to be ranked: a table in, ranks out."""

from __future__ import annotations

import csv
from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from dancu.engine.report.indicators import Figure, Indicator
from dancu.engine.report.ranking import Apart, Ranked, ranking, wilson

CASES: dict[str, list[dict[str, str]]] = defaultdict(list)
for _row in csv.DictReader(Path(__file__).with_name("ranking.csv").open(encoding="utf-8")):
    CASES[_row["sentence"]].append(_row)


@pytest.mark.parametrize("sentence", CASES)
def test_ranking(sentence: str) -> None:
    rows = CASES[sentence]
    measure: Any = rows[0]["measure"]
    better: Any = rows[0]["better"]
    indicator = Indicator(
        "x", 1, "", "", "", "", "", "", "flow", "dossier", measure, "", better=better
    )
    found = ranking(indicator, [
        Figure(r["unit"], Decimal(r["numerator"]), Decimal(r["denominator"]), measure, 2) for r in rows
    ])  # fmt: skip
    told = {}
    for row in rows:
        place = found.of(row["unit"])
        rank = str(place.rank) if isinstance(place, Ranked) else ""
        told[row["unit"]] = (rank, place.reason if isinstance(place, Apart) else "")
    assert told == {r["unit"]: (r["rank"], r["reason"]) for r in rows}


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    [
        (0, 30, "0.00", "11.35"),
        (15, 30, "33.15", "66.85"),
        (30, 30, "88.65", "100.00"),
        (9667, 10000, "96.30", "97.00"),
    ],
)
def test_wilsons_interval_is_that_of_the_published_formula(
    hits: int, n: int, low: str, high: str
) -> None:
    assert wilson(Figure(None, Decimal(hits), Decimal(n), "share", 2)) == (
        Decimal(low),
        Decimal(high),
    )
