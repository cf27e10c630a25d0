"""Shortcomings found by themselves: opened once, made a task, escalated, checked again in the next period."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction
from django.utils import timezone
from tests.terms import amend
from tests.web.direction import made

from dancu.sectors.direction import entries, may, nightly, sample, tasks
from dancu.sectors.direction import reading as direction
from dancu.sectors.direction.books import BY_TABLE
from dancu.sectors.direction.entries import New
from dancu.sectors.direction.shortcomings import checking, kinds, reading
from dancu.sectors.direction.shortcomings.reading import Filters, Shortcoming

__all__ = ["made"]
JUNE, JULY, DECEMBER = dt.date(2024, 6, 30), dt.date(2024, 7, 31), dt.date(2024, 12, 31)
LUC_NAM, PLACE, PROVINCE = "218", "07204", "24"


@pytest.fixture
def by(made: may.System) -> Iterator[may.System]:
    with transaction.atomic():
        yield made
        transaction.set_rollback(True)


def check(on: dt.date, *, full: bool | None = None) -> checking.Checked:
    return checking.run(province=PROVINCE, on=on, at=timezone.now(), full=full)


def found(kind: str, unit: str | None = None, state: str = "open") -> list[Shortcoming]:
    filters = Filters(state, kind, units=None if unit is None else [unit])
    return reading.listed(filters, on=DECEMBER, limit=500, offset=0)


def received(paper: int, online: int, day: dt.date, *, place: str = PLACE) -> None:
    """Dossiers of one of the 25 services in a ward, received on the day."""
    at = dt.datetime.combine(day, dt.time(9), ZoneInfo("Asia/Ho_Chi_Minh"))
    rows = [
        [f"H02.{uuid4().hex[:12]}", place, place, 1 if n < paper else 2, at, at, at + dt.timedelta(5)]
        for n in range(paper + online)
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO services.dossier (code, procedure, version, essential, procedure_group, place, unit_code,"
            " channel, applicant_name, status, filed_at, accepted_at, due_at)"
            " VALUES (%s, '1.004222', 1, 'x', 'police', %s, %s, %s, 'NGUYỄN VĂN A', 4, %s, %s, %s)",
            rows,
        )


def test_what_the_review_found_is_found_from_the_records_once_and_each_is_a_task(
    by: may.System,
) -> None:
    first = check(JUNE)
    assert [s.unit_code for s in found(kinds.NO_BUDGET)] == [LUC_NAM]
    assert sorted(s.unit_code for s in found(kinds.VACANT)) == list(sample.WITHOUT_IT_OFFICER)
    assert found(kinds.NO_PLAN) == []
    every = reading.listed(Filters(), on=DECEMBER, limit=500, offset=0)
    assert len(every) == first.opened > 0
    for one in every:
        task = direction.get(one.task_no or 0)
        assert task.unit_code == one.unit_code
        if one.kind == kinds.LATE:
            assert str(task.task_no) == one.subject
        else:
            assert task.origin == tasks.Origin("shortcoming", one.shortcoming_no)
            assert task.giver_code == PROVINCE and task.due_on == dt.date(2024, 8, 9)
    again = check(JUNE)
    assert again.opened == 0 and reading.count(Filters(), on=DECEMBER) == first.opened


def test_money_decided_later_is_told_as_fixed_and_what_stays_as_still_there(by: may.System) -> None:
    check(JUNE)
    (before,) = found(kinds.NO_BUDGET)
    values = {
        "year": 2024, "amount": 500_000_000, "source": "local",
        "decision": "12/QĐ-UBND", "decided_on": dt.date(2024, 7, 15),
    }  # fmt: skip
    entries.do_record(
        book=BY_TABLE["budget"], new=New(LUC_NAM, JULY, values), by=by, at=timezone.now()
    )
    told = check(DECEMBER)
    after = reading.get(before.shortcoming_no)
    assert (after.result, after.closed_on, after.period) == ("fixed", DECEMBER, "2024-H1")
    assert told.fixed == 1 and {s.result for s in found(kinds.VACANT)} == {"still"}
    assert [a.state for a in direction.history(reading.BOOK, before.shortcoming_no)] == ["found", "fixed"]  # fmt: skip


@pytest.mark.parametrize(
    ("on", "due"),
    [("2024-07-14", None), ("2024-07-15", "2024-07-29")],
    ids=["not missing yet", "missing, ten working days"],
)
def test_what_is_missing_and_until_when_goes_by_the_terms_of_the_day(
    by: may.System, monkeypatch: pytest.MonkeyPatch, on: str, due: str | None
) -> None:
    """From July on the year's plan and money are due on the 15th, and a shortcoming is put right in ten days."""
    amend(monkeypatch, "plan_of_year", "07-15", since=dt.date(2024, 7, 1))
    amend(monkeypatch, "shortcoming_fix", "10", since=dt.date(2024, 7, 1))
    check(dt.date.fromisoformat(on))
    given = [direction.get(one.task_no or 0).due_on.isoformat() for one in found(kinds.NO_BUDGET)]
    assert given == ([] if due is None else [due])


