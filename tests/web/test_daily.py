"""The register's day goes with the calendar: missed nights at once, twice the same, not past a change of units."""

from __future__ import annotations

import datetime as dt

import pytest
from tests.web.register import ON, RegisterSite

from dancu.platform.units import daily

DAYS = [
    # today, the day it comes to, whether a change of units holds it
    (ON, ON, False),
    (dt.date(2024, 6, 24), dt.date(2024, 6, 24), False),
    (dt.date(2024, 6, 24), dt.date(2024, 6, 24), False),
    (dt.date(2025, 3, 1), dt.date(2024, 12, 31), True),
    (dt.date(2025, 3, 2), dt.date(2024, 12, 31), True),
]


def state(site: RegisterSite) -> dt.date:
    ((on,),) = site.ask("SELECT on_day FROM register.state")
    return on  # type: ignore[no-any-return]


def test_invented_people_keep_their_day(register_site: RegisterSite) -> None:
    assert daily.move_on(today=dt.date(2024, 6, 30)) is None
    assert state(register_site) == ON
    assert daily.follows(invented=False)


def test_the_day_moves_on_and_the_tasks_follow(
    register_site: RegisterSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dancu.platform.access import territory

    monkeypatch.setenv("DANCU_DAY_FOLLOWS", "1")
    events = "SELECT count(*) FROM register.event WHERE kind = 'day'"
    for today, to, held in DAYS:
        ((before,),) = register_site.ask(events)
        since = state(register_site)
        assert daily.move_on(today=today) == daily.Moved(since, to, held), today
        assert state(register_site) == to == territory.register_day()
        ((after,),) = register_site.ask(events)
        assert after - before == int(to > since), "the second time nothing is done again"
        ((wanted, there),) = register_site.ask(
            "SELECT (SELECT count(*) FROM register.finding WHERE closed_at IS NULL AND level = 'person'),"
            " (SELECT count(*) FROM worklists_task WHERE closed_at IS NULL)"
        )
        assert (wanted > 0) == (there > 0)
    ((by_itself,),) = register_site.ask(
        "SELECT count(*) FROM register.finding WHERE opened_by IN"
        " (SELECT event_no FROM register.event WHERE kind = 'day')"
    )
    assert by_itself > 0, "cards expire without an event"
