"""A linked birth from filing to the household: parts in order, the register the same minute, no second child."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.web import citizens
from tests.web.linked import BIRTH, CARD, HOME, LINKED, at, do, newborn, page_of
from tests.web.register import RegisterSite

from dancu.sectors.public_services import acting, workflow
from dancu.sectors.public_services.acting import Actor, Filing
from dancu.sectors.public_services.errors import NotOpen, ServiceError
from dancu.sectors.public_services.linked import delivering, mending, state, state_of

CHILD = "924324000911"
NAME = "Nguyễn Thị Mầm"


class Office:
    """One commune with its officers, a mother, and her dossier."""

    def __init__(self, register: RegisterSite, client_as: Callable[..., Any]) -> None:
        self.register = register
        self.unit = register.communes[0]
        self.mother = register.citizen(self.unit, 0, f"{citizens.ADULT} AND sex = '2'")
        self.clients = {
            role: client_as(role, unit=self.unit)
            for role in ("justice_officer", "commune_police", "social_officer", "unit_head")
        }

    def files(self, procedure: str, form: dict[str, Any], applicant: str | None = None) -> int:
        """Filed at the counter."""
        client = self.clients["justice_officer"]
        filing = Filing(
            procedure, self.unit, self.unit, 1, applicant or self.mother, "Người mẹ", form
        )
        with page_of(client):
            by = Actor(client.user.username, "officer", client.user)
            return acting.do_file(filing=filing, by=by, at=at()).dossier_no

    def linked(self, name: str = NAME, **more: Any) -> dict[str, int]:
        """A newborn's linked service: procedure → its dossier, the head under its own."""
        number = citizens.number_of(self.register, self.mother)
        head = self.files(LINKED, newborn(number, name, **more))
        rows = self.register.ask(
            "SELECT procedure, dossier_no FROM services.dossier WHERE bundle = %s", head
        )
        return {LINKED: head, **dict(rows)}

    def does(
        self, role: str, number: int, action: str, *, day: int = 1, reason: str = "", **data: Any
    ) -> Any:
        """One action of who has this role."""
        acts_as = "leader" if role == "unit_head" else "officer"
        return do(self.clients[role], acts_as, number, action, at(day), reason, **data)

    def handles(self, role: str, number: int, *, until: str = "sign", child: str = "") -> None:
        """Accepted, taken up, proposed, signed."""
        for action in ("accept", "take"):
            self.does(role, number, action)
        if child:
            self.numbers(number, child)
        self.does(role, number, "propose")
        if until == "sign":
            self.does("unit_head", number, "sign")

    def numbers(self, number: int, child: str) -> None:
        client = self.clients["justice_officer"]
        with page_of(client):
            by = Actor(client.user.username, "officer", client.user)
            dossier = acting.dossiers.get(number)
            mending.do_number(dossier=dossier, number=child, by=by, at=at(1))

    def told(self, number: int) -> list[tuple[Any, ...]]:
        return self.register.ask(
            "SELECT turn, kind, state, citizen, problems FROM services.told WHERE dossier_no = %s ORDER BY turn",
            number,
        )

    def status(self, number: int) -> int:
        ((found,),) = self.register.ask(
            "SELECT status FROM services.dossier WHERE dossier_no = %s", number
        )
        return int(found)


@pytest.fixture
def office(register_site: RegisterSite, client_as: Callable[..., Any]) -> Office:
    return Office(register_site, client_as)


def test_one_filing_opens_the_parts_and_the_later_ones_wait_for_the_birth(office: Office) -> None:
    made = office.linked()
    assert list(made) == [LINKED, BIRTH, HOME, CARD]
    with pytest.raises(NotOpen, match="Chờ kết quả"):
        office.does("commune_police", made[HOME], "accept")
    with pytest.raises(NotOpen, match="từng phần"):
        office.does("justice_officer", made[LINKED], "accept")
    office.does("justice_officer", made[BIRTH], "accept")
    assert office.status(made[LINKED]) == workflow.ACCEPTED


def test_a_child_is_in_the_register_in_its_household_and_on_the_list(office: Office) -> None:
    made = office.linked()
    office.handles("justice_officer", made[BIRTH], child=CHILD)
    ((_turn, kind, how, citizen, _),) = office.told(made[BIRTH])
    assert (kind, how) == ("birth", "taken") and citizen is not None
    office.handles("commune_police", made[HOME])
    office.handles("social_officer", made[CARD])
    ((name, number, unit, household),) = office.register.ask(
        "SELECT full_name, personal_number, unit_code, household_number FROM register.person WHERE citizen_id = %s",
        citizen,
    )
    ((home,),) = office.register.ask(
        "SELECT household_number FROM register.person WHERE citizen_id = %s", office.mother
    )
    assert (name, number, unit, household) == (NAME, CHILD, office.unit, home)
    listed = office.register.ask("SELECT citizen, valid_to FROM health_insurance.child")
    assert [(c, f"{day:%d/%m/%Y}") for c, day in listed] == [(citizen, "30/09/2030")]
    assert office.status(made[LINKED]) == workflow.PROCESSED
    with page_of(office.clients["justice_officer"]):
        whole = state_of(made[HOME])
    assert (
        whole is not None
        and whole.done
        and [p.dossier.procedure for p in whole.parts] == [BIRTH, HOME, CARD]
    )


