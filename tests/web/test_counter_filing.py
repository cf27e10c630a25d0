"""Filing at the counter from one scan, for oneself and for a relative; the line to the nation; the day's queue."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone
from tests.web.counters import Desk, text
from tests.web.national.stand_in import StandIn, national, stand_in
from tests.web.register import RegisterSite
from tests.web.test_gateway import due_now
from tests.web.test_verify_api import someone
from tests.web.test_verify_scan import card

from dancu.platform.gateway import carrying, choice
from dancu.platform.gateway.models import Ending, Link, LinkEvent, Question, Sample, Waiting
from dancu.reference import services
from dancu.sectors.public_services import workflow
from dancu.sectors.public_services.counter import checks, queue

__all__ = ["national", "stand_in"]
MAU = "924199000017 Giáp Thị Mẫu 5/9/1999"
"""A person whom the national side knows and our register does not."""
PROCEDURE = "1.004194"


@pytest.fixture
def place(register_site: RegisterSite) -> str:
    return register_site.communes[0]


@pytest.fixture
def officer(register_site: RegisterSite, place: str, client_as: Callable[..., Any]) -> Desk:
    return Desk(client_as("one_stop_officer", unit=place), register_site)


@pytest.fixture
def leader(register_site: RegisterSite, place: str, client_as: Callable[..., Any]) -> Desk:
    return Desk(client_as("unit_head", unit=place), register_site)


@pytest.fixture(autouse=True)
def nothing_of_before(register_site: RegisterSite) -> Iterator[None]:
    register_site.do(
        "TRUNCATE services.dossier, services.kept, services.delta, services.move, services.ticket,"
        " services.ticket_count CASCADE"
    )
    yield
    for model in (Waiting, Ending, Question, Link, LinkEvent, Sample):
        model.objects.using("owner").all().delete()


def scan(officer: Desk, what: str, **more: Any) -> str:
    answer = officer.client.post("/ho-so/moi/", {"procedure": PROCEDURE, "scan": what} | more)
    assert answer.status_code == 200, text(answer)
    return text(answer)


def as_filled(page: str, **given: Any) -> dict[str, Any]:
    """The form as the officer sends it: what the page filled in, and something in what it left open."""
    form = {
        n: v
        for n, v in re.findall(r'<input[^>]*name="([^"]+)"[^>]*?value="([^"]*)"', page)
        if n[:2] != "p_"
    }
    for one in services.fields(PROCEDURE, on=timezone.localdate()):
        typed = {"date": "01/02/2020", "number": "2"}.get(one.kind, (*one.choices, "Theo đơn")[0])
        form[f"f_{one.name}"] = form.get(f"f_{one.name}") or typed
    handed = {
        f"p_{code}": "original" for code in re.findall(r'name="p_(\w+)" value="original"', page)
    }
    form.pop("filer_scan", None), form.pop("compared", None), form.pop("consent_note", None)
    return (
        form
        | handed
        | {"procedure": PROCEDURE, "channel": "1", "paper_reason": "no_device", "do": "accept"}
        | given
    )


def send(officer: Desk, form: dict[str, Any]) -> int:
    answer = officer.client.post("/ho-so/moi/", form)
    assert answer.status_code == 302, re.findall(r"error-summary.*?</div>", text(answer), re.S)
    return int(answer["Location"].strip("/").split("/")[-1])


def standing(site: RegisterSite, number: int) -> list[tuple[Any, ...]]:
    return site.ask(
        "SELECT state, source FROM services.identity_check WHERE dossier_no = %s ORDER BY check_no",
        number,
    )


def test_one_scan_fills_the_form_and_what_the_register_proves_is_not_asked_for(
    officer: Desk, register_site: RegisterSite
) -> None:
    person = someone(register_site)
    page = scan(officer, card(person))
    assert f'value="{person["full_name"]}"' in page and "Đã xác minh" in page
    assert "Sổ đã có, không phải nộp" in page and person.get("phone", "x") not in page
    number = send(officer, as_filled(page))
    status, citizen, saved, reason = officer.row(
        number, "status, applicant::text, saved_papers, paper_reason"
    )
    assert (status, citizen, reason) == (
        workflow.ACCEPTED,
        person["citizen_id"],
        "no_device",
    ) and saved >= 1
    assert standing(register_site, number) == [("verified", "register")]
    looks = register_site.ask(
        "SELECT l.channel, l.purpose FROM register.access_log l JOIN services.move m ON m.dossier_no = %s"
        " WHERE m.action = 'file' AND l.by = %s AND (l.request_id = m.event_id"
        " OR l.channel = 'scan') ORDER BY access_no", number, officer.name,
    )  # fmt: skip
    assert looks == [("scan", "procedure"), ("page", "procedure"), ("page", "procedure")]


def test_sent_twice_there_is_one_dossier(officer: Desk, register_site: RegisterSite) -> None:
    form = as_filled(scan(officer, card(someone(register_site))))
    assert send(officer, form) == send(officer, form)
    assert register_site.ask("SELECT count(*) FROM services.counter_filing") == [(1,)]


# what is changed in the form -> what the page says
WRONG = {
    "paper_reason": ({"paper_reason": ""}, "Chọn lý do nộp giấy"),
    "no papers": ({"papers": ()}, "Chưa đủ giấy tờ để tiếp nhận"),
    "a forged scan": ({"who": "x:y:z"}, "Quét lại thẻ"),
    "no procedure": ({"procedure": "9.9"}, "Chọn thủ tục"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_told_and_nothing_is_filed(
    officer: Desk, register_site: RegisterSite, case: str
) -> None:
    form = as_filled(scan(officer, card(someone(register_site))))
    changed, message = WRONG[case]
    if case == "no papers":
        form, changed = {n: v for n, v in form.items() if n[:2] != "p_"}, {}
    answer = officer.client.post("/ho-so/moi/", form | changed)
    assert answer.status_code == 422 and message in text(answer)
    assert register_site.ask("SELECT count(*) FROM services.dossier") == [(0,)]


def test_a_parent_files_for_a_child_and_a_neighbour_needs_a_paper(
    officer: Desk, register_site: RegisterSite
) -> None:
    child, filer = someone(register_site), someone(register_site, 1)
    page = scan(officer, card(child))
    form = as_filled(page) | {"filer_scan": card(filer), "do": "filer"}
    page = text(officer.client.post("/ho-so/moi/", form))
    assert filer["full_name"] in page
    form = as_filled(page, relation="sibling", consent="guardian")
    assert "Chỉ cha, mẹ, người giám hộ" in text(officer.client.post("/ho-so/moi/", form))
    form |= {"consent": "paper"}
    assert "Ghi số, ngày của giấy uỷ quyền" in text(officer.client.post("/ho-so/moi/", form))
    number = send(officer, form | {"consent_note": "Số 12 ngày 01/07/2025"})
    assert officer.row(number, "filed_by::text") == (filer["citizen_id"],)
    assert filer["full_name"] in text(officer.client.get(f"/ho-so/{number}/"))


def test_the_line_is_down_the_counter_goes_on_and_catches_up(
    officer: Desk, leader: Desk, national: StandIn
) -> None:
    national.behaves("hang_up")
    page = scan(officer, MAU)
    assert "Chờ xác minh" in page and "hỏi lại tự động" in page
    number = send(officer, as_filled(page, compared="1"))
    assert standing(officer.site, number) == [("to_verify", "national")]
    assert "Chờ xác minh" in text(officer.client.get("/ho-so/?danh-tinh=1"))
    for action in ("take", "propose"):
        assert officer.act(number, action).status_code == 302
    refused = leader.act(number, "sign")
    assert refused.status_code == 422 and "Danh tính người nộp chưa được xác minh" in text(refused)
    assert checks.catch_up(at=timezone.now()) == 0, "the line is still down"
    national.behaves("well")
    due_now()
    carrying.carry(choice.client())
    assert checks.catch_up(at=timezone.now()) == 1 and checks.catch_up(at=timezone.now()) == 0
    assert standing(officer.site, number) == [("to_verify", "national"), ("verified", "national")]
    assert leader.act(number, "sign").status_code == 302


def test_a_question_that_ran_out_after_a_day_is_put_again(officer: Desk, national: StandIn) -> None:
    national.behaves("hang_up")
    number = send(officer, as_filled(scan(officer, MAU), compared="1"))
    Waiting.objects.using("owner").update(expires_at=timezone.now() - dt.timedelta(seconds=1))
    carrying.carry(choice.client())
    national.behaves("well")
    Link.objects.using("owner").all().delete()
    assert checks.catch_up(at=timezone.now()) == 1
    assert standing(officer.site, number)[-1] == ("verified", "national")
    assert Question.objects.using("owner").count() == 2


def test_who_the_nation_does_not_know_is_signed_only_after_the_papers_were_compared(
    officer: Desk, leader: Desk, national: StandIn, register_site: RegisterSite
) -> None:
    page = scan(officer, card(someone(register_site)))
    assert "Chưa khớp" in page
    number = send(officer, as_filled(page, compared="1"))
    officer.act(number, "take"), officer.act(number, "propose")
    assert leader.act(number, "sign").status_code == 422
    compare = f"/ho-so/{number}/doi-chieu/"
    assert officer.client.post(compare, {"note": "?"}).status_code == 422
    assert leader.client.post(compare, {"note": "Thẻ căn cước"}).status_code == 403
    assert officer.client.post(compare, {"note": "Thẻ căn cước cấp 01/02/2022"}).status_code == 302
    assert leader.act(number, "sign").status_code == 302


def test_stable_is_a_number_from_the_checks_of_the_month(officer: Desk, national: StandIn) -> None:
    now = timezone.now()
    for n in range(400):
        ok = n not in (7, 8)
        Sample.objects.using("owner").create(
            at=now, link="national", kind="check", ok=ok, ms=20 + n, reason=""
        )
    page = text(officer.client.get("/ho-so/ket-noi/"))
    assert "99,50%" in page and "Ổn định" in page and "398 / 400" in page and "p95" in page
    Sample.objects.using("owner").create(
        at=now, link="national", kind="check", ok=False, ms=1, reason="down"
    )
    assert "Chưa đạt" in text(officer.client.get("/ho-so/ket-noi/"))


# --- the day's queue ---


def test_a_number_is_taken_called_and_shown_and_the_old_go_first(
    officer: Desk, place: str, client_as: Callable[..., Any]
) -> None:
    hall = client_as(None)
    kiosk = f"/ho-so/lay-so/{place}/{queue.kiosk_word(place)}/"
    assert [re.search(r'class="number">(\w+)<', text(hall.post(kiosk, {"line": n})))[1] for n in "ABAU"] == [  # type: ignore[index]
        "A001", "B001", "A002", "U001",
    ]  # fmt: skip
    assert hall.post(f"/ho-so/lay-so/{place}/doan/", {"line": "A"}).status_code == 404
    desk = {"place": place, "desk": "3", "line": ["A", "U"]}
    assert officer.client.post("/ho-so/hang-cho/", desk).status_code == 302
    shown = text(hall.get(f"/ho-so/man-hinh/{place}/"))
    assert re.search(r"U001</span><span>Bàn 3", shown) and officer.name not in shown
    ((ticket,),) = officer.site.ask("SELECT ticket_no FROM services.ticket WHERE state = 'called'")
    officer.client.post(f"/ho-so/hang-cho/{ticket}/", {"what": "skip", "place": place})
    for expected in ("A001", "A002"):
        officer.client.post("/ho-so/hang-cho/", desk)
        assert f'at-desk" role="status">{expected}<' in text(officer.client.get("/ho-so/hang-cho/"))
    assert officer.client.post("/ho-so/hang-cho/", desk).status_code == 409
    officer.client.post(
        f"/ho-so/hang-cho/{ticket}/", {"what": "recall", "place": place, "desk": "3"}
    )
    states = officer.site.ask(
        "SELECT line || number, state FROM services.ticket ORDER BY ticket_no"
    )
    assert states == [("A1", "done"), ("B1", "waiting"), ("A2", "done"), ("U1", "called")]


def test_the_queue_of_another_commune_is_closed(officer: Desk, register_site: RegisterSite) -> None:
    other = register_site.communes[1]
    register_site.do("SELECT services.take_ticket(%s, current_date, 'A', now())", other)
    ((ticket,),) = register_site.ask("SELECT ticket_no FROM services.ticket")
    assert officer.client.post(f"/ho-so/hang-cho/{ticket}/", {"what": "done"}).status_code == 409
    page = text(officer.client.get(f"/ho-so/hang-cho/?noi={other}"))
    assert "A001" not in page


def test_an_identifier_comes_of_one_s_own_verification_alone(
    officer: Desk, register_site: RegisterSite, client_as: Callable[..., Any], place: str
) -> None:
    """`services.verified_person` gives nothing for another's receipt, nor for one that is made up."""
    scan(officer, card(someone(register_site)))
    ((receipt,),) = register_site.ask(
        "SELECT receipt FROM register.access_log WHERE channel = 'scan' AND by = %s", officer.name
    )
    ask = "SELECT services.verified_person(%s)"
    assert register_site.ask(ask, receipt) == [(None,)], "the owner is nobody's session"
    assert register_site.ask(ask, uuid4()) == [(None,)]