def test_what_comes_back_in_the_same_period_is_the_same_one_again(by: may.System) -> None:
    check(dt.date(2024, 7, 1))
    (before,) = found(kinds.NO_BUDGET)
    values = {
        "year": 2024, "amount": 5_000_000, "source": "local",
        "decision": "13/QĐ-UBND", "decided_on": dt.date(2024, 7, 15),
    }  # fmt: skip
    book, at = BY_TABLE["budget"], timezone.now()
    entry = entries.do_record(book=book, new=New(LUC_NAM, JULY, values), by=by, at=at)
    check(dt.date(2024, 7, 16))
    edit = entries.Edit(entry.version_no, None, "Quyết định bị thu hồi")
    entries.do_change(book=book, thing_no=entry.thing_no, edit=edit, by=by, at=at + dt.timedelta(1))
    check(dt.date(2024, 8, 20))
    (after,) = found(kinds.NO_BUDGET)
    assert (after.shortcoming_no, after.result) == (before.shortcoming_no, "again")
    assert after.task_no != before.task_no


@pytest.mark.parametrize(
    ("later", "word"),
    [((36, 4), "worse"), ((28, 12), "still"), ((12, 28), "better"), ((8, 32), "fixed"), ((1, 9), "found")],
    ids=["10 %", "30 % again", "70.00 % is not above 70", "80 % is above both targets", "ten dossiers say nothing"],
)  # fmt: skip
def test_a_missed_target_is_told_in_records_and_judged_anew_in_the_next_period(
    by: may.System, later: tuple[int, int], word: str
) -> None:
    received(28, 12, dt.date(2024, 6, 3))
    check(JUNE)
    (before,) = found(kinds.MISSED, PLACE)
    assert (before.numerator, before.denominator, before.indicator) == (
        12,
        40,
        "online_rate_essential_25",
    )
    assert (before.target, before.comparison, before.gap, before.gap_new) == (70, "gt", 17, 54)
    assert "30,00%, mục tiêu trên 70%" in before.title
    received(*later, dt.date(2024, 9, 3))
    check(DECEMBER)
    after = reading.get(before.shortcoming_no)
    assert after.result == word and (after.closed_on is not None) == (word == "fixed")
    assert len(found(kinds.MISSED, PLACE, "all")) == 1


def test_who_is_late_is_told_to_the_unit_above_and_on(by: may.System) -> None:
    check(JUNE)
    (one,) = found(kinds.NO_BUDGET)
    nightly.follow(at=timezone.now(), on=dt.date(2024, 8, 12))
    assert reading.get(one.shortcoming_no).escalated_to == PROVINCE
    assert reading.listed(Filters("late"), on=dt.date(2024, 8, 12), limit=9, offset=0)


def test_of_a_month_not_at_its_end_the_books_alone_are_judged(by: may.System) -> None:
    received(28, 12, dt.date(2024, 6, 3))
    check(dt.date(2024, 6, 21))
    assert found(kinds.NO_BUDGET) and not found(kinds.MISSED, PLACE)


def test_a_unit_that_is_no_more_ends_its_shortcomings_and_is_not_said_to_have_fixed_them(
    by: may.System,
) -> None:
    check(JUNE)
    checking.run(province=PROVINCE, on=dt.date(2025, 7, 31), at=timezone.now())
    (one,) = found(kinds.NO_BUDGET, LUC_NAM, "all")
    assert one.result == "ended" and not found(kinds.NO_BUDGET, LUC_NAM)
