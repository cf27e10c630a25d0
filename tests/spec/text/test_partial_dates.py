"""Partial dates: never more than is known, in every order and epoch the caller declares."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dancu.formats.errors import FormatError
from dancu.formats.partial_date import PartialDate, compact, format, parse

QUICK = settings(max_examples=150, deadline=None, derandomize=True)
DAYS = st.dates(date(1900, 1, 2), date(2099, 12, 31))
LAYOUTS = (
    "%d/%m/%Y",
    "%d-%m-%Y",
    "%d.%m.%Y",
    "%Y-%m-%d",
    "%Y/%m/%d",
    "%Y%m%d",
    "%d%m%Y",
    "ngày %d tháng %m năm %Y",
    "%Y-%m-%d 00:00:00",
    "%d/%m/%Y 12:00:00 AM",
    "%d-%b-%Y",
)


def _reason(text: str, **keywords: Any) -> str:
    with pytest.raises(FormatError) as caught:
        parse(text, **keywords)
    return caught.value.reason


@pytest.mark.parametrize(
    ("text", "keywords", "expected"),
    [
        ("02/13/1990", {"order": "mdy"}, "1990-02-13"),
        ("02/01/1990", {"order": "mdy"}, "1990-02-01"),
        ("1990-02-01", {"order": "mdy"}, "1990-02-01"),
        ("01021990", {"order": "mdy"}, "1990-02-01"),
        ("1/2/90", {"pivot": 26}, "1990-02-01"),
        ("1/2/05", {"pivot": 26}, "2005-02-01"),
        ("1/2/26", {"pivot": 26}, "2026-02-01"),
        ("1/2/27", {"pivot": 26}, "1927-02-01"),
        ("010290", {"pivot": 26}, "1990-02-01"),
        ("31443", {"epoch": 1904}, "1990-02-01"),
        ("12/05/1885", {"oldest": 1800}, "1885-05-12"),
        ("6/2024", {"on": date(2024, 6, 20)}, "2024-06"),
    ],
)
def test_the_caller_declares_order_pivot_epoch_and_limits(
    text: str, keywords: dict[str, Any], expected: str
) -> None:
    assert parse(text, **keywords).text == expected


def test_the_future_begins_after_the_asked_day() -> None:
    day = date(2024, 6, 20)
    assert _reason("7/2024", on=day) == _reason("2025", on=day) == "future"


def test_a_year_alone_never_becomes_the_first_of_january() -> None:
    born = parse("1990")
    assert (born.precision, born.text, born.month, born.day) == ("year", "1990", None, None)
    assert (born.earliest(), born.latest()) == (date(1990, 1, 1), date(1990, 12, 31))
    assert born != parse("01/01/1990") and format("1990") == "1990"


def test_a_month_alone_spans_its_days() -> None:
    leap = parse("2/1992")
    assert (leap.precision, leap.earliest(), leap.latest().day) == ("month", date(1992, 2, 1), 29)


def test_the_text_sorts_and_less_known_dates_come_first() -> None:
    texts = ["1989-12", "1990", "1990-01", "1990-01-02", "1990-02", "1991"]
    mixed = texts[1::2] + texts[::2]
    assert sorted(mixed) == texts
    assert [date.text for date in sorted(map(parse, mixed))] == texts


@pytest.mark.parametrize(
    ("text", "expected"),
    [("1/2/1990", "1990-01-02"), ("2/2/1990", None), ("13/2/1990", None), ("2/1990", None)],
)
def test_a_day_that_could_be_a_month_can_be_exchanged(text: str, expected: str | None) -> None:
    other = parse(text).swapped()
    assert (other.text if other else None) == expected


@QUICK
@given(DAYS, st.sampled_from(LAYOUTS))
def test_every_way_to_write_a_day_means_that_day(day: date, layout: str) -> None:
    assert parse(day.strftime(layout)).earliest() == day


@QUICK
@given(st.dates(date(1928, 1, 1), date(2099, 12, 31)))
def test_the_number_of_a_day_means_that_day(day: date) -> None:
    assert parse(str((day - date(1899, 12, 30)) // timedelta(days=1))).earliest() == day


@QUICK
@given(st.integers(1901, 2099), st.integers(0, 12), st.integers(0, 31))
def test_what_is_read_is_written_and_read_again(year: int, month: int, day: int) -> None:
    text = f"{day:02d}/{month:02d}/{year}"
    try:
        value = parse(text)
    except FormatError as error:
        assert error.reason in ("impossible", "lunar", "month_first")
        return
    assert parse(format(text)) == value == parse(compact(text))
    assert value == PartialDate(year, month or None, day or None)
