"""What a spreadsheet did to numbers and dates: undone where proved, left to people where not."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest

from dancu.formats.partial_date import PartialDate
from dancu.formats.spreadsheet import (
    cell_text,
    date_order,
    lost_precision,
    restore_number,
    serial_date,
    unscientific,
    unswap,
)


def _days(count: int, seed: int = 5) -> list[date]:
    rng = random.Random(seed)
    return [date(1930, 1, 1) + timedelta(days=rng.randrange(33_000)) for _ in range(count)]


def _american_damage(days: list[date]) -> list[str]:
    """A day-first file opened with American settings: what could be a date became the wrong one."""
    return [
        f"{d.year}-{d.day:02d}-{d.month:02d} 00:00:00" if d.day <= 12 else d.strftime("%d/%m/%Y")
        for d in days
    ]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (24299000001.0, "24299000001"),
        (24299000001, "24299000001"),
        ("24299000001.0", "24299000001"),
        ("'024299000001", "024299000001"),
        ('="024299000001"', "024299000001"),
        (" 0912345678 ", "0912345678"),
        ("1.5", "1.5"),
        (1.5, "1.5"),
        ("H'Hen Niê", "H'Hen Niê"),
        (None, ""),
        ("", ""),
    ],
)
def test_a_cell_says_what_the_clerk_typed(value: object, expected: str) -> None:
    assert cell_text(value) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2.4299000001E+10", "24299000001"),
        ("2,4299000001e10", "24299000001"),
        ("1.20E+11", None),
        ("2.4299E+10", None),
        ("9.704220123456789E+15", None),
        ("24299000001", None),
        ("Em", None),
    ],
)
def test_scientific_notation_is_undone_only_with_all_its_digits(
    text: str, expected: str | None
) -> None:
    assert unscientific(text) == expected


def test_a_number_cut_after_fifteen_digits_is_told() -> None:
    assert lost_precision("9704220123456780") and lost_precision("97042201234567000")
    assert not lost_precision("9704220123456789") and not lost_precision("024299000000")


@pytest.mark.parametrize(
    ("value", "sex", "year", "expected"),
    [
        (24299000001.0, "male", 2099, "024299000001"),
        ("'24299000001", "male", 2099, "024299000001"),
        ("2.4299000001E+10", "male", 2099, "024299000001"),
        ("024299000001", None, None, "024299000001"),
        (24299000001.0, "female", 2099, None),
        (24299000001.0, "male", 1999, None),
        (24299000001.0, None, 2099, None),
        ("1.20E+11", "male", 2099, None),
        ("không rõ", "male", 2099, None),
    ],
)
def test_a_number_comes_back_only_where_the_record_agrees(
    value: object, sex: str | None, year: int | None, expected: str | None
) -> None:
    assert restore_number(value, sex=sex, birth_year=year) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [(32905, "1990-02-01"), (32905.0, "1990-02-01"), ("32905.75", "1990-02-01"), (1990, None)],
)
def test_a_spreadsheet_day_is_read(value: object, expected: str | None) -> None:
    assert (str(serial_date(value)) if serial_date(value) else None) == expected


def test_the_other_epoch_is_four_years_and_a_day_later() -> None:
    assert str(serial_date(31443, epoch=1904)) == "1990-02-01"


@pytest.mark.parametrize(
    ("why", "column", "order"),
    [
        ("one day above 12 comes first", ["13/02/1990", "01/02/1990"], "dmy"),
        ("one day above 12 comes second", ["02/13/1990", "01/02/1990"], "mdy"),
        ("the year comes first", ["1990-02-13", "1990-02-01"], "ymd"),
        ("nothing decides", ["01/02/1990", "05/06/1991"], None),
        ("both occur", ["13/02/1990", "02/13/1990"], None),
        ("one stray cell among 200", ["13/02/1990"] * 200 + ["02/13/1990"], "dmy"),
        ("years and words", ["1990", "không rõ", ""], None),
        ("empty", [], None),
    ],
)
def test_the_order_of_a_column_is_told_by_its_own_cells(
    why: str, column: list[str], order: str | None
) -> None:
    assert date_order(column).order == order, why


def test_the_counts_behind_the_order_are_given() -> None:
    found = date_order(["13/02/1990", "02/13/1990", "01/02/1990", "1990-02-01", "1990"])
    assert (found.day_first, found.month_first, found.either, found.year_first) == (1, 1, 1, 1)


def test_an_american_reading_of_a_day_first_file_is_undone() -> None:
    days = _days(60)
    found = unswap(_american_damage(days))
    assert [d.earliest() for d in found.dates if d] == days
    assert found.changed and found.reason_vi and found.reason_en


def test_a_month_first_column_is_read_in_its_order() -> None:
    days = _days(60)
    found = unswap([day.strftime("%m/%d/%Y") for day in days])
    assert [d.earliest() for d in found.dates if d] == days


@pytest.mark.parametrize("pattern", ["%d/%m/%Y", "%Y-%m-%d", "%Y-%m-%d 00:00:00", "%d.%m.%Y"])
@pytest.mark.parametrize("count", [1, 5, 60])
def test_a_column_that_is_right_stays(pattern: str, count: int) -> None:
    days = _days(count)
    found = unswap([day.strftime(pattern) for day in days])
    assert ([d.earliest() for d in found.dates if d], found.changed) == (days, ())


def test_a_mixed_but_right_column_stays() -> None:
    days = _days(60)
    column = [d.strftime("%d/%m/%Y" if i % 2 else "%Y-%m-%d") for i, d in enumerate(days)]
    assert unswap(column).changed == ()


def test_a_trusted_list_can_tell_that_days_and_months_were_exchanged() -> None:
    days = [day.replace(day=day.day % 12 + 1) for day in _days(30)]
    column = [f"{d.year}-{d.day:02d}-{d.month:02d}" for d in days]
    trusted = [PartialDate(d.year, d.month, d.day) for d in days[:10]] + [None] * 20
    assert [d.earliest() for d in unswap(column, reference=trusted).dates if d] == days
    assert unswap(column).changed == ()


def test_a_cell_whose_year_disagrees_with_the_personal_number_is_left_to_people() -> None:
    days = _days(60)
    column = _american_damage(days)
    first = next(i for i, day in enumerate(days) if day.day <= 12 and day.day != day.month)
    years: list[int | None] = [day.year for day in days]
    years[first] = days[first].year + 1
    found = unswap(column, birth_years=years)
    assert found.conflicts == (first,)
    assert first not in found.changed
    assert found.dates[first] == PartialDate(days[first].year, days[first].day, days[first].month)


def test_what_is_no_date_stays_empty() -> None:
    assert unswap(["không rõ", "1990", ""]).dates == (None, PartialDate(1990), None)
