"""Dossiers by the book: what may become of one, how its clock runs, what the procedures say on a day."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import pytest

from dancu.reference import services, working_time
from dancu.sectors.public_services import clock, workflow


def _cases(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(Path(__file__).with_name(name).read_text("utf-8").splitlines()))


def _moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


@pytest.mark.parametrize("case", _cases("moves.csv"), ids=lambda c: c["case"])
def test_what_becomes_of_a_dossier(case: dict[str, str]) -> None:
    found = workflow.MOVES.after(int(case["status"]), case["action"])
    assert found == (int(case["becomes"]) if case["becomes"] else None)


@pytest.mark.parametrize("case", _cases("clock.csv"), ids=lambda c: c["case"])
def test_whether_it_was_in_time(case: dict[str, str]) -> None:
    turns = [
        clock.Turn(int(status), _moment(at))
        for status, _, at in (turn.partition("@") for turn in case["turns"].split("|"))
    ]
    until = _moment(case["until"])
    kept = clock.on_time(
        turns, due=_moment(case["due"]), supplements=int(case["supplements"]), until=until
    )
    assert kept == (case["on_time"] == "yes")
    assert clock.awaited_minutes(turns, until=until) == int(case["awaited"])


def test_every_official_status_is_reached_and_every_end_is_an_end() -> None:
    reached = {workflow.FILED} | {move.to for move in workflow.MOVES.values() if move.to}
    assert reached == set(services.statuses())
    for status in workflow.ENDED:
        leads = set(workflow.MOVES.open_in(status))
        assert leads == ({"give"} if status == workflow.PROCESSED else set())


@pytest.mark.parametrize(
    ("received", "procedure", "due"),
    [
        ("2024-06-21 09:00", "BG.ES12", "2024-06-21 17:00"),  # a birth: the same day
        (
            "2024-06-21 15:30",
            "BG.ES12",
            "2024-06-24 17:00",
        ),  # after three o'clock: the next working day
        ("2024-06-21 09:00", "1.004222", "2024-07-02 17:00"),  # seven working days
        ("2024-06-21 16:00", "BG.ES06", "2024-06-24 10:30"),  # four working hours
        (
            "2024-04-26 09:00",
            "1.004194",
            "2024-05-04 17:00",
        ),  # three days over a holiday, a working Saturday in them
    ],
)
def test_when_a_result_is_due(received: str, procedure: str, due: str) -> None:
    found = services.get(procedure, on=_moment(received).date())
    assert found.due(_moment(received)) == _moment(due)


def test_since_july_2025_papers_are_asked_for_once() -> None:
    assert workflow.may_ask_again(1, on=dt.date(2025, 6, 30))
    assert workflow.may_ask_again(0, on=dt.date(2025, 7, 1))
    assert not workflow.may_ask_again(1, on=dt.date(2025, 7, 1))


def test_the_essential_services_are_eleven_of_the_police_and_fourteen_others() -> None:
    june = [p for p in services.procedures(on=dt.date(2024, 6, 21)) if p.essential_id]
    assert sorted(p.group for p in june) == ["other"] * 14 + ["police"] * 11


def test_working_minutes_go_on_where_they_stopped() -> None:
    start = dt.datetime(2024, 6, 21, 16, 15)
    for minutes in (0, 1, 45, 46, 300, 2_000):
        end = working_time.after(start, minutes=minutes)
        assert working_time.minutes_between(start, end) == minutes
