"""From the citizen's page to the partner's system and back: what is agreed to, withdrawn, and what each side reads."""

from __future__ import annotations

import json
import re
import uuid
from typing import Any

from django.test import Client
from tests.web.citizens import ADULT, come_in, text
from tests.web.register import RegisterSite
from tests.web.test_verify_api import GOOD, claims, lines, someone
from tests.web.verify import Asker, partner

BANK = {"bank": ("personal_number", "full_name", "birth_date")}


def agree(citizen: Client, asker: Asker) -> str:
    """Read the text and agree to it; the receipt's page."""
    address = f"/cong-dan/toi/dong-y/moi/bank/{asker.client_id}/"
    (seen,) = re.findall(r'name="seen" value="([^"]+)"', text(citizen.get(address)))
    answer = citizen.post(address, {"event_id": uuid.uuid4(), "seen": seen})
    assert answer.status_code == 302, text(answer)
    return str(answer["Location"])


def withdraw(citizen: Client, receipt: str) -> None:
    answer = citizen.post(f"{receipt}rut/", {"event_id": uuid.uuid4()})
    assert answer.status_code == 302, text(answer)


def shape(answer: Any) -> tuple[Any, ...]:
    """All that reaches the partner but the count of calls left and the request's random number."""
    own = ("RateLimit", "X-Request-ID")
    headers = {k: v for k, v in answer.headers.items() if not k.startswith(own)}
    return answer.status_code, answer.content, headers


def test_what_is_withdrawn_on_the_own_page_stops_the_partners_next_question(
    register_site: RegisterSite,
) -> None:
    """Never given, withdrawn, given to somebody else: one refusal, byte for byte, each time a line of the log."""
    asker, other = partner(purposes=BANK), partner(purposes=BANK)
    token, person = asker.token(), someone(register_site, 0, f"{GOOD} AND {ADULT}")
    body = {"purpose": "bank", "number": person["personal_number"], "claims": claims(person)}
    never = asker.ask(token, body)
    citizen = come_in(register_site, person["citizen_id"])
    receipt = agree(citizen, asker)
    given = asker.ask(token, body)
    assert given.status_code == 200 and given.json()["answer"]["result"] == "confirmed"
    elsewhere = other.ask(other.token(), body)
    withdraw(citizen, receipt)
    withdrawn = asker.ask(token, body)
    again = asker.ask(asker.token(), body)
    assert withdrawn.status_code == 403
    assert json.loads(withdrawn.content) == {
        "type": "urn:dancu:problem:no-consent", "title": "Công dân chưa đồng ý hoặc đã rút đồng ý",
        "title_en": "The person has not consented", "status": 403,
    }  # fmt: skip
    assert {str(shape(a)) for a in (never, elsewhere, withdrawn, again)} == {str(shape(never))}
    outcomes = [
        row[-1]
        for row in lines(register_site, "citizen_id = %s AND partner = %s", person["citizen_id"], asker.client_id)
    ]  # fmt: skip
    assert outcomes == ["no_consent", "compared", "no_consent", "no_consent"]


def test_who_cannot_name_the_person_learns_nothing_of_a_consent_and_its_end(
    register_site: RegisterSite,
) -> None:
    """Nobody, another's number and somebody who has withdrawn: one answer, whose receipt alone differs."""
    asker = partner(purposes=BANK)
    token, person = asker.token(), someone(register_site, 1, f"{GOOD} AND {ADULT}")
    wrong = {"full_name": "Trần Quốc Mẫu", "birth_date": "1900-02-03"}
    body = {"purpose": "bank", "claims": wrong}
    citizen = come_in(register_site, person["citizen_id"])

    def both() -> list[Any]:
        return [
            asker.ask(token, body, number=n) for n in (person["personal_number"], "924099999996")
        ]

    told = both()
    receipt = agree(citizen, asker)
    told += both()
    withdraw(citizen, receipt)
    told += both()
    assert {a.status_code for a in told} == {200}
    answers = [a.json()["answer"] for a in told]
    receipts = {said.pop("jti") for said in answers}
    assert len(receipts) == 6 and answers[0]["result"] == "not_identified"
    assert {json.dumps(said | {"iat": 0}, sort_keys=True) for said in answers} == {
        json.dumps(answers[0] | {"iat": 0}, sort_keys=True)
    }
