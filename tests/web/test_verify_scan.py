"""The scan page: a receptionist's card reader types into it, in a real browser, on every keyboard."""

from __future__ import annotations

import html
from collections.abc import Callable
from typing import Any

import pytest
from tests.web.chromium import DESK, PHONE, browser, desk, needs_chromium, open_cleanly, shot
from tests.web.register import RegisterSite
from tests.web.test_verify_api import lines, someone

__all__ = ["browser", "desk"]


def card(person: dict[str, Any]) -> str:
    year, month, day = person["birth_date"].split("-")
    issued = "".join(reversed(person["card_issued"].split("-")))
    sex = {"1": "Nam", "2": "Nữ"}[person["sex"]]
    return f"{person['personal_number']}||{person['full_name']}|{day}{month}{year}|{sex}||{issued}"


def text(answer: Any) -> str:
    return html.unescape(answer.content.decode())


def test_a_scan_is_answered_and_logged_in_the_officer_s_name(
    client_as: Callable[..., Any], register_site: RegisterSite
) -> None:
    client = client_as("clinic_clerk", unit=register_site.communes[5])
    person = someone(register_site)
    shown = text(client.post("/xac-minh/", {"scan": card(person) + "\r\n"}))
    assert "Đúng người" in shown and "Luật Bảo hiểm y tế" in shown
    assert person["full_name"] not in shown and person["personal_number"] not in shown
    ((receipt, by, partner, _, channel, purpose, _, fields, outcome),) = lines(
        register_site, "by = %s", client.user.username
    )
    assert (by, partner) == (client.user.username, None)
    assert (channel, purpose, outcome) == ("scan", "health_care", "compared")
    assert receipt in shown and {"full_name", "birth_date", "sex"} <= set(fields)


def test_what_the_scan_page_shows_in_each_case(
    client_as: Callable[..., Any], register_site: RegisterSite
) -> None:
    client = client_as("one_stop_officer", unit=register_site.communes[0])
    person = someone(register_site, 1)
    number, name = person["personal_number"], person["full_name"]
    year, month, day = person["birth_date"].split("-")
    cases = {
        f"{number} {name} {day}/{month}/{year}": "Đúng người",
        f"{number} {name} {year}": "Gần đúng",
        f"{number} {name} 01/02/1901": "Có thông tin không khớp",
        f"{number} Trần Quốc Mẫu": "Không xác nhận được",
        "924099999999 Trần Quốc Mẫu": "Không xác nhận được",
    }
    for typed, words in cases.items():
        answer = client.post("/xac-minh/", {"scan": typed})
        assert answer.status_code == 200 and words in text(answer), typed
    for typed in ("", "xin chào", "924090000011||", "1234", "x" * 5000):
        assert client.post("/xac-minh/", {"scan": typed}).status_code == 422


def test_who_may_not_verify_is_refused(
    client_as: Callable[..., Any], register_site: RegisterSite
) -> None:
    unit = register_site.communes[0]
    assert client_as("auditor", unit=unit).get("/xac-minh/").status_code == 403
    assert client_as(None).get("/xac-minh/").status_code == 302


@needs_chromium
@pytest.mark.parametrize("size", [DESK, PHONE])
def test_a_receptionist_scans_one_card_after_another_without_a_mouse(
    desk: Callable[..., Any], register_site: RegisterSite, size: tuple[int, int]
) -> None:
    page = desk("clinic_clerk", unit=register_site.communes[5], size=size)
    open_cleanly(page, "/xac-minh/")
    assert "được ghi lại" in page.inner_text("main")
    shot(page, f"scan_{size[0]}")
    first, second = someone(register_site, 2), someone(register_site, 3)
    burst(page, card(first))
    page.wait_for_selector(".told")
    assert "Đúng người" in page.inner_text(".told")
    shot(page, f"scan_good_{size[0]}")
    receipt = page.inner_text(".told code")
    burst(page, azerty(card(second)))
    page.wait_for_function("r => document.querySelector('.told code').innerText !== r", arg=receipt)
    assert "Gần đúng" in page.inner_text(".told") or "Đúng người" in page.inner_text(".told")
    page.keyboard.type("924099999999 Trần Quốc Mẫu")
    page.keyboard.press("Enter")
    page.wait_for_selector(".told.bad")
    assert "Không xác nhận được" in page.inner_text(".told")
    shot(page, f"scan_bad_{size[0]}")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate("document.activeElement.id") == "scan" and page.input_value("#scan") == ""
    assert page.url.endswith("/xac-minh/") and not page.said, page.said


