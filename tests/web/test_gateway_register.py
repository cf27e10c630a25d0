"""The gateway's adapter to our own register: the same port as to the national side, answered here and logged here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from tests.web import consents
from tests.web.register import RegisterSite
from tests.web.test_verify_api import claims, consented, lines, someone

from dancu.engine.verify import Asked
from dancu.platform.gateway import choice
from dancu.platform.gateway.models import Question
from dancu.platform.gateway.port import Reply, Request
from dancu.platform.gateway.register import RegisterGateway
from dancu.reference.errors import ReferenceDataError


@pytest.fixture
def officer(client_as: Callable[..., Any], register_site: RegisterSite) -> Any:
    return client_as("one_stop_officer", unit=register_site.communes[0])


def ask(officer: Any, number: str, told: dict[str, str], purpose: str = "procedure") -> Reply:
    with consents.officer(officer) as by:
        return choice.gateway().ask(Request(
            asked=Asked(number, claims=told), by=by, officer_name=by.display_name, officer_number=by.username,
            purpose=purpose, basis="Nghị định 61/2018/NĐ-CP", at=timezone.now(), on=dt.date(2024, 6, 21),
            channel="scan",
        ))  # fmt: skip


def test_an_installation_with_a_register_asks_it(officer: Any, register_site: RegisterSite) -> None:
    assert isinstance(choice.gateway(), RegisterGateway)
    person = someone(register_site)
    number = person["personal_number"]
    before = Question.objects.using("owner").count()
    cases = {
        "confirmed": (number, claims(person)),
        "mismatch": (number, claims(person, birth_date="1901-02-03")),
        "not_identified": ("924099999995", claims(person)),
    }
    receipts = {}
    for result, (asked, told) in cases.items():
        reply = ask(officer, asked, told)
        assert (reply.state, reply.answer.result) == ("verified", result)
        receipts[result] = reply.receipt
    ((_, by, partner, _, channel, purpose, basis, fields, outcome),) = lines(
        register_site, "receipt = %s", receipts["confirmed"]
    )
    assert (by, partner, channel, purpose) == (officer.user.username, None, "scan", "procedure")
    assert (basis, fields) == ("Nghị định 61/2018/NĐ-CP", ["birth_date", "full_name"])
    assert outcome == "compared" and len(set(receipts.values())) == 3
    assert Question.objects.using("owner").count() == before, (
        "nothing waits, nothing leaves the house"
    )


def test_what_the_register_refuses_is_a_refusal_with_its_reason_and_no_answer(
    officer: Any, register_site: RegisterSite
) -> None:
    person = someone(register_site, 2)
    told = (person["personal_number"], claims(person))
    refused = ask(officer, *told, purpose="lodging")
    assert (refused.state, refused.reason) == ("refused", "no_consent")
    assert refused.answer.result == "not_verified" and refused.answer.attributes == ()
    assert lines(register_site, "receipt = %s", refused.receipt)[0][-1] == "no_consent"
    consented(register_site, person["citizen_id"], "lodging", "")
    assert ask(officer, *told, purpose="lodging").answer.result == "confirmed"
    with pytest.raises(ReferenceDataError):
        ask(officer, *told, purpose="no_such_purpose")


def test_a_purpose_that_the_person_has_had_stopped_is_no_line_that_is_stopped(
    officer: Any, register_site: RegisterSite
) -> None:
    """«stopped» is the gateway's own word for a line closed by hand; the person's stop has another one."""
    person = someone(register_site, 3)
    register_site.do(
        "WITH r AS (INSERT INTO consent.request (event_id, citizen_id, kind, purposes, channel, given_by, relation,"
        " recorded_by, respond_by, due_on, law) VALUES (gen_random_uuid(), %s, 'restriction', '{procedure}', 'page',"
        " %s, 'self', 'test', now(), now(), 'x') RETURNING request_no, citizen_id)"
        " INSERT INTO consent.restriction (request_no, citizen_id, purpose, by)"
        " SELECT request_no, citizen_id, 'procedure', 'test' FROM r", person["citizen_id"], person["citizen_id"],
    )  # fmt: skip
    reply = ask(officer, person["personal_number"], claims(person))
    assert (reply.state, reply.reason) == ("refused", "stopped_by_person") and reply.receipt
