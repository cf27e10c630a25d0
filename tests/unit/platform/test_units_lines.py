"""A score through time as a line: where it breaks, what is in sight."""

from __future__ import annotations

import datetime as dt

from dancu.platform.units.lines import Point, chart

DAYS = [dt.date(2024, 6, 21), dt.date(2024, 12, 1), dt.date(2025, 1, 1), dt.date(2025, 6, 1)]


def points(*scores: float) -> list[Point]:
    return [Point(day, score, 1, 1) for day, score in zip(DAYS, scores, strict=False)]


def test_one_day_is_no_line() -> None:
    assert chart(points(90.0), breaks=[], targets=(90.0,)) is None


def test_the_line_breaks_where_borders_changed() -> None:
    drawn = chart(
        points(91.0, 92.0, 93.0, 94.0), breaks=[dt.date(2025, 1, 1)], targets=(90.0, 75.0)
    )
    assert drawn is not None
    assert len(drawn.paths) == 2
    assert [label for _, label in drawn.marks] == ["01/01/2025"]


def test_without_a_change_it_is_one_line_and_the_higher_score_stands_higher() -> None:
    drawn = chart(points(80.0, 92.0), breaks=[dt.date(2025, 1, 1)], targets=(90.0, 75.0))
    assert drawn is not None
    assert (len(drawn.paths), drawn.marks) == (1, [])
    assert drawn.dots[1].y < drawn.dots[0].y
    assert "90" in [label for _, label in drawn.levels]
