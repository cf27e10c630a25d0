"""Dossiers in the database: one life from filing to the result, who may do what, and figures that keep themselves."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import connections, transaction

from dancu.sectors.public_services import acting, dossiers, workflow
from dancu.sectors.public_services.acting import Actor, Ask, Filing
from dancu.sectors.public_services.errors import Changed, NotOpen, ServiceError
from dancu.sectors.public_services.system import as_system

PLACE = "07204"
START = dt.datetime(2025, 7, 7, 8, 0)
SYSTEM = Actor("hệ thống", "system")


def _at(day: int = 0, hour: int = 0, minute: int = 0) -> dt.datetime:
    return dossiers.aware(START + dt.timedelta(days=day, hours=hour, minutes=minute))


@pytest.fixture
def owner(site: str) -> Any:
    """The owner's connection stands in for a page's, so that the rules are tried without a territory."""
    with as_system():
        yield connections["owner"]
        transaction.set_rollback(True)


@pytest.fixture
def officer(account: Callable[..., Any]) -> Actor:
    user = account("one_stop_officer", unit=PLACE)
    return Actor(user.username, "officer", user)


@pytest.fixture
def leader(account: Callable[..., Any]) -> Actor:
    user = account("unit_head", unit=PLACE)
    return Actor(user.username, "leader", user)


def _filed(procedure: str = "1.004222", channel: int = 2, at: dt.datetime | None = None) -> Any:
    filing = Filing(
        procedure, PLACE, PLACE, channel, uuid4(), "NGUYỄN VĂN A", {"where": "Thôn Đông"}
    )
    return acting.do_file(filing=filing, by=SYSTEM, at=at or _at())


def _do(
    dossier: Any, by: Actor, action: str, at: dt.datetime, reason: str = "", **data: Any
) -> Any:
    ask = Ask(action, dossier.version_no, reason=reason, data=data)
    return acting.do_act(dossier_no=dossier.dossier_no, by=by, ask=ask, at=at)


def test_from_filing_to_the_result(owner: Any, officer: Actor, leader: Actor) -> None:
    one = _filed()
    assert one.code == "H02.07.204-250707-0001" and one.status == workflow.FILED
    one = _do(one, officer, "accept", _at(0, 1))
    assert dossiers.local(one.due_at) == dt.datetime(2025, 7, 16, 17, 0)
    one = _do(one, officer, "take", _at(0, 2))
    one = _do(
        one,
        officer,
        "ask_supplement",
        _at(1),
        "Thiếu giấy tờ chỗ ở",
        papers="Giấy tờ chứng minh chỗ ở",
    )
    one = _do(one, officer, "supplement", _at(3))
    # Two working days were waited for; the due moment moved on by as much.
    assert dossiers.local(one.due_at) == dt.datetime(2025, 7, 18, 17, 0)
    one = _do(one, officer, "propose", _at(4))
    one = _do(one, leader, "sign", _at(4, 2))
    assert (one.status, one.on_time, one.holder) == (workflow.PROCESSED, True, officer.name)
    one = _do(one, officer, "give", _at(5))
    assert one.status == workflow.RETURNED and one.ended_at < one.returned_at


def test_a_second_request_for_papers_is_refused_since_july_2025(owner: Any, officer: Actor) -> None:
    one = _do(_filed(), officer, "accept", _at(0, 1))
    one = _do(one, officer, "ask_supplement", _at(1), "Thiếu tờ khai", papers="Tờ khai")
    one = _do(one, officer, "supplement", _at(2))
    with pytest.raises(NotOpen, match="một lần"):
        _do(one, officer, "ask_supplement", _at(3), "Thiếu ảnh", papers="Ảnh")


def test_an_apology_comes_a_day_before_and_does_not_hide_lateness(
    owner: Any, officer: Actor, leader: Actor
) -> None:
    one = _do(_do(_filed(), officer, "accept", _at(0, 1)), officer, "take", _at(0, 2))
    with pytest.raises(ServiceError, match="trước hạn"):
        _do(one, officer, "apologise", _at(9), "Cần xác minh", due=dt.date(2025, 7, 21))
    one = _do(one, officer, "apologise", _at(8), "Cần xác minh", due=dt.date(2025, 7, 21))
    one = _do(_do(one, officer, "propose", _at(10)), leader, "sign", _at(11))
    assert dossiers.local(one.promised_at).date() == dt.date(2025, 7, 21)
    assert one.on_time is False


def test_who_signs_is_another_than_who_proposed(owner: Any, officer: Actor, leader: Actor) -> None:
    one = _do(_do(_filed(), officer, "accept", _at(0, 1)), officer, "take", _at(0, 2))
    with pytest.raises(NotOpen, match="trình ký"):
        _do(one, leader, "sign", _at(1))
    with pytest.raises(NotOpen, match="vai trò"):
        _do(one, officer, "sign", _at(1))


def test_of_two_officers_the_second_is_told(owner: Any, officer: Actor) -> None:
    one = _filed()
    _do(one, officer, "accept", _at(0, 1))
    with pytest.raises(Changed):
        _do(one, officer, "refuse", _at(0, 1), "Không thuộc thẩm quyền", law="Điều 17")


def test_the_same_event_twice_changes_nothing(owner: Any, officer: Actor) -> None:
    one = _filed()
    ask = Ask("accept", one.version_no)
    first = acting.do_act(dossier_no=one.dossier_no, by=officer, ask=ask, at=_at(0, 1))
    assert acting.do_act(dossier_no=one.dossier_no, by=officer, ask=ask, at=_at(0, 2)) == first


def _kept(owner: Any, source: str) -> list[Any]:
    own = "SELECT unit_code, procedure, version, channel, month, figure, n FROM services.figure"
    again = (
        "SELECT d.unit_code, d.procedure, d.version, d.channel, c.month, c.figure, sum(c.n)::bigint AS n"
        " FROM services.dossier d CROSS JOIN LATERAL services.contribution(d) c GROUP BY 1, 2, 3, 4, 5, 6"
        " HAVING sum(c.n) <> 0"
    )
    with owner.cursor() as cursor:
        cursor.execute(f"{own if source == 'kept' else again} ORDER BY 1, 2, 3, 4, 5, 6")
        return cursor.fetchall()


@pytest.mark.parametrize("seed", range(3))
def test_kept_figures_equal_a_recount_after_random_lives(
    owner: Any, officer: Actor, leader: Actor, seed: int
) -> None:
    rng = random.Random(seed)
    for _ in range(12):
        one = _filed(
            rng.choice(("BG.ES12", "1.004222", "3.000347")),
            rng.choice((1, 2, 3)),
            _at(rng.randrange(40)),
        )
        moment = dossiers.local(one.filed_at)
        for _ in range(rng.randrange(12)):
            moment += dt.timedelta(hours=rng.randrange(1, 60))
            actor = rng.choice((officer, leader))
            options = [
                a for a in acting.open_actions(one, actor.role) if a not in ("extend", "apologise")
            ]
            if not options:
                continue
            try:
                one = _do(one, actor, rng.choice(options), dossiers.aware(moment), "Lý do thử",
                          law="Điều 1", papers="Ảnh", unit=rng.choice((PLACE, "07207")))  # fmt: skip
            except NotOpen:
                continue
    assert _kept(owner, "kept") == _kept(owner, "recount")
    assert _kept(owner, "kept")
