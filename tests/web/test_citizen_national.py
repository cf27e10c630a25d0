"""«Ai đã xem dữ liệu của tôi»: what was asked of the national service about me, and nothing of anybody else's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from tests.web.citizens import as_app, come_in, me, number_of, text, two
from tests.web.national.stand_in import StandIn, national, stand_in
from tests.web.register import RegisterSite
from tests.web.test_gateway import nothing_of_before, request
from tests.web.verify import FIELDS, partner

from dancu.engine.verify import Asked
from dancu.platform.gateway import choice, sealing
from dancu.platform.gateway.port import Reply

__all__ = ["me", "national", "nothing_of_before", "stand_in", "two"]
PAGE = "/cong-dan/toi/ai-xem/"


@pytest.fixture
def officer(client_as: Callable[..., Any], register_site: RegisterSite) -> Iterator[Any]:
    yield client_as("one_stop_officer", unit=register_site.communes[0]).user


def ask(by: Any, number: str) -> Reply:
    asked = Asked(number, claims={"full_name": "Giáp Thị Mẫu", "sex": "female"})
    return choice.remote().ask(request(by, asked))


def first(client: Client, address: str = PAGE) -> str:
    return text(client.get(address)).split("<li>")[1].split("</li>")[0]


def test_a_question_of_a_minute_ago_is_there_with_what_became_of_it(
    me: Client, register_site: RegisterSite, two: tuple[str, str], officer: Any, national: StandIn
) -> None:
    number = number_of(register_site, two[0])
    answered = ask(officer, number)
    assert answered.state == "verified"
    line = first(me)
    for said in (officer.display_name, "Cán bộ một cửa", "đã hỏi về", "họ, chữ đệm", "giới tính",
                 "Nghị định 61/2018/NĐ-CP",
                 "Cơ sở dữ liệu quốc gia về dân cư", "Trả lời: không xác định được.", answered.receipt):  # fmt: skip
        assert said in line, said
    assert number not in line and "Mẫu" not in line
    national.behaves("e500")
    waiting = ask(officer, number)
    assert waiting.state == "pending" and "Chưa được trả lời." in first(me)
    other = text(come_in(register_site, two[1]).get(PAGE))
    assert answered.receipt not in other and waiting.receipt not in other


def test_a_partner_s_question_in_verify_only_mode_is_there_with_partner_and_officer(
    me: Client, register_site: RegisterSite, two: tuple[str, str], national: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    """The mode was on, and is off again: a log of before is not lost on the person."""
    del national
    asker = partner(purposes={"health_care": FIELDS})
    token = asker.token()
    with monkeypatch.context() as mode:
        mode.setenv("DANCU_VERIFY_ONLY", "1")
        body = {"number": number_of(register_site, two[0]), "claims": {"full_name": "Giáp Thị Mẫu"}}
        receipt = asker.ask(token, body).json()["receipt"]
    line = first(me)
    assert receipt in line and "Bệnh viện mẫu" in line and "Nguyễn Thị Mẫu (CB-001)" in line
    assert asker.client_id not in line


def test_it_is_found_after_the_secret_changed_and_in_its_month_alone(
    me: Client, register_site: RegisterSite, two: tuple[str, str], officer: Any, national: StandIn,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    from django.conf import settings

    del national
    receipt = ask(officer, number_of(register_site, two[0])).receipt
    assert receipt not in text(me.get(f"{PAGE}?thang=2001-01"))
    with as_app(me) as cursor, monkeypatch.context() as change:
        change.setattr(settings, "SECRET_KEY_FALLBACKS", [settings.SECRET_KEY])
        change.setattr(settings, "SECRET_KEY", "another-secret-key-for-this-test-alone")
        abouts = sealing.all_about(number_of(register_site, two[0]))
        cursor.execute("SELECT receipt::text FROM citizen_asked(%s::bytea[])", [abouts])
        assert (receipt,) in cursor.fetchall()


def test_the_function_answers_a_citizens_session_alone(
    register_site: RegisterSite, two: tuple[str, str], officer: Any, national: StandIn
) -> None:
    from django.db import connection, transaction

    del national
    number = number_of(register_site, two[0])
    ask(officer, number)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM citizen_asked(%s::bytea[])", [[sealing.about(number)]])
        assert cursor.fetchone() == (0,)