def test_what_waits_for_a_refused_birth_ends_with_its_reason(office: Office) -> None:
    made = office.linked()
    office.does(
        "justice_officer", made[BIRTH], "refuse", reason="Trẻ đã đăng ký ở nơi khác", law="Điều 16"
    )
    assert {office.status(n) for n in made.values()} == {workflow.REFUSED}
    with page_of(office.clients["justice_officer"]):
        whole = state_of(made[LINKED])
    assert whole is not None and whole.stopped
    assert all("Trẻ đã đăng ký ở nơi khác" in part.reason for part in whole.parts)


def test_a_citizen_who_withdraws_the_whole_withdraws_its_parts(office: Office) -> None:
    made = office.linked()
    office.does("justice_officer", made[LINKED], "withdraw", reason="Người dân đổi ý")
    assert {office.status(n) for n in made.values()} == {workflow.WITHDRAWN}


def test_what_the_register_refuses_stands_with_its_fields_until_an_officer_puts_it_right(
    office: Office,
) -> None:
    made = office.linked("Đặng Văn Lộc", born="31/06/2024", sex="Nam")
    office.handles("justice_officer", made[BIRTH])
    ((_, _, how, _, problems),) = office.told(made[BIRTH])
    assert how == "refused" and [role for role, _ in problems] == ["birth_date"]
    with pytest.raises(NotOpen, match="vào sổ dân cư"):
        office.does("commune_police", made[HOME], "accept")
    client = office.clients["justice_officer"]
    with page_of(client):
        (told,) = state.told("dossier_no = %s", [made[BIRTH]])
        by = Actor(client.user.username, "officer", client.user)
        mending.do_mend(told=told, given={"birth_date": "30/05/2024"}, by=by, at=at(2))
    assert [row[2] for row in office.told(made[BIRTH])] == ["taken"]
    (detail,) = office.register.ask("SELECT detail FROM services.move WHERE action = 'event_mend'")
    assert detail == ({"fields": "birth_date"},)


def test_a_child_that_may_be_there_already_waits_for_a_person_to_judge(office: Office) -> None:
    office.handles(
        "justice_officer", office.files(BIRTH, newborn("", "Phan Thị Hạt", born="10/06/2024"))
    )
    again = office.linked("Phan Thị Hạt", born="11/06/2024")
    office.handles("justice_officer", again[BIRTH])
    assert [row[2] for row in office.told(again[BIRTH])] == ["doubtful"]
    with pytest.raises(NotOpen, match="nghi trùng"):
        office.does("commune_police", again[HOME], "accept")
    office.register.do("UPDATE register.duplicate SET settled_at = now() WHERE settled_at IS NULL")
    assert delivering.sweep() == 1
    assert [row[2] for row in office.told(again[BIRTH])] == ["taken"]


def test_told_twice_is_one_event(office: Office) -> None:
    number = office.files(BIRTH, newborn("", "Trần Văn Một", sex="Nam"))
    office.handles("justice_officer", number)
    ((told_no,),) = office.register.ask(
        "SELECT told_no FROM services.told WHERE dossier_no = %s", number
    )
    office.register.do(
        "UPDATE services.told SET state = 'waiting', event_no = NULL WHERE told_no = %s", told_no
    )
    assert delivering.sweep() == 1
    assert office.register.ask(
        "SELECT count(*) FROM register.standard WHERE full_name = 'Trần Văn Một'"
    ) == [(1,)]


def test_a_corrected_result_takes_its_event_back_and_tells_the_right_one(office: Office) -> None:
    number = office.files(BIRTH, newborn("", "Lê Thị Hao"))
    office.handles("justice_officer", number)
    head = office.clients["unit_head"]
    with page_of(head):
        (told,) = state.told("dossier_no = %s", [number])
        by = Actor(head.user.username, "leader", head.user)
        mending.do_correct(
            told=told, given={"full_name": "Lê Thị Hảo"}, reason="Viết thiếu dấu", by=by, at=at(3)
        )
    assert [(turn, how) for turn, _, how, _, _ in office.told(number)] == [
        (1, "taken_back"),
        (2, "taken"),
    ]
    names = office.register.ask(
        "SELECT full_name FROM register.standard WHERE full_name LIKE 'Lê Thị H_o'"
    )
    assert names == [("Lê Thị Hảo",)]


@pytest.mark.parametrize(
    ("number", "why"),
    [
        ("924224000911", "giới tính"),
        ("924323000911", "năm sinh"),
        ("92432400091", "độ dài"),
        ("824324000911", "mã tỉnh"),
    ],
)
def test_a_number_must_be_lawful_and_fit_the_child(office: Office, number: str, why: str) -> None:
    dossier = office.files(BIRTH, newborn("", "Trần Thị Hai"))
    office.does("justice_officer", dossier, "accept")
    with pytest.raises(ServiceError, match=why):
        office.numbers(dossier, number)


def test_who_is_dead_is_so_in_the_register_with_the_signature(office: Office) -> None:
    who = office.register.citizen(office.unit, 3, citizens.ADULT)
    number = citizens.number_of(office.register, who)
    ((name,),) = office.register.ask(
        "SELECT full_name FROM register.person WHERE citizen_id = %s", who
    )
    form = {
        "deceased": {"number": number, "name": name},
        "death_date": "12/06/2024",
        "relation": "Con",
    }
    dossier = office.files("BG.ES13", form)
    office.handles("justice_officer", dossier)
    assert office.register.ask(
        "SELECT life_status, to_char(death_date, 'DD/MM/YYYY') FROM register.person WHERE citizen_id = %s",
        who,
    ) == [("2", "12/06/2024")]
