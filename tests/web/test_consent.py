"""Consent: asked for one purpose and one recipient, ended at any moment, and then the next look finds none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, ProgrammingError, transaction
from django.utils import timezone
from tests.web import consents
from tests.web.register import RegisterSite

from dancu.platform.access.rights import Refused
from dancu.platform.consent import acting, errors, services, standing
from dancu.reference import consent_texts


def grant(who: str, by: Any, **more: Any) -> services.Consent:
    asked: dict[str, Any] = {
        "citizen_id": who, "purpose": "bank", "partner": consents.PARTNER, "by": by, "at": timezone.now(),
        "event_id": uuid4(), "seen": text().version,
    }  # fmt: skip
    return services.grant(**(asked | more))


def text() -> consent_texts.ConsentText:
    return consent_texts.get("bank", on=timezone.localdate())


def stands(who: str, purpose: str = "bank", partner: str | None = consents.PARTNER) -> bool:
    return standing.given(citizen_id=who, purpose=purpose, partner=partner) is not None


@pytest.fixture
def person(register_site: RegisterSite) -> str:
    """An adult about whom no consent stands, and a bank that may ask with one."""
    consents.make_partner(register_site)
    taken = "citizen_id NOT IN (SELECT citizen_id FROM consent.granted)"
    return register_site.citizen(register_site.communes[0], 0, f"{consents.ADULT} AND {taken}")


def test_nobody_has_consented_by_silence(person: str) -> None:
    assert not stands(person)
    assert standing.restricted(citizen_id=person, purpose="bank") is None


def test_a_consent_is_for_its_purpose_and_its_recipient_alone(person: str) -> None:
    with consents.citizen(person) as me:
        made = grant(person, me)
    assert (made.relation, made.channel, made.recipient) == ("self", "page", "Ngân hàng A")
    assert made.text_sha256 == text().sha256
    assert stands(person)
    assert not stands(person, purpose="lodging")
    assert not stands(person, partner=None)
    assert not stands(person, partner="ngan-hang-b")


def test_a_withdrawn_consent_stops_the_next_look(person: str) -> None:
    with consents.citizen(person) as me:
        made = grant(person, me)
    with consents.citizen(person) as me:
        ended = services.withdraw(
            consent_no=made.consent_no, by=me, at=timezone.now(), event_id=uuid4()
        )
    assert ended.state(timezone.now()) == "withdrawn"
    assert not stands(person)
    before = standing.given(
        citizen_id=person, purpose="bank", partner=consents.PARTNER, at=made.granted_at
    )
    assert before == made.consent_no


def test_a_consent_ends_by_itself(person: str) -> None:
    with consents.citizen(person) as me:
        made = grant(person, me)
    for moment, valid in (
        (made.granted_at - dt.timedelta(seconds=1), False),
        (made.granted_at, True),
        (made.expires_at - dt.timedelta(seconds=1), True),
        (made.expires_at, False),
    ):
        found = standing.given(citizen_id=person, purpose="bank", partner=consents.PARTNER, at=moment)  # fmt: skip
        assert (found is not None) is valid, moment


def test_what_was_read_must_be_the_text_of_the_day(person: str) -> None:
    with consents.citizen(person) as me, pytest.raises(errors.TextChanged):
        grant(person, me, seen="bank-0")


def test_the_same_event_twice_is_one_consent_and_a_second_one_says_nothing_new(person: str) -> None:
    event = uuid4()
    with consents.citizen(person) as me:
        first = grant(person, me, event_id=event)
        assert grant(person, me, event_id=event).consent_no == first.consent_no
        with pytest.raises(errors.AlreadyGiven):
            grant(person, me)


def test_a_recipient_that_may_not_ask_for_the_purpose_is_not_offered(person: str) -> None:
    with consents.citizen(person) as me, pytest.raises(errors.ConsentError):
        grant(person, me, purpose="lodging", seen="lodging-2")


def test_a_consent_follows_a_person_who_was_merged(
    register_site: RegisterSite, person: str
) -> None:
    with consents.citizen(person) as me:
        grant(person, me)
    other = register_site.citizen(register_site.communes[0], 3, consents.ADULT)
    register_site.do(
        "INSERT INTO register.merged (person_id, citizen_id, into_id) VALUES (-%s, %s, %s)",
        int(uuid4().int % 10**9), person, other,
    )  # fmt: skip
    assert stands(other)
    assert stands(person)


# --- children ---


@pytest.fixture
def family(register_site: RegisterSite) -> tuple[str, str, str]:
    """(child, mother, somebody else): the register names the mother by her number."""
    consents.make_partner(register_site)
    unit = register_site.communes[0]
    child = register_site.citizen(unit, 0, "birth_date > DATE '2012-01-01'")
    mother = register_site.citizen(unit, 5, f"{consents.ADULT} AND personal_number IS NOT NULL")
    other = register_site.citizen(unit, 6, f"{consents.ADULT} AND personal_number IS NOT NULL")
    register_site.do(
        "UPDATE register.person c SET mother_number = m.personal_number, birth_latest = %s FROM register.person m"
        " WHERE c.citizen_id = %s AND m.citizen_id = %s",
        dt.date(timezone.localdate().year - 9, 1, 1), child, mother,
    )  # fmt: skip
    return child, mother, other


def test_for_a_child_the_mother_speaks_and_nobody_else(family: tuple[str, str, str]) -> None:
    child, mother, other = family
    today = timezone.localdate()
    assert acting.relation_of(actor=mother, citizen_id=child, on=today) == "mother"
    assert acting.relation_of(actor=child, citizen_id=child, on=today) is None
    assert acting.relation_of(actor=other, citizen_id=child, on=today) is None
    grown = today.replace(year=today.year + 10)
    assert acting.relation_of(actor=mother, citizen_id=child, on=grown) is None
    assert acting.relation_of(actor=child, citizen_id=child, on=grown) == "self"
    with consents.citizen(other) as me, pytest.raises(errors.NotTheirs):
        grant(child, me, actor=other)
    with consents.citizen(mother) as me:
        made = grant(child, me, actor=mother)
        assert made.relation == "mother"
        assert [c["citizen_id"] for c in acting.my_children(on=today)] == [child]
        ended = services.withdraw(
            consent_no=made.consent_no, by=me, at=timezone.now(), event_id=uuid4(), actor=mother
        )
    assert ended.withdrawn_at is not None


def test_a_parent_who_looks_at_the_children_stands_in_their_logs(
    register_site: RegisterSite, family: tuple[str, str, str]
) -> None:
    child, mother, _other = family
    with consents.citizen(mother):
        acting.my_children(on=timezone.localdate())
    rows = register_site.ask(
        "SELECT by, purpose FROM register.access_log WHERE citizen_id = %s ORDER BY access_no DESC LIMIT 1", child
    )  # fmt: skip
    assert rows == [("công dân", "own")]


# --- on paper ---


@pytest.fixture
def police(register_site: RegisterSite, client_as: Callable[..., Any]) -> Any:
    return client_as("commune_police", unit=register_site.communes[0])


def test_on_paper_the_form_and_the_look_at_who_signed_must_both_be_there(
    register_site: RegisterSite, police: Any, person: str
) -> None:
    other = register_site.citizen(register_site.communes[0], 8, consents.ADULT)
    with consents.officer(police) as by:
        form = consents.paper(by, person)
        wrong = consents.paper(by, other)
        with pytest.raises(errors.BadPaper, match="biên nhận"):
            grant(person, by, on_paper=wrong)
        made = grant(person, by, on_paper=form)
    assert (made.channel, made.form_no, made.recorded_by) == ("paper", form.form_no, police.user.username)  # fmt: skip
    assert stands(person)
    with consents.officer(police) as by:
        services.withdraw(
            consent_no=made.consent_no, by=by, at=timezone.now(), event_id=uuid4(), channel="paper"
        )
    assert not stands(person)


def test_a_look_of_another_day_or_of_another_officer_is_no_check_of_identity(
    register_site: RegisterSite, police: Any, client_as: Callable[..., Any], person: str
) -> None:
    with consents.officer(police) as by:
        form = consents.paper(by, person)
    colleague = client_as("commune_police", unit=register_site.communes[0])
    with consents.officer(colleague) as by, pytest.raises(errors.BadPaper):
        grant(person, by, on_paper=form)
    with consents.officer(police) as by, pytest.raises(errors.BadPaper):
        grant(person, by, on_paper=form, at=timezone.now() + dt.timedelta(hours=25))


def test_a_guardian_who_is_no_parent_names_the_decision(
    police: Any, family: tuple[str, str, str]
) -> None:
    child, _mother, other = family
    with consents.officer(police) as by:
        form = consents.paper(by, other)
        with pytest.raises(errors.NotTheirs):
            grant(child, by, actor=other, on_paper=form)
        made = grant(
            child, by, actor=other, on_paper=form, basis="Quyết định giám hộ số 5 ngày 02/03/2024"
        )
    assert made.relation == "guardian"


# --- what the database itself refuses ---


def raw(by: str, channel: str, given_by: str, person: str) -> None:
    from dancu.platform.register.parts import ask

    relation = "self" if given_by == person else "mother"
    with transaction.atomic():
        ask(
            "INSERT INTO consent.granted (event_id, citizen_id, purpose, partner, fields, text_version, text_sha256,"
            " expires_at, channel, given_by, relation, recorded_by) VALUES (gen_random_uuid(), %s, 'bank', '', '{}',"
            " 'x', 'x', now() + interval '1 day', %s, %s, %s, %s) RETURNING 1",
            person, channel, given_by, relation, by,
        )  # fmt: skip


def test_an_officer_cannot_consent_for_a_person_without_paper(police: Any, person: str) -> None:
    with consents.officer(police) as by:
        with pytest.raises(ProgrammingError, match="row-level security"):
            raw(by.username, "page", person, person)
        with pytest.raises(ProgrammingError, match="row-level security"):
            raw("công dân", "page", person, person)
        with pytest.raises(IntegrityError):
            raw(by.username, "paper", person, person)


def test_a_citizen_cannot_consent_for_a_stranger(register_site: RegisterSite, person: str) -> None:
    other = register_site.citizen(register_site.communes[0], 9, consents.ADULT)
    with consents.citizen(person), pytest.raises(ProgrammingError, match="row-level security"):
        raw("công dân", "page", other, other)
    with consents.citizen(person), pytest.raises(ProgrammingError, match="row-level security"):
        raw("công dân", "page", person, other)


def test_nothing_that_was_written_can_be_changed_or_taken_away(police: Any, person: str) -> None:
    from dancu.platform.register.parts import ask

    with consents.citizen(person) as me:
        grant(person, me)
    for statement in (
        "UPDATE consent.granted SET expires_at = now()",
        "DELETE FROM consent.granted",
        "DELETE FROM consent.withdrawn",
    ):
        with (
            consents.officer(police),
            pytest.raises(ProgrammingError, match="permission denied"),
            transaction.atomic(),
        ):
            ask(f"{statement} RETURNING 1")


def test_a_consent_is_seen_with_its_person(
    register_site: RegisterSite, client_as: Callable[..., Any], person: str
) -> None:
    with consents.citizen(person) as me:
        made = grant(person, me)
    elsewhere = client_as("commune_police", unit=register_site.communes[1])
    here = client_as("one_stop_officer", unit=register_site.communes[0])
    with consents.officer(elsewhere):
        assert services.find(made.consent_no) is None
        assert services.of_citizen(citizen_id=person) == []
    with consents.officer(here):
        assert services.find(made.consent_no) is not None


def test_who_has_no_right_records_nothing(
    client_as: Callable[..., Any], register_site: RegisterSite, person: str
) -> None:
    steward = client_as("data_steward", unit=register_site.communes[0])
    with consents.officer(steward) as by:
        form = consents.paper(by, person)
        with pytest.raises(Refused):
            grant(person, by, on_paper=form)
