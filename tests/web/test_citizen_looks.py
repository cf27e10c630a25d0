"""«Ai đã xem dữ liệu của tôi»: everybody who looked, in words, and nothing that may not be told yet."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Callable
from typing import Any

import psycopg
from django.test import Client
from django.utils import timezone
from tests.web.citizens import ADULT, as_app, come_in, log_line, me, text, two
from tests.web.register import RegisterSite

from dancu.platform.citizen import looks
from dancu.platform.ledger import bulk
from dancu.store.ledger import sequencing

__all__ = ["me", "two"]


# --- who looked -----------------------------------------------------------------------------------------------------


def test_an_officers_look_of_a_minute_ago_is_there_in_words(
    me: Client, client_as: Callable[..., Any], register_site: RegisterSite, two: tuple[str, str]
) -> None:
    officer = client_as("commune_police", unit=register_site.communes[0])
    assert officer.get(f"/nguoi/{two[0]}/").status_code == 200
    first = text(me.get("/cong-dan/toi/ai-xem/")).split("<li>")[1]
    for said in (officer.user.display_name, "Công an xã, phường", "Quản lý cư trú", "Luật Cư trú 68/2020/QH14",
                 f"({register_site.communes[0]})", "định danh", "Biên nhận"):  # fmt: skip
        assert said in first, said


def test_an_export_is_there_with_everybody_elses_looks(
    me: Client, register_site: RegisterSite, two: tuple[str, str], client_as: Callable[..., Any]
) -> None:
    steward = client_as("data_steward").user
    number = bulk.record(by=steward, purpose="data_quality", basis="Công văn 12", what="danh sách rà soát thôn",
                         citizens=list(two), using="owner")  # fmt: skip
    page = text(me.get("/cong-dan/toi/ai-xem/"))
    assert (
        "danh sách rà soát thôn" in page and steward.display_name in page and "Công văn 12" in page
    )
    assert f'<span class="code">{number}</span>' in page


def test_a_delayed_look_is_hidden_until_its_day_and_shown_with_it_afterwards(
    me: Client, register_site: RegisterSite, two: tuple[str, str]
) -> None:
    today = timezone.localdate()
    later, past = today + dt.timedelta(days=1), today - dt.timedelta(days=30)
    hidden = log_line(
        register_site, two[0], by="dieu.tra", basis="Điều tra bí mật", hidden_until=later
    )
    shown = log_line(
        register_site, two[0], by="dieu.tra", basis="Điều tra đã xong", hidden_until=past
    )
    on_its_day = log_line(
        register_site, two[0], basis="Điều tra hết hạn hôm nay", hidden_until=today
    )
    page = text(me.get("/cong-dan/toi/ai-xem/"))
    assert hidden not in page and "bí mật" not in page
    assert shown in page and f"được hoãn công bố đến {past:%d/%m/%Y}" in page and on_its_day in page
    assert "Có thể có lượt tra cứu được hoãn công bố theo luật" in page
    assert me.get(f"/cong-dan/toi/ai-xem/{hidden}/").status_code == 404
    assert me.post(f"/cong-dan/toi/ai-xem/{hidden}/hoi/", {"words": "Ai đây ạ?"}).status_code == 404
    with as_app(me) as cursor:
        cursor.execute(
            "SELECT receipt::text FROM citizen_looks(NULL, NULL, NULL, NULL, NULL, 1000)"
        )
        assert hidden not in {row[0] for row in cursor.fetchall()}


def test_the_line_about_hidden_looks_stands_there_for_everybody(
    register_site: RegisterSite, two: tuple[str, str]
) -> None:
    """With nothing hidden the page says the same: it tells nobody whether there is something."""
    page = text(come_in(register_site, two[1]).get("/cong-dan/toi/ai-xem/"))
    assert "Có thể có lượt tra cứu được hoãn công bố theo luật" in page


def test_a_relatives_look_at_the_household_names_nobody(register_site: RegisterSite) -> None:
    at_home = f"SELECT citizen_id, full_name, household_number, unit_code FROM register.person WHERE {ADULT}"
    ((seen, looking, name), *_) = register_site.ask(
        f"SELECT a.citizen_id::text, b.citizen_id::text, b.full_name FROM ({at_home}) a JOIN ({at_home}) b"
        " USING (household_number, unit_code) WHERE a.citizen_id <> b.citizen_id ORDER BY 1, 2 LIMIT 1"
    )
    come_in(register_site, looking).post("/cong-dan/toi/ho/")
    line = text(come_in(register_site, seen).get("/cong-dan/toi/ai-xem/")).split("<li>")[1]
    assert "Một người trong hộ của bạn" in line and name not in line


def test_lines_of_a_merged_identifier_are_followed(
    me: Client, register_site: RegisterSite, two: tuple[str, str]
) -> None:
    former, before = str(uuid.uuid4()), str(uuid.uuid4())
    line = log_line(register_site, before, basis="Xem trước khi gộp")
    with psycopg.connect(register_site.dsn, autocommit=True) as con:
        for n, (old, new) in enumerate(((before, former), (former, two[0]))):
            con.execute("INSERT INTO register.merged (person_id, citizen_id, into_id) VALUES (%s, %s, %s)",
                        [-1 - n, old, new])  # fmt: skip
    assert line in text(me.get("/cong-dan/toi/ai-xem/"))


def test_pages_of_looks_leave_nothing_out_and_show_nothing_twice(
    register_site: RegisterSite, two: tuple[str, str]
) -> None:
    """Sixty lines, many of the same moment: page by page they are all there, in order, and so in a month."""
    now = timezone.now().replace(microsecond=0)
    moments = [now - dt.timedelta(hours=n // 7) for n in range(60)]
    made = [log_line(register_site, two[1], at=at, basis="Phân trang") for at in moments]
    client = come_in(register_site, two[1])
    for query in ("", f"thang={timezone.localtime(now):%Y-%m}&"):
        seen, address = [], f"/cong-dan/toi/ai-xem/?{query}"
        while address:
            page = text(client.get(address))
            seen += re.findall(r'href="/cong-dan/toi/ai-xem/([0-9a-f-]{36})/"', page)
            following = re.search(r'href="\?(?:thang=[\d-]+&)?(sau=[\d-]+)"', page)
            address = f"/cong-dan/toi/ai-xem/?{query}{following[1]}" if following else ""
        if not query:
            assert [r for r in seen if r in set(made)] == sorted(
                made, key=lambda r: (moments[made.index(r)], made.index(r)), reverse=True
            )
        assert len(seen) == len(set(seen))
    assert "Không có lượt xem nào" in text(client.get("/cong-dan/toi/ai-xem/?thang=2001-01"))
    for wrong in ("thang=x", "sau=1", "sau=a-b", "sau=99999999999999999999-1", "thang=0000-13"):
        assert client.get(f"/cong-dan/toi/ai-xem/?{wrong}").status_code == 200


def test_a_look_is_proved_once_it_has_its_place_in_the_ledger(
    me: Client, register_site: RegisterSite, two: tuple[str, str]
) -> None:
    line = log_line(register_site, two[0])
    assert "đang chờ vào sổ" in text(me.get(f"/cong-dan/toi/ai-xem/{line}/"))
    with psycopg.connect(register_site.dsn) as con:
        sequencing.sequence(con)
    page = text(me.get(f"/cong-dan/toi/ai-xem/{line}/"))
    assert "Lượt xem này là dòng số" in page and line in page


def test_a_question_reaches_the_auditor_and_its_answer_the_citizen(
    me: Client, client_as: Callable[..., Any], register_site: RegisterSite, two: tuple[str, str]
) -> None:
    line = log_line(register_site, two[0])
    form = {
        "event_id": str(uuid.uuid4()),
        "words": "Tôi không làm gì ở đây, số của tôi 924 299 000 017.",
    }
    assert "trả lời trong 10 ngày làm việc" in text(me.get(f"/cong-dan/toi/ai-xem/{line}/hoi/"))
    sent = me.post(f"/cong-dan/toi/ai-xem/{line}/hoi/", form)
    again = me.post(f"/cong-dan/toi/ai-xem/{line}/hoi/", form)
    assert sent["Location"] == again["Location"], "sent twice is one question"
    code = sent["Location"].split("/")[4]
    auditor = client_as("auditor")
    assert code in text(auditor.get("/cong-dan-hoi/")) and "Công dân hỏi về lượt xem" in text(
        auditor.get("/")
    )
    page = text(auditor.get(f"/cong-dan-hoi/{code}/"))
    assert line in page and "924299000017" not in page.replace(" ", "")
    assert auditor.post(f"/cong-dan-hoi/{code}/", {"answer": "x"}).status_code == 422
    assert (
        auditor.post(
            f"/cong-dan-hoi/{code}/", {"answer": "Cán bộ xem theo đơn chuyển hộ."}
        ).status_code
        == 302
    )
    assert "Cán bộ xem theo đơn chuyển hộ." in text(me.get(f"/cong-dan/toi/hoi/{code}/"))
    assert auditor.post(f"/cong-dan-hoi/{code}/", {"answer": "Lần hai nữa."}).status_code == 422


def test_months_to_choose_from_go_back_over_the_new_year() -> None:
    found = looks.last_months(dt.datetime(2026, 2, 3, tzinfo=dt.UTC), most=4)
    assert [m.code for m in found] == ["2026-02", "2026-01", "2025-12", "2025-11"]
    assert found[2].after == found[1].first
