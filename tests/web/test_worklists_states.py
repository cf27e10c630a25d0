"""What may be done to a task, as a table: a clerk reads it line by line."""

from __future__ import annotations

import datetime as dt

import pytest
from tests.terms import amend

from dancu.platform.worklists import states

# trạng thái | thao tác | sau đó («-»: không được)
TABLE = """
new             take          reviewing
new             fix           reviewing
new             propose       waiting_second
new             refer         referred
new             send_back     waiting_source
new             cannot_fix    cannot_fix
new             not_an_error  not_an_error
new             settled       fixed
new             confirm       -
new             agree         -
reviewing       take          -
reviewing       visit         reviewing
reviewing       fix           reviewing
reviewing       propose       waiting_second
reviewing       undo          reviewing
waiting_second  confirm       reviewing
waiting_second  decline       reviewing
waiting_second  fix           -
waiting_second  refer         -
waiting_second  cannot_fix    -
waiting_second  assign        waiting_second
waiting_source  fix           reviewing
waiting_source  source_answered reviewing
waiting_source  send_back     -
referred        take          reviewing
referred        refer         referred
referred        fix           reviewing
cannot_fix      take          reviewing
cannot_fix      fix           -
cannot_fix      reopen        new
not_an_error    agree         not_an_error
not_an_error    reject        reviewing
not_an_error    fix           -
not_an_error    settled       fixed
fixed           reopen        new
fixed           undo          reviewing
fixed           fix           -
fixed           refer         -
fixed           evidence      fixed
"""
ROWS = [line.split() for line in TABLE.strip().splitlines()]


@pytest.mark.parametrize(("state", "action", "expected"), ROWS)
def test_after(state: str, action: str, expected: str) -> None:
    assert states.MOVES.after(state, action) == (None if expected == "-" else expected)


def test_every_state_and_action_has_words() -> None:
    assert set(states.MOVES) == set(states.ACTIONS)
    assert set(states.STATES) == set(states.OPEN) | set(states.CLOSED) == set(states.BADGES)
    for allowed, target in states.MOVES.values():
        assert set(allowed) <= set(states.STATES) and (target is None or target in states.STATES)


def test_every_open_state_leads_to_an_end() -> None:
    reached = {"fixed"}
    for _ in states.STATES:
        for allowed, target in states.MOVES.values():
            if target in reached:
                reached |= set(allowed)
    assert reached == set(states.STATES)


@pytest.mark.parametrize(
    ("came", "visit", "review", "fix"),
    [
        ("2024-06-21", False, "2024-06-28", "2024-07-05"),
        ("2024-06-21", True, "2024-06-28", "2024-07-19"),
        # Tết: 8 to 14 February are no working days
        ("2024-02-05", False, "2024-02-19", "2024-02-26"),
    ],
)
def test_five_days_to_review_five_to_fix_fifteen_with_a_visit(
    came: str, visit: bool, review: str, fix: str
) -> None:
    day = dt.date.fromisoformat
    assert states.due(day(came), visit=visit) == (day(review), day(fix))


@pytest.mark.parametrize(
    ("came", "review", "fix"),
    [("2024-06-20", "2024-06-27", "2024-07-04"), ("2024-06-21", "2024-06-25", "2024-07-02")],
)
def test_a_task_is_due_by_the_terms_of_the_day_on_which_it_came(
    monkeypatch: pytest.MonkeyPatch, came: str, review: str, fix: str
) -> None:
    """From 21 June on there are two days to look at it; the five to put it right stay."""
    day = dt.date.fromisoformat
    amend(monkeypatch, "finding_review", "2", since=day("2024-06-21"))
    assert states.due(day(came)) == (day(review), day(fix))
