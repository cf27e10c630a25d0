"""Tasks come from findings, follow them, and cost their commune what the engine says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.web.register import ON, RegisterSite

from dancu.platform.worklists import effects, making, states
from dancu.store.register.scoring import scores_now


@pytest.fixture
def unit(register_site: RegisterSite) -> str:
    making.refresh_tasks()
    return register_site.communes[0]


def test_every_person_of_a_commune_with_an_open_finding_has_one_task(
    register_site: RegisterSite, unit: str
) -> None:
    people = register_site.ask(
        "SELECT p.citizen_id, array_agg(f.rule_id ORDER BY f.rule_id) FROM register.person p"
        " JOIN register.finding f ON f.subject_id = p.person_id AND f.level = 'person' AND f.closed_at IS NULL"
        " WHERE p.unit_code = %s GROUP BY 1 ORDER BY 1", unit,
    )  # fmt: skip
    tasks = register_site.ask(
        "SELECT citizen_id, rules FROM worklists_task WHERE unit_code = %s AND state <> 'fixed' ORDER BY 1",
        unit,
    )
    assert people and tasks == people


def test_the_points_of_a_task_are_those_of_the_batch(
    register_site: RegisterSite, unit: str
) -> None:
    """The engine's own `fix_order` of the run that was loaded, against the tasks."""
    from dancu.cli.execute import open_run

    with open_run(register_site.run) as store:
        gains = dict(
            store.fetch(
                f"SELECT person_id, gain FROM fix_order WHERE scope = 'commune' AND scope_code = '{unit}'"
            ).to_pandas().itertuples(index=False)
        )  # fmt: skip
    effects_now = dict(
        register_site.ask("SELECT person_id, effect FROM worklists_task WHERE unit_code = %s AND version = 1", unit)
    )  # fmt: skip
    known = {person: effect for person, effect in effects_now.items() if person in gains}
    assert known
    for person, effect in known.items():
        assert effect == pytest.approx(gains[person], rel=0.05), person


def test_the_score_of_a_commune_is_that_of_the_live_register(
    register_site: RegisterSite, unit: str
) -> None:
    import psycopg

    from dancu.platform.events.writer import desk

    with psycopg.connect(register_site.dsn) as con:
        rows = scores_now(con, desk().context()).to_pylist()
    (expected,) = [
        r["score"] for r in rows
        if (r["scope"], r["scope_code"], r["field"], r["criterion"]) == ("commune", unit, "*", "*")
    ]  # fmt: skip
    assert effects.unit_score(unit, ON, using="owner") == pytest.approx(expected, abs=1e-9)


def test_making_again_changes_nothing(register_site: RegisterSite, unit: str) -> None:
    asked = "SELECT * FROM worklists_task ORDER BY id"
    before = register_site.ask(asked)
    assert making.refresh_tasks([unit]) == making.Refreshed()
    assert making.refresh_tasks() == making.Refreshed()
    assert making.follow_events() == making.Refreshed()
    assert register_site.ask(asked) == before


def test_due_days_count_from_the_day_a_task_came(register_site: RegisterSite, unit: str) -> None:
    rows = register_site.ask(
        "SELECT (created_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date, review_due, fix_due FROM worklists_task"
        " WHERE unit_code = %s LIMIT 1", unit,
    )  # fmt: skip
    assert rows[0][1:] == states.due(rows[0][0])


def test_a_neighbour_sees_no_task(
    register_site: RegisterSite, unit: str, client_as: Callable[..., Any]
) -> None:
    """Raw SQL as the pages' role: nothing without a claim."""
    import psycopg
    from django.db import connections

    params = connections["default"].get_connection_params()
    keep = {k: params[k] for k in ("dbname", "user", "password", "host", "port") if params.get(k)}
    with psycopg.connect(**keep) as con:
        for table in ("task", "taskstep", "fix", "evidence", "surveyround", "surveyvisit", "reinspection",
                      "reinspectionitem", "correctionrequest"):  # fmt: skip
            found = con.execute(f"SELECT count(*) FROM worklists_{table}".encode()).fetchone()
            assert found == (0,), table
        assert con.execute("SELECT count(*) FROM worklists_lines(ARRAY[1, 2, 3])").fetchone() == (
            0,
        )
        assert con.execute("SELECT worklists_person(1, 'x', '{}')").fetchone() == (None,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            con.execute("DELETE FROM worklists_taskstep")
