"""Figures of public services against what was published, distances to targets, and what is known of Decision 766."""

from __future__ import annotations

import csv
import datetime as dt
import random
from decimal import Decimal
from pathlib import Path

import pytest

from dancu.engine.report.indicators import Figure, change, figure, missing, missing_new, reaches
from dancu.engine.report.printed import rounded
from dancu.reference import service_targets
from dancu.reference.index766 import groups, indicators
from dancu.reference.loader import rows
from dancu.sectors.public_services.figures.places import breaks, places
from dancu.sectors.public_services.figures.score766 import (
    at_most,
    exact,
    points,
    score,
    times,
    total,
)
from dancu.sectors.public_services.figures.targets import distances
from dancu.sectors.public_services.indicators import INDICATORS, by_code

PUBLISHED = list(
    csv.DictReader((Path(__file__).parent / "indicators_published.csv").open(encoding="utf-8"))
)
REVIEW = dt.date(2024, 6, 21)


@pytest.mark.parametrize("row", PUBLISHED, ids=lambda row: f"{row['where']} {row['indicator']}")
def test_a_published_share_is_its_parts(row: dict[str, str]) -> None:
    found = figure(
        by_code(row["indicator"]), None, [(int(row["numerator"]), int(row["denominator"]))]
    )
    share = 100 * found.numerator / found.denominator
    assert rounded(share, int(row["decimals"])) == Decimal(row["printed"])


def test_every_figure_of_this_sector_in_the_seed_is_published_here_or_has_no_parts() -> None:
    own = {i.code for i in INDICATORS}
    seed = [r for r in rows("domain/seed_figures.csv") if r["indicator_code"] in own]
    assert {r["indicator_code"] for r in seed} == {
        "online_rate_all", "online_rate_essential_25", "online_rate_police", "online_rate_driving_licence",
    }  # fmt: skip
    told = {(r["indicator"], r["numerator"], r["denominator"]) for r in PUBLISHED}
    for r in seed:
        assert not r["numerator"] or (r["indicator_code"], r["numerator"], r["denominator"]) in told


@pytest.mark.parametrize(
    "before, points_, percent",
    [(Decimal("70.15"), "7.00", "9.98"), (Decimal("72.10"), "5.05", "7.00")],
)
def test_a_rise_of_seven_is_points_or_per_cent_and_never_both(
    before: Decimal, points_: str, percent: str
) -> None:
    now, old = (
        Figure(None, 100 * share, Decimal(10000), "share", 2)
        for share in (Decimal("77.15"), before)
    )
    moved = change(now, old)
    assert (moved.points, moved.percent) == (Decimal(points_), Decimal(percent))


def test_the_remaining_paper_of_the_review() -> None:
    paper = figure(by_code("paper_dossiers_essential_25"), None, [(332400 - 321335, 332400)])
    assert paper.value == 11065
    # No target on paper in 2024; since October 2025 none at all.
    assert distances(paper, "paper_dossiers_essential_25", on=REVIEW) == []
    (since,) = distances(paper, "paper_dossiers_essential_25", on=dt.date(2025, 10, 1))
    assert (since.reached, since.convert) == (False, 11065)


def test_the_25_are_over_both_targets_and_the_licences_under_both() -> None:
    every = figure(by_code("online_rate_essential_25"), None, [(321335, 332400)])
    assert [d.reached for d in distances(every, "online_rate_essential_25", on=REVIEW)] == [
        True,
        True,
    ]
    licences = figure(by_code("online_rate_driving_licence"), None, [(3535, 6556)])
    found = distances(licences, "online_rate_driving_licence", on=REVIEW)
    assert [(d.target.set_by_vi, d.convert, d.fresh) for d in found] == [
        ("Chính phủ", 399, 997),
        ("UBND tỉnh", 1055, 3515),
    ]


