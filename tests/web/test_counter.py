"""The counter: the inbox, one dossier, several at once, and who sees what."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from uuid import uuid4

import pytest
from tests.web.counters import Desk, filed, text
from tests.web.register import RegisterSite

from dancu.sectors.public_services import workflow

DAY = dt.timedelta(days=1)


@pytest.fixture
def place(register_site: RegisterSite) -> str:
    return register_site.communes[0]


@pytest.fixture
def officer(register_site: RegisterSite, place: str, client_as: Callable[..., object]) -> Desk:
    return Desk(client_as("one_stop_officer", unit=place), register_site)  # type: ignore[arg-type]


@pytest.fixture
def leader(register_site: RegisterSite, place: str, client_as: Callable[..., object]) -> Desk:
    return Desk(client_as("unit_head", unit=place), register_site)  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def nothing_of_before(register_site: RegisterSite) -> None:
    register_site.do(
        "TRUNCATE services.dossier, services.kept, services.delta, services.move, services.ticket CASCADE"
    )


def names(page: str) -> list[str]:
    return re.findall(r'<th scope="row"><a href="[^"]+">([^<]+)</a>', page)


# name, status, days until due -> in this order in the inbox
ORDER = [
    ("LATE THREE DAYS", workflow.PROCESSING, -3),
    ("LATE ONE DAY", workflow.ACCEPTED, -1),
    ("DUE TOMORROW", workflow.PROCESSING, 1),
    ("DUE IN A MONTH", workflow.ACCEPTED, 30),
    ("WAITS FOR PAPERS THOUGH LONG DUE", workflow.SUPPLEMENT, -20),
]


def test_late_comes_first_what_waits_for_the_applicant_last(officer: Desk, place: str) -> None:
    for name, status, days in reversed(ORDER):
        filed(officer.site, place, name=name, status=status, due=days * DAY)
    filed(officer.site, place, name="NEW SINCE TEN DAYS", status=workflow.FILED)
    assert names(text(officer.client.get("/ho-so/"))) == [
        "NEW SINCE TEN DAYS",
        *(name for name, *_ in ORDER),
    ]
    page = text(officer.client.get("/ho-so/"))
    assert "Quá hạn 3 ngày" in page and "Tạm dừng đồng hồ" in page


# query -> who is on the page
FILTERED = {
    "?han=qua": ["LATE"],
    "?buoc=moi": ["NEW"],
    "?buoc=trinh": ["TO SIGN"],
    "?buoc=tra": ["TO GIVE"],
    "?buoc=bo-sung": ["PAUSED"],
    "?cua-toi=1": ["MINE"],
    "?kenh=1": ["ON PAPER"],
    "?thu-tuc=BG.ES12": ["BIRTH"],
    "?tim=on+pap": ["ON PAPER"],
    "?tim=100%25": [],
}


def test_each_filter_of_the_address_shows_what_it_says_and_the_tabs_count_the_same(
    officer: Desk, place: str
) -> None:
    make = lambda name, **more: filed(officer.site, place, name=name, due=9 * DAY, **more)  # noqa: E731
    filed(officer.site, place, name="LATE", due=-DAY)
    make("NEW", status=workflow.FILED)
    make("TO SIGN", status=workflow.PROCESSING, proposed_by="ai.do")
    make(
        "TO GIVE",
        status=workflow.PROCESSED,
        ended_at=dt.datetime.now(dt.UTC),
        on_time=True,
        minutes=5,
    )
    make("PAUSED", status=workflow.SUPPLEMENT)
    make("MINE", status=workflow.PROCESSING, holder=officer.name)
    make("ON PAPER", channel=1)
    make("BIRTH", procedure="BG.ES12")
    for query, expected in FILTERED.items():
        page = text(officer.client.get(f"/ho-so/{query}"))
        assert names(page) == expected, query
    assert re.search(r"Quá hạn <b>1</b>", page) is None  # the search for 100% leaves none to count
    page = text(officer.client.get("/ho-so/"))
    assert all(
        f"{tab} <b>{n}</b>" in page
        for tab, n in (("Quá hạn", 1), ("Chưa xong", 7), ("Chờ trả kết quả", 1))
    )


def test_pages_follow_one_another_without_losing_or_repeating_anyone(
    officer: Desk, place: str
) -> None:
    made = {f"NGƯỜI {n:03d}" for n in range(120)}
    for name in made:
        filed(officer.site, place, name=name, due=9 * DAY)
    pages = [names(text(officer.client.get(f"/ho-so/?trang={n}"))) for n in (1, 2, 3)]
    assert [len(page) for page in pages] == [50, 50, 20]
    assert {name for page in pages for name in page} == made


def test_another_commune_s_dossier_is_not_there(
    officer: Desk, register_site: RegisterSite, client_as: Callable[..., object]
) -> None:
    other = filed(register_site, register_site.communes[1], name="OF ANOTHER COMMUNE")
    assert names(text(officer.client.get("/ho-so/"))) == []
    assert officer.client.get(f"/ho-so/{other}/").status_code == 404
    assert officer.client.post(f"/ho-so/{other}/lam/", {"action": "take"}).status_code == 404


def test_opening_a_dossier_is_a_line_in_the_applicant_s_log_with_its_code(
    officer: Desk, leader: Desk, register_site: RegisterSite, place: str
) -> None:
    citizen = register_site.citizen(place)
    number = filed(register_site, place, applicant=citizen, code="H02.07.204-250707-0009")
    asked = "SELECT by, purpose, basis, fields FROM register.access_log WHERE citizen_id = %s AND by = %s"
    page = text(officer.client.get(f"/ho-so/{number}/"))
    ((_, purpose, basis, fields),) = register_site.ask(asked, citizen, officer.name)
    assert (
        purpose == "procedure" and "H02.07.204-250707-0009" in basis and "full_name" not in fields
    )
    assert "Từ sổ dân cư" in page and "•••••" in page and not re.search(r"\b9\d{11}\b", page)
    # A leader may not open the register; what was handed in is read, and that is logged too.
    assert "Sổ dân cư không mở được" in text(leader.client.get(f"/ho-so/{number}/"))
    ((_, purpose, basis, fields),) = register_site.ask(asked, citizen, leader.name)
    assert (purpose, fields) == ("procedure", ["dossier"]) and "H02.07.204-250707-0009" in basis


def test_what_was_done_can_be_taken_back_by_who_did_it(
    officer: Desk, leader: Desk, place: str
) -> None:
    number = filed(officer.site, place)
    assert officer.act(number, "take").status_code == 302
    assert officer.row(number) == (workflow.PROCESSING, officer.name, "")
    page = text(officer.client.get(f"/ho-so/{number}/"))
    assert "Trả về hàng chung" in page and "data-undo" in page
    assert officer.act(number, "propose").status_code == 302
    assert leader.act(number, "recall").status_code == 422
    assert officer.act(number, "recall").status_code == 302 and officer.row(number)[2] == ""
    assert officer.act(number, "release").status_code == 302 and officer.row(number)[1] == ""


# action, what it lacks -> the message
LACKING = {
    ("refuse", "reason"): "Ghi lý do",
    ("ask_supplement", "papers"): "Ghi rõ giấy tờ",
    ("apologise", "due"): "Ghi ngày đủ",
    ("transfer", "unit"): "Chọn cơ quan nhận",
}
FULL = {
    "reason": "Cần xác minh thêm",
    "law": "Điều 17",
    "papers": "Ảnh chân dung",
    "due": "31/12/2031",
    "unit": "24",
}


@pytest.mark.parametrize(("action", "lacks"), LACKING)
def test_what_an_action_needs_is_asked_for_and_nothing_typed_is_lost(
    officer: Desk, place: str, action: str, lacks: str
) -> None:
    status = workflow.FILED if action == "refuse" else workflow.ACCEPTED
    number = filed(officer.site, place, status=status)
    given = {name: value for name, value in FULL.items() if name != lacks}
    answer = officer.act(number, action, **given)
    page = text(answer)
    assert answer.status_code == 422 and LACKING[action, lacks] in page
    assert lacks == "reason" or "Cần xác minh thêm" in page
    assert officer.row(number)[0] == status
    assert officer.act(number, action, **FULL).status_code == 302


def test_supplement_is_asked_for_in_one_go_and_once(officer: Desk, place: str) -> None:
    number = filed(officer.site, place)
    officer.act(
        number,
        "ask_supplement",
        reason="Thiếu giấy tờ",
        paper=["Tờ khai CT01", "Giấy tờ chỗ ở"],
        papers="Ảnh",
    )
    ((detail,),) = officer.site.ask(
        "SELECT detail->>'papers' FROM services.move WHERE dossier_no = %s", number
    )
    assert detail == "Tờ khai CT01; Giấy tờ chỗ ở; Ảnh"
    assert officer.act(number, "supplement").status_code == 302
    page = text(officer.client.get(f"/ho-so/{number}/"))
    assert "Yêu cầu bổ sung</button>" not in page and "Trình ký" in page


def test_a_transfer_to_the_province_stays_in_sight_of_the_commune(
    officer: Desk, place: str
) -> None:
    number = filed(officer.site, place)
    officer.act(number, "transfer", unit="24", reason="Đúng thẩm quyền")
    assert officer.row(number, "place, unit_code") == (place, "24")


def test_of_two_officers_the_second_is_told_and_sees_what_was_done(
    officer: Desk, place: str, client_as: Callable[..., object]
) -> None:
    second = Desk(client_as("justice_officer", unit=place), officer.site)  # type: ignore[arg-type]
    number = filed(officer.site, place)
    stale = second.hidden(number)
    officer.act(number, "take")
    answer = second.client.post(f"/ho-so/{number}/lam/", stale | {"action": "take"})
    assert answer.status_code == 409 and officer.name in text(answer)


def test_several_at_once_are_previewed_and_each_stands_by_itself(
    officer: Desk, leader: Desk, place: str
) -> None:
    one, two = (
        filed(officer.site, place, status=workflow.PROCESSING, proposed_by="can.bo")
        for _ in range(2)
    )
    own = filed(officer.site, place, status=workflow.PROCESSING, proposed_by=leader.name)
    moved = filed(officer.site, place, status=workflow.PROCESSING, proposed_by="can.bo")
    form = {"action": "sign", "dossier": [one, two, own, moved]}
    preview = text(leader.client.post("/ho-so/hang-loat/", form))
    assert "<b>3</b> / 4" in preview and "do chính bạn trình" in preview
    assert leader.row(one)[0] == workflow.PROCESSING
    officer.site.do("UPDATE services.dossier SET version_no = 2 WHERE dossier_no = %s", moved)
    versions = {f"version_{n}": 1 for n in (one, two, own, moved)}
    batch = {"batch": str(uuid4()), "confirm": "1"}
    page = text(leader.client.post("/ho-so/hang-loat/", form | versions | batch))
    assert (
        "<b data-done>2</b>" in page
        and "Chưa làm được: 2" in page
        and "đã có người khác xử lý" in page
    )
    assert [leader.row(n)[0] for n in (one, two, own, moved)] == [9, 9, 4, 4]


def test_the_leader_s_list_holds_what_others_submitted_most_urgent_first(
    leader: Desk, place: str
) -> None:
    for name, by, due in (
        ("LATER", "a", 5),
        ("SOON", "a", 1),
        ("MY OWN", leader.name, 1),
        ("NOT YET", "", 1),
    ):
        filed(
            leader.site, place, name=name, status=workflow.PROCESSING, proposed_by=by, due=due * DAY
        )
    assert names(text(leader.client.get("/ho-so/cho-ky/"))) == ["SOON", "LATER"]


def test_the_inbox_asks_a_fixed_number_of_questions(
    officer: Desk, place: str, django_assert_max: Callable[..., object]
) -> None:
    for n in range(60):
        filed(officer.site, place, name=f"N{n}", due=n * DAY)
    with django_assert_max(30):
        officer.client.get("/ho-so/")


@pytest.fixture
def django_assert_max() -> Callable[..., object]:
    from contextlib import contextmanager

    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    @contextmanager
    def most(number: int) -> object:  # type: ignore[misc]
        with CaptureQueriesContext(connection) as found:
            yield
        assert 0 < len(found) <= number, [q["sql"][:80] for q in found]

    return most
