"""Survey rounds with their coverage; re-inspection with the true error rate and its interval."""

from __future__ import annotations

import html
from collections.abc import Callable
from typing import Any

import pytest
from tests.web.register import RegisterSite

from dancu.platform.worklists import making, rounds

# wrong, looked at, share, low, high (Wilson's 95%)
RATES = [
    (0, 50, 0.0, 0.0, 0.0714),
    (2, 50, 0.04, 0.0110, 0.1346),
    (5, 10, 0.5, 0.2366, 0.7634),
    (10, 10, 1.0, 0.7225, 1.0),
]


@pytest.mark.parametrize(("wrong", "looked", "share", "low", "high"), RATES)
def test_the_true_error_rate_and_its_interval(
    wrong: int, looked: int, share: float, low: float, high: float
) -> None:
    found = rounds.rate(wrong, looked)
    assert found is not None
    assert (found.value, found.low, found.high) == pytest.approx((share, low, high), abs=1e-3)


def test_before_anybody_looked_there_is_no_rate() -> None:
    assert rounds.rate(0, 0) is None


@pytest.fixture
def steward(register_site: RegisterSite, client_as: Callable[..., Any]) -> Any:
    making.refresh_tasks()
    return client_as("data_steward", unit="24")


def test_a_sample_of_clean_persons_is_drawn_and_looked_at(
    register_site: RegisterSite, steward: Any
) -> None:
    made = steward.post("/viec/kiem-tra-lai/", {"unit": "24", "kind": "clean", "size": "20"})
    assert made.status_code == 302
    page = made["Location"]
    ((number, frame),) = register_site.ask(
        "SELECT id, frame FROM worklists_reinspection ORDER BY id DESC LIMIT 1"
    )
    items = register_site.ask(
        "SELECT i.id, count(f.finding_no) FROM worklists_reinspectionitem i"
        " JOIN register.person p ON p.citizen_id = i.citizen_id"
        " LEFT JOIN register.finding f ON f.subject_id = p.person_id AND f.level = 'person' AND f.closed_at IS NULL"
        " WHERE i.reinspection_id = %s GROUP BY i.id ORDER BY i.id", number,
    )  # fmt: skip
    assert len(items) == 20 < frame and {n for _, n in items} == {0}
    assert steward.post(page, {"item": items[0][0], "wrong": "1", "note": ""}).status_code == 422
    steward.post(page, {"item": items[0][0], "wrong": "1", "note": "Sai ngày sinh"})
    for item, _ in items[1:]:
        steward.post(page, {"item": item, "wrong": "0"})
    text = html.unescape(steward.get(page).content.decode())
    assert "5,00%" in text and "0,89% – 23,61%" in text


def test_a_round_counts_who_was_met(
    register_site: RegisterSite, steward: Any, client_as: Callable[..., Any]
) -> None:
    unit = register_site.communes[0]
    form = {"unit": unit, "title": "Phúc tra quý III", "starts": "1/7/2024"}
    form |= {"ends": "31/07/2024", "size": "4"}
    assert steward.post("/viec/phuc-tra/", {**form, "ends": "2024-06-01"}).status_code == 422
    assert steward.post("/viec/phuc-tra/", {**form, "size": "abc"}).status_code == 422
    page = steward.post("/viec/phuc-tra/", form)["Location"]
    visits = register_site.ask(
        "SELECT id, unit_code FROM worklists_surveyvisit ORDER BY id DESC LIMIT 4"
    )
    assert {u for _, u in visits} == {unit}
    police = client_as("commune_police", unit=unit)
    for (visit, _), result in zip(visits, ["right", "right", "wrong", "absent"], strict=True):
        assert police.post(page, {"visit": visit, "result": result}).status_code == 302
    assert police.post(page, {"visit": visits[0][0], "result": "none"}).status_code == 422
    text = html.unescape(police.get(page).content.decode())
    assert "4 / 4" in text and "33,33%" in text
    ((logged,),) = register_site.ask(
        "SELECT count(DISTINCT citizen_id) FROM register.access_log WHERE by = %s AND basis LIKE 'survey %%'",
        police.user.username,
    )
    assert logged == 4
    assert police.post("/viec/phuc-tra/", form).status_code == 403
    other = client_as("commune_police", unit=register_site.communes[1])
    assert other.get(page).status_code == 404 and other.post(page).status_code == 404


def test_the_whole_unit_can_be_surveyed(register_site: RegisterSite, steward: Any) -> None:
    unit = register_site.communes[0]
    form = {"unit": unit, "title": "", "starts": "2024-07-01", "ends": "2024-07-31", "size": ""}
    assert steward.post("/viec/phuc-tra/", form).status_code == 302
    ((planned, whole),) = register_site.ask(
        "SELECT planned, whole FROM worklists_surveyround ORDER BY id DESC LIMIT 1"
    )
    ((people,),) = register_site.ask(
        "SELECT count(*) FROM register.person WHERE unit_code = %s AND coalesce(life_status, '') <> '2'", unit
    )  # fmt: skip
    assert whole and planned == people
