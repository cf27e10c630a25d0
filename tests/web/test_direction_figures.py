"""Figures of direction, from records: those printed by the review of 21 June 2024, and as they move."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone
from tests.web.direction import made

from dancu.engine.report.indicators import Asked, Figure, counted, figure, records
from dancu.platform.reports import counting
from dancu.reference.loader import rows
from dancu.sectors.direction import entries, may, sample, tasks
from dancu.sectors.direction.books import BY_TABLE
from dancu.sectors.direction.entries import Edit, New
from dancu.sectors.direction.errors import DirectionError
from dancu.sectors.direction.indicators import by_code
from dancu.sectors.direction.tasks import Ask, NewTask

__all__ = ["made"]
HALF = Asked(dt.date(2024, 1, 1), dt.date(2024, 6, 21))
PRINTED = {row["figure_id"]: row for row in rows("domain/seed_figures.csv")}


@pytest.fixture
def year(made: may.System) -> Iterator[may.System]:
    """The half-year as the sample made it, whatever another test did to it."""
    with transaction.atomic():
        yield made
        transaction.set_rollback(True)


def of(code: str, asked: Asked = HALF, unit: str | None = None) -> Figure:
    with connection.cursor() as cursor:
        cursor.execute(*counted(by_code(code), asked))
        parts = [(top, low) for u, top, low in cursor.fetchall() if unit in (None, u)]
    return figure(by_code(code), unit, parts)


def behind(code: str, asked: Asked = HALF, *, hit: bool = True) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(*records(by_code(code), asked, hit=hit))
        return [row[1] for row in cursor.fetchall()]


@pytest.mark.parametrize("figure_id", ["F01", "F02", "F26", "F27"])
def test_the_records_lead_to_the_figure_that_the_review_printed(
    year: may.System, figure_id: str
) -> None:
    printed = PRINTED[figure_id]
    found = of(printed["indicator_code"])
    assert found.value == Decimal(printed["printed_value"])
    if printed["denominator"]:
        assert found.denominator == Decimal(printed["denominator"])
        assert found.numerator == Decimal(printed["numerator"])


def test_who_falls_short_is_named(year: may.System) -> None:
    assert behind("districts_without_budget") == ["218"]
    assert sorted(behind("districts_without_it_officer")) == ["213", "219", "220", "221", "222"]
    assert len(behind("district_plans_issued_pct")) == 10


def test_the_same_half_year_twice_adds_nothing(year: may.System) -> None:
    assert sample.make() == sample.Made(120, 10, 9, 10, 20, 25)
    assert of("directives_issued").value == 106


def test_money_decided_in_july_counts_in_july_and_not_in_june(year: may.System) -> None:
    day = dt.date(2024, 7, 3)
    budget(year, "218", day)
    assert of("districts_without_budget").value == 1
    assert of("districts_without_budget", Asked(HALF.first, day)).value == 0
    assert of("districts_without_budget", Asked(HALF.first, day - dt.timedelta(days=1))).value == 1


def test_a_plan_holds_to_the_end_of_its_year_and_the_new_year_begins_without_one(
    year: may.System,
) -> None:
    eve, new_year = dt.date(2024, 12, 31), dt.date(2025, 1, 1)
    assert of("district_plans_issued_pct", Asked(HALF.first, eve)).numerator == 10
    found = of("district_plans_issued_pct", Asked(new_year, new_year))
    assert (found.numerator, found.denominator) == (0, 10)


def test_units_are_counted_from_the_year_of_the_programme_until_they_end(year: may.System) -> None:
    def there(day: dt.date) -> Decimal:
        return of("districts_without_budget", Asked(day, day)).denominator

    assert there(dt.date(2022, 1, 1)) > 0 and there(dt.date(2021, 12, 31)) == 0
    assert there(dt.date(2025, 6, 30)) > 0 and there(dt.date(2025, 7, 1)) == 0


def test_a_unit_that_nothing_ends_is_counted_in_any_year(year: may.System) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE direction.place SET lives = daterange(lower(lives), NULL)")
    far = dt.date(2046, 5, 1)
    assert of("districts_without_budget", Asked(far, far)).value > 0


def test_a_decision_found_later_is_told_apart_from_what_was_known_then(year: may.System) -> None:
    """Decided in March, recorded in August: as known in June one district lacks money, as known now none."""
    budget(year, "218", dt.date(2024, 3, 5), known=dt.date(2024, 8, 1))
    then = Asked(HALF.first, HALF.last, at(dt.date(2024, 6, 21)))
    assert (of("districts_without_budget", then).value, of("districts_without_budget").value) == (
        1,
        0,
    )
    assert of("districts_without_budget", then).denominator == 10


def test_a_plan_taken_back_is_gone_from_now_on_and_stays_in_what_was_known(
    year: may.System,
) -> None:
    book = BY_TABLE["plan"]
    one = entries.entries(book, unit="215")[0]
    edit = Edit(one.version_no, None, "Ghi nhầm đơn vị")
    assert (
        entries.do_change(
            book=book, thing_no=one.thing_no, edit=edit, by=year, at=at(dt.date(2024, 9, 2))
        )
        is None
    )
    then = Asked(HALF.first, HALF.last, at(dt.date(2024, 6, 21)))
    assert of("district_plans_issued_pct").value == Decimal("90.00")
    assert of("district_plans_issued_pct", then).value == Decimal("100.00")
    assert "215" in behind("district_plans_issued_pct", hit=False)


def test_an_officer_who_leaves_is_missed_from_the_next_day(year: may.System) -> None:
    book = BY_TABLE["post"]
    one = entries.entries(book, unit="223")[0]
    last = dt.date(2024, 5, 31)
    edit = Edit(one.version_no, {**one.values, "valid_to": last}, "Chuyển công tác")
    entries.do_change(book=book, thing_no=one.thing_no, edit=edit, by=year, at=at(last))
    assert of("districts_without_it_officer").value == 6
    assert of("districts_without_it_officer", Asked(HALF.first, last)).value == 5


def test_two_rows_of_a_post_never_say_two_things_of_a_day(year: may.System) -> None:
    book = BY_TABLE["post"]
    values = {
        **entries.entries(book, unit="213")[0].values,
        "state": "filled",
        "valid_from": dt.date(2024, 6, 1),
    }
    with pytest.raises(DirectionError, match="đã có dòng khác"):
        entries.do_record(
            book=book, new=New("213", sample.UNIT_DAY, values), by=year, at=at(HALF.last)
        )


@pytest.mark.parametrize(
    ("typed", "body", "day", "taken"),
    [
        ("0015/ubnd - xy", "committee", dt.date(2024, 3, 1), False),
        ("Số: 15/UBND-XY", "committee", dt.date(2024, 5, 2), False),
        ("15/UBND-XY", "task_force", dt.date(2024, 3, 1), True),
        ("15/UBND-XY", "committee", dt.date(2023, 3, 1), True),
        ("151/UBND-XY", "committee", dt.date(2024, 3, 1), True),
    ],
)
def test_a_directive_is_recorded_once_however_its_number_is_typed(
    year: may.System, typed: str, body: str, day: dt.date, taken: bool
) -> None:
    first = {
        "number": "15/UBND-XY",
        "body": "committee",
        "issued_on": dt.date(2024, 3, 1),
        "kind": "letter",
    }
    directive(year, first)
    again = {**first, "number": typed, "body": body, "issued_on": day}
    if taken:
        directive(year, again)
        return
    with pytest.raises(DirectionError, match="đã có trong sổ"):
        directive(year, again)


def test_tasks_on_time_are_those_accepted_by_their_day(year: may.System) -> None:
    """Twenty-four of the sample, four of them from findings: ten in time, two late, twelve not reported."""
    whole = Asked(dt.date(2024, 1, 1), dt.date(2024, 12, 31))
    found = of("direction_tasks_on_time_pct", whole)
    assert (found.numerator, found.denominator) == (10, 24)
    assert of("direction_tasks_overdue", whole).value == 12


def test_a_later_day_for_a_task_is_known_only_from_then(year: may.System) -> None:
    on = dt.date(2024, 4, 1)
    task = tasks.do_open(
        new=NewTask("Rà soát hồ sơ", "216", due_on=dt.date(2024, 4, 10)), by=year, at=at(on), on=on
    )
    day = dt.date(2024, 4, 15)
    tasks.do_extend(
        task_no=task.task_no,
        ask=Ask(1, "Chờ kinh phí"),
        due_on=dt.date(2024, 5, 10),
        by=year,
        at=at(day),
        on=day,
    )
    overdue = [
        str(task.task_no) in subjects("direction_tasks_overdue", Asked(on, day, known))
        for known in (at(dt.date(2024, 4, 14)), None)
    ]
    assert overdue == [True, False]


def subjects(code: str, asked: Asked) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(*records(by_code(code), asked))
        return [row[0] for row in cursor.fetchall()]


def budget(by: Any, unit: str, day: dt.date, *, known: dt.date | None = None) -> None:
    values = {
        "year": 2024, "amount": 400_000_000, "source": "local", "decision": "99/QĐ-UBND", "decided_on": day,
    }  # fmt: skip
    new = New(unit, sample.UNIT_DAY, values)
    entries.do_record(book=BY_TABLE["budget"], new=new, by=by, at=at(known or day))


def directive(by: Any, values: dict[str, Any]) -> None:
    new = New("24", sample.UNIT_DAY, {**values, "subject": "Về việc thử", "about": "project06"})
    entries.do_record(book=BY_TABLE["directive"], new=new, by=by, at=at(HALF.last))


def at(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(17), timezone.get_default_timezone())


@pytest.mark.parametrize(
    ("code", "numerator", "denominator"),
    [
        ("inspections_made", 4, 4),
        ("inspection_findings_fixed_pct", 2, 5),
        ("campaign_people_reached", 2715, 6),
        ("good_models", 3, 3),
        ("good_models_copied", 4, 4),
        ("units_being_helped", 2, 2),
    ],
)
def test_what_hangs_together_is_counted_in_the_province(
    year: may.System, code: str, numerator: int, denominator: int
) -> None:
    found = counting.figures(code, HALF, units=["24"])["24"]
    assert (found.numerator, found.denominator) == (numerator, denominator)


@pytest.mark.parametrize("figure_id", ["F01", "F02", "F26", "F27"])
def test_rolled_up_over_the_units_of_the_day_the_province_has_the_same_figure(
    year: may.System, figure_id: str
) -> None:
    """As the report asks: of the province, in the tree of June 2024 and in that of after the mergers."""
    code, printed = PRINTED[figure_id]["indicator_code"], PRINTED[figure_id]["printed_value"]
    for tree in (HALF.last, dt.date(2026, 11, 1)):
        found = counting.figures(code, HALF, units=["24"], of=tree)["24"]
        assert found.value == Decimal(printed), tree