def burst(page: Any, typed: str) -> None:
    """As a reader: all at once, then Enter; no key but those."""
    page.keyboard.insert_text(typed) if not typed.isascii() else page.keyboard.type(typed, delay=0)
    page.keyboard.press("Enter")


def azerty(typed: str) -> str:
    """What a reader set to a US keyboard makes on a French machine; it has no letters with marks."""
    from dancu.lib.text import strip_marks

    keys = dict(zip("1234567890azqwAZQWm|", "&é\"'(-è_çàqwazQWAZ,µ", strict=True))
    return "".join(keys.get(sign, sign) for sign in strip_marks(typed).replace("M", "?"))


def test_a_list_is_verified_line_by_line_and_read_by_who_sent_it_alone(
    client_as: Callable[..., Any], register_site: RegisterSite
) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    from dancu.platform.lookup import batch
    from dancu.platform.lookup.models import Batch

    unit = register_site.communes[0]
    client, other = client_as("exam_officer", unit=unit), client_as("exam_officer", unit=unit)
    right, wrong = someone(register_site, 4), someone(register_site, 5)
    rows = [
        "Họ và tên;Số CCCD;Ngày sinh;Lớp",
        f"{right['full_name']};{right['personal_number']};{right['birth_date']};12A",
        f"Trần Quốc Mẫu;{wrong['personal_number']};{wrong['birth_date'][:4]};12A",
        "Trần Quốc Mẫu;924099999999;2006;12A", "Trần Quốc Mẫu;123;2006;12A",
    ]  # fmt: skip
    sent = SimpleUploadedFile("thi sinh.csv", "\n".join(rows).encode())
    given = {"file": sent, "basis": "Kỳ thi tháng 6"}
    page = client.post("/xac-minh/danh-sach/", given, follow=True)
    number = Batch.objects.using("owner").get(username=client.user.username).pk
    assert page.status_code == 200 and "thi sinh.csv" in text(page)
    assert client.get(f"/xac-minh/danh-sach/{number}/ket-qua.csv").status_code == 404
    batch.work(number, lambda _step, _share: None)
    told = text(client.get(f"/xac-minh/danh-sach/{number}/ket-qua.csv")).splitlines()
    assert (
        "Đúng người" in told[1]
        and "Không xác nhận được" in told[2]
        and "không đọc được số" in told[4]
    )
    assert told[2].split(",")[1:5] == told[3].split(",")[1:5]
    kept = register_site.ask(
        "SELECT lines::text, result::text FROM lookup_batch WHERE id = %s", number
    )
    assert kept[0][0] == "[]" and right["full_name"] not in kept[0][1]
    logged = lines(register_site, "by = %s AND channel = 'list'", client.user.username)
    assert len(logged) == 2 and all("Kỳ thi tháng 6" in row[6] for row in logged)
    for path in (f"/xac-minh/danh-sach/{number}/", f"/xac-minh/danh-sach/{number}/ket-qua.csv"):
        assert other.get(path).status_code == 404
    bad = [b"a,b\n1,2\n", b"\xff\xfe", b"Ho ten;So CCCD\n"]
    for content in bad:
        sent = SimpleUploadedFile("x.csv", content)
        answer = client.post("/xac-minh/danh-sach/", {"file": sent, "basis": "Kỳ thi tháng 6"})
        assert answer.status_code == 422, content
