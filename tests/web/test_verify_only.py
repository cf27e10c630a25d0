"""An installation that may keep no copy: what works goes on working, what needs the copy says so."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone
from tests.web.national.stand_in import StandIn, national, stand_in
from tests.web.register import RegisterSite
from tests.web.test_frame import addresses
from tests.web.test_gateway import MAU, due_now, nothing_of_before, request
from tests.web.verify import FIELDS, partner

from dancu.platform.access import pages
from dancu.platform.gateway import breaker, carrying, choice, mode
from dancu.platform.gateway.models import LinkEvent

__all__ = ["national", "nothing_of_before", "stand_in"]
ROLES = ("data_steward", "commune_police", "administrator", "one_stop_officer", "auditor")


@pytest.fixture
def without_a_copy(site: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    del site
    monkeypatch.setenv("DANCU_VERIFY_ONLY", "1")
    yield


@pytest.mark.parametrize("role", ROLES)
def test_each_page_works_or_says_that_it_needs_the_copy(
    without_a_copy: None, client_as: Callable[..., Any], role: str
) -> None:
    """Every address without a number in it, of every app, over an empty register."""
    client = client_as(role)
    told = 0
    for name, view in addresses():
        said = pages.declared(view)
        if said is None or said.public or "<" in name:
            continue
        answer = client.get("/" + name)
        assert answer.status_code < 500, name
        if answer.status_code == 404 and "không giữ bản sao" in html.unescape(
            answer.content.decode()
        ):
            told += 1
        else:
            assert answer.status_code in (200, 302, 400, 401, 403, 404, 405, 409, 422), name
    assert told >= 15


def test_the_menu_and_the_home_page_leave_out_what_is_closed(
    without_a_copy: None, client_as: Callable[..., Any]
) -> None:
    home = html.unescape(client_as("commune_police").get("/").content.decode())
    assert "Chế độ chỉ xác minh" in home
    for closed in ("Việc cần làm", "Tìm công dân", "Nộp danh sách"):
        assert f"<span>{closed}</span>" not in home


def test_a_stranger_learns_nothing_and_an_interface_is_told_in_its_own_way(
    without_a_copy: None, client_as: Callable[..., Any]
) -> None:
    stranger = client_as(None)
    assert stranger.get("/viec/").status_code == 302
    answer = stranger.get("/api/openapi.json")
    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["title"] == "verify-only"


def test_with_a_copy_nothing_is_closed(client_as: Callable[..., Any]) -> None:
    client = client_as("commune_police")
    assert client.get("/viec/").status_code == 200
    assert not hasattr(client.get("/").wsgi_request, "closed_apps")


def test_every_closed_app_is_one_of_ours() -> None:
    from django.urls import get_resolver

    names = {getattr(entry, "namespace", None) for entry in get_resolver().url_patterns}
    assert names >= mode.NEED_THE_COPY


def test_an_officer_sees_that_a_question_waits_and_later_its_answer(
    without_a_copy: None, national: StandIn, client_as: Callable[..., Any]
) -> None:
    client = client_as("one_stop_officer")
    national.behaves("e500")
    reply = choice.remote().ask(request(client.user))
    path = f"/duong-truyen/cau-hoi/{reply.number}/"
    page = client.get(path).content.decode()
    assert "Chưa xác minh được." in page and "đừng coi là khớp hay không khớp" in page
    assert "Máy chủ bên quốc gia gặp lỗi." in page and reply.receipt in page
    assert "hx-trigger" in page and MAU.number not in page
    national.behaves("well")
    due_now()
    carrying.carry(choice.client())
    part = client.get(path, headers={"HX-Request": "true"})
    assert part["HX-Refresh"] == "true"
    page = client.get(path).content.decode()
    assert "Khớp" in page and "QG-000001" in page and "000: Thông tin thẻ chính xác" in page
    listed = client.get("/duong-truyen/cau-hoi/").content.decode()
    assert path in listed and "Đã trả lời" in listed and MAU.number not in listed


def test_a_question_is_shown_to_who_asked_it_and_to_nobody_else(
    national: StandIn, client_as: Callable[..., Any]
) -> None:
    client = client_as("one_stop_officer")
    reply = choice.remote().ask(request(client.user))
    other = client_as("one_stop_officer", "administrator")
    assert other.get(f"/duong-truyen/cau-hoi/{reply.number}/").status_code == 404
    assert other.get(f"/duong-truyen/cau-hoi/{uuid4()}/").status_code == 404
    assert str(reply.number) not in other.get("/duong-truyen/cau-hoi/").content.decode()


def test_the_administrator_stops_the_line_with_a_reason_and_sets_it_free(
    national: StandIn, client_as: Callable[..., Any]
) -> None:
    client = client_as("administrator")
    carrying.check(choice.client())
    page = client.get("/duong-truyen/").content.decode()
    assert "Đang thông" in page and "1 / 1" in page and re.search(r"100,00\s*%", page)
    refused = client.post("/duong-truyen/dung/", {"why": " "})
    assert refused.status_code == 422 and "Hãy ghi lý do" in refused.content.decode()
    assert client.post("/duong-truyen/dung/", {"why": "Bảo trì 22 giờ"}).status_code == 302
    assert breaker.state().stopped_by == client.user.username
    page = client.get("/duong-truyen/").content.decode()
    assert "Bảo trì 22 giờ" in page and "Tạm dừng bằng tay" in page
    assert client.post("/duong-truyen/chay-lai/").status_code == 302
    assert breaker.state().stopped_by == ""
    told = LinkEvent.objects.using("owner").order_by("id").values_list("what", "by")
    assert list(told) == [("stopped", client.user.username), ("resumed", client.user.username)]


def test_the_worker_checks_the_line_each_minute_and_carries_what_waits(
    national: StandIn, client_as: Callable[..., Any]
) -> None:
    from dancu.platform.gateway import tasks

    client = client_as("one_stop_officer")
    national.behaves("e500")
    choice.remote().ask(request(client.user, at=timezone.now()))
    national.behaves("well")
    due_now()
    assert tasks.carry.func(0) == 1
    assert "/v1/status" in national.seen()["calls"]


def test_the_counter_asks_the_national_service_and_shows_what_it_says(
    register_site: RegisterSite,
    without_a_copy: None,
    national: StandIn,
    client_as: Callable[..., Any],
) -> None:
    client = client_as("one_stop_officer", unit=register_site.communes[0])
    card = f"{MAU.number}||Giáp Thị Mẫu|05091999|Nữ||02012022"
    answer = client.post("/xac-minh/", {"scan": card}, follow=True)
    page = html.unescape(answer.content.decode())
    assert "000: Thông tin thẻ chính xác" in page and "QG-000001" in page
    (asked,) = national.seen()["asked"]
    assert asked["claims"]["birth_date"] == "1999-09-05" and asked["claims"]["sex"] == "female"
    assert asked["officer"] == {"name": client.user.display_name, "number": client.user.username}
    national.behaves("e500")
    page = html.unescape(client.post("/xac-minh/", {"scan": card}, follow=True).content.decode())
    assert "Chưa xác minh được." in page and "Không xác nhận được" not in page


def test_a_partner_is_told_to_send_again_and_gets_the_answer_under_the_same_number(
    register_site: RegisterSite, without_a_copy: None, national: StandIn
) -> None:
    """Never «not identified» for a line that is down; another content under the same number is a conflict."""
    asker = partner(purposes={"health_care": FIELDS, "bank": ["full_name"]})
    token, number = asker.token(), str(uuid4())
    claimed = {"number": MAU.number, "claims": {"full_name": "Giáp Thị Mẫu"}, "request_id": number}
    national.behaves("e500")
    down = asker.ask(token, claimed)
    assert down.status_code == 503 and "not_identified" not in down.content.decode()
    national.behaves("well")
    due_now()
    carrying.carry(choice.client())
    told = asker.ask(token, claimed).json()
    assert told["answer"]["result"] == "confirmed" and told["receipt"]
    assert len(national.seen()["answers"]) == 1
    other = claimed | {"claims": {"full_name": "Vũ Thị Khác"}}
    assert asker.ask(token, other).status_code == 409
    elsewhere = partner(purposes={"health_care": FIELDS})
    fresh = elsewhere.ask(elsewhere.token(), claimed).json()
    assert fresh["receipt"] != told["receipt"], "numbers of one partner are its own"
    by_consent = asker.ask(token, claimed | {"purpose": "bank", "request_id": str(uuid4())})
    assert by_consent.status_code == 403, "who consented is known of our own register only"