@pytest.mark.parametrize("comparison", ["gt", "ge"])
def test_a_distance_reaches_the_target_and_one_dossier_fewer_does_not(comparison: str) -> None:
    rng = random.Random(7)
    for _ in range(400):
        whole = rng.randrange(1, 400)
        now = Figure(None, Decimal(rng.randrange(whole + 1)), Decimal(whole), "share", 2)
        target = Decimal(rng.randrange(1, 99))
        n, fresh = missing(now, target, comparison), missing_new(now, target, comparison)  # type: ignore[arg-type]
        assert fresh is not None

        def at(moved: int, new: int) -> bool | None:
            figure_ = Figure(None, now.numerator + moved + new, now.denominator + new, "share", 2)  # noqa: B023
            return reaches(figure_, target, comparison)  # type: ignore[arg-type]  # noqa: B023

        assert at(n, 0) and (n == 0 or not at(n - 1, 0))
        assert at(0, fresh) and (fresh == 0 or not at(0, fresh - 1))
        assert n <= fresh


def test_all_twenty_are_there_with_their_groups_and_only_known_points() -> None:
    assert [str(g.max_points) for g in groups()] == ["18", "20", "22", "22", "18"]
    assert len(indicators()) == 20
    scored = score({})
    assert [(s.low, s.high) for s in scored] == [(Decimal(0), g.max_points) for g in groups()]
    assert total(scored) == (0, 100)
    lines = [line for s in scored for line in s.lines]
    assert {line.indicator.indicator_id for line in lines if line.high is not None} == {
        "1.2",
        "2.1",
        "5.4",
    }


# value of 5.4 (at least, at most) -> points of it, of group 5
SATISFIED = [
    ((90, 90), ("6.00", "6.00"), ("6.00", "18.00")),
    ((45, 45), ("3.00", "3.00"), ("3.00", "15.00")),
    ((0, 60), ("0.00", "4.00"), ("0.00", "16.00")),
]


@pytest.mark.parametrize("value, own, group", SATISFIED)
def test_points_are_bounds(
    value: tuple[int, int], own: tuple[str, str], group: tuple[str, str]
) -> None:
    low, high = value
    known = exact(high, 100) if low == high else at_most(exact(high, 100), "ratings_unknown")
    five = score({"5.4": known})[4]
    assert tuple(map(str, points(five.lines[-1].indicator, known) or ())) == own
    assert tuple(rounded(p, 2) for p in (five.low, five.high)) == tuple(map(Decimal, group))


def test_a_maximum_without_a_rule_gives_no_points_of_ours() -> None:
    """2.1 has twenty points and no rule in our sources: even all on time is from 0 to 20."""
    on_time = next(i for i in indicators() if i.indicator_id == "2.1")
    assert points(on_time, exact(100, 100)) == (0, 20)


def test_the_report_s_online_rate_and_indicator_3_3_are_different_measures() -> None:
    """100 dossiers, 80 online, 20 of those answered on paper, nine tenths synchronised."""
    online, by_3_3 = exact(80, 100), times(exact(60, 100), exact(9, 10))
    assert online is not None and by_3_3 is not None
    assert (online.high, by_3_3.high) == (80, 54)
    unknown = times(exact(60, 100), None)
    assert unknown is not None and (unknown.low, unknown.high) == (0, 60)


def test_targets_are_read_from_the_table_of_targets() -> None:
    told = {r["target_id"]: r for r in rows("domain/targets_and_thresholds.csv")}
    for target in service_targets.targets():
        assert str(target.value) == told[target.target_id]["value"]
        by_code(target.indicator)


def test_a_commune_that_was_divided_is_in_a_line_of_its_own() -> None:
    """In Hà Nội of 2025 many were: each counts in the city, and in a line that says which former unit it was."""
    first, last = dt.date(2025, 6, 1), dt.date(2025, 7, 31)
    assert breaks(first, last) == (dt.date(2025, 7, 1),)
    where: dict[str, list[str]] = {}
    for code, state, unit in places("01", first, last, last):
        if state == 0:
            where.setdefault(code, []).append(unit)
    divided = {code: units for code, units in where.items() if any("@" in u for u in units)}
    assert divided and all(
        units[0] == "01" and units[-1].startswith(code) for code, units in divided.items()
    )
    assert all(
        "01" in units for code, units in where.items() if len(code) == 5 and "?" not in units
    )
