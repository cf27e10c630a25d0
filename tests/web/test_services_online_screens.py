"""A farmer with a cheap telephone, no script: finds, files, hands in, pays, follows, rates; light and clean pages."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.web.applicants import begin, dossier, filed, fill, office, photo
from tests.web.bank import running_bank
from tests.web.chromium import (
    BOTH,
    DESK,
    PHONE,
    axe,
    browser,
    desk,
    judge_in_each_look,
    needs_chromium,
    open_cleanly,
    open_in_each_look,
    shot,
)
from tests.web.citizens import ADULT, COOKIE, come_in
from tests.web.register import RegisterSite
from tests.web.worker import worked

from dancu.sectors.public_services.payments import bills
from dancu.sectors.public_services.system import as_system

__all__ = ["browser", "desk"]
pytestmark = needs_chromium

HEAVIEST = 150_000
"""Bytes of a page over the line, with everything it loads, compressed as the site sends it."""
SMALLEST = 18.0
"""Pixels of any text on a citizen's page."""
RESIDENCE = "1.004222"
_TOO_SMALL = """() => [...document.querySelectorAll('body *')].filter(e => e.offsetParent && !e.closest('.out, .skip')
 && [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim())
 && parseFloat(getComputedStyle(e).fontSize) < %s).map(e => e.tagName + ': ' + e.textContent.trim().slice(0, 40))"""


@pytest.fixture
def citizen(register_site: RegisterSite) -> str:
    return register_site.citizen(register_site.communes[0], 0, ADULT)


@pytest.fixture
def phone(
    browser: Any, server: str, register_site: RegisterSite, citizen: str
) -> Iterator[Callable[..., Any]]:
    """A page of the citizen, logged in; `inside=False`: of nobody."""
    contexts = []

    def make(
        *,
        size: tuple[int, int] = PHONE,
        script: bool = False,
        dark: bool = False,
        inside: bool = True,
    ) -> Any:
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]}, color_scheme="dark" if dark else "light",
            base_url=server, locale="vi-VN", reduced_motion="reduce", java_script_enabled=script,
        )  # fmt: skip
        contexts.append(context)
        if inside:
            client = come_in(register_site, citizen)
            context.add_cookies(
                [{"name": COOKIE, "value": client.cookies[COOKIE].value, "url": server}]
            )
        page = context.new_page()
        page.said = []
        page.on(
            "console",
            lambda m: page.said.append(m.text) if m.type in ("error", "warning") else None,
        )
        return page

    yield make
    for context in contexts:
        context.close()


def test_a_farmer_finds_files_hands_in_pays_follows_and_rates_without_script(
    phone: Callable[..., Any], account: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, server: str,
    tmp_path: Path,
) -> None:  # fmt: skip
    officer, leader = account("one_stop_officer", unit="07204"), account("unit_head", unit="07204")
    picture = tmp_path / "giay.jpg"
    picture.write_bytes(photo().read())
    page = phone()
    page.goto("/dich-vu/")
    shot(page, "online_find")
    page.fill("#tim", "chuyen ho khau")
    page.click("button:has-text('Tìm')")
    shot(page, "online_found")
    page.click("main a:has-text('Đăng ký thường trú') >> nth=0")
    shot(page, "online_service")
    page.click("text=Bắt đầu")
    shot(page, "online_begin")
    page.click("text=Tiếp tục")
    shot(page, "online_draft")
    page.click("text=Thông tin đã có sẵn")
    assert "sổ dân cư" in page.inner_text("main")
    shot(page, "online_known")
    page.click("main >> text=Tiếp tục")
    page.click("main .button >> text=Tiếp tục")
    _answer_all(page, picture)
    shot(page, "online_draft_done")
    page.click("text=Xem lại và nộp")
    shot(page, "online_review")
    page.click("button:has-text('Nộp hồ sơ')")
    code = page.inner_text(".big")
    shot(page, "online_filed")

    office(code, officer, "accept", "take")
    office(code, officer, "ask_supplement", papers="Hợp đồng thuê nhà có chữ ký chủ nhà")
    page.goto("/dich-vu/toi/")
    shot(page, "online_mine")
    page.click(f"li:has-text('{code}') a")
    page.click("main .button >> text=Bổ sung giấy tờ")
    page.set_input_files("input[type=file]", str(picture))
    page.click("text=Gửi ảnh")
    shot(page, "online_supplement")
    page.click("text=Đủ rồi, gửi bổ sung")
    assert "Thời hạn chạy tiếp" in page.inner_text("main")
    shot(page, "online_dossier")

    with running_bank("bi-mat") as bank:
        given = {"BIN": "970403", "ACCOUNT": "0011012345678", "NAME": "KHO BẠC TỈNH", "SECRET": "bi-mat",
                 "URL": bank.address}  # fmt: skip
        for name, value in given.items():
            monkeypatch.setenv(f"DANCU_BANK_{name}", value)
        one = office(code, officer, "ask_payment")
        page.reload()
        page.click("main .button >> text=Nộp phí")
        shot(page, "online_fee")
        with as_system():
            bill = bills.of_dossier(one.dossier_no)
        assert bill and bill.memo in page.inner_text("main")
        bank.pay(bill.memo, bill.amount)
        page.click("text=Tôi đã chuyển tiền")
        shot(page, "online_fee_asked")
        # Beside the browser's loop.
        beside = threading.Thread(target=worked, args=("services",))
        beside.start()
        beside.join(30)
        page.reload()
        assert "Không còn khoản phí nào" in page.inner_text("main")

    stranger = phone(inside=False)
    stranger.goto("/dich-vu/theo-doi/")
    stranger.fill("#ma", code.lower())
    stranger.click("button:has-text('Xem')")
    assert "Đang xử lý" in stranger.inner_text("main")
    shot(stranger, "online_follow")

    office(code, officer, "propose")
    office(code, leader, "sign", role="leader")
    page.goto(f"/dich-vu/toi/{code}/")
    shot(page, "online_result")
    page.click("main a >> text=Đánh giá")
    page.click("text=4 — Hài lòng")
    page.fill("textarea", "Làm nhanh, cán bộ nói dễ hiểu.")
    shot(page, "online_rate")
    page.click("text=Gửi đánh giá")
    assert "4/5" in page.inner_text("main")
    page.click("text=Gửi phản ánh")
    page.click("button:has-text('Gửi phản ánh')")
    assert page.is_visible(".summary")
    shot(page, "online_complain_wrong")
    page.fill("textarea", "Phải đến hai lần mới nộp được tiền.")
    page.click("button:has-text('Gửi phản ánh')")
    assert "Trả lời chậm nhất ngày" in page.inner_text("main")
    assert dossier(code).status == 9


def _answer_all(page: Any, picture: Path) -> None:
    """Question after question, as the pages lead; then the papers."""
    for _ in range(30):
        if page.is_visible("text=Xem lại và nộp"):
            return
        if page.locator("input[type=file]").count():
            page.set_input_files("input[type=file]", str(picture))
            page.click("text=Gửi ảnh")
            shot(page, "online_paper")
            page.click("text=Xong giấy này")
            continue
        if page.locator("select").count():
            page.select_option("select", "07204")
        elif page.locator("input[type=radio]").count():
            page.click("label.choice >> nth=0")
        elif page.locator("input[name=name]").count():
            page.fill("input[name=name]", "Nguyễn Văn Thử")
            shot(page, "online_person")
        elif page.locator("input[name=answer]").count():
            page.fill("input[name=answer]", "Thôn Đông")
            shot(page, "online_question")
        else:
            page.click("main .button >> nth=0")
            continue
        page.click("text=Lưu và tiếp tục")
    raise AssertionError("the questions do not end")


@pytest.fixture
def paths(register_site: RegisterSite, citizen: str, account: Callable[..., Any]) -> list[str]:
    """A citizen's pages in every state."""
    me = come_in(register_site, citizen)
    draft = begin(me, RESIDENCE)
    full = begin(me, RESIDENCE)
    fill(me, full, RESIDENCE)
    one = filed(me, RESIDENCE)
    office(one.code, account("one_stop_officer", unit="07204"), "accept", "take")
    paying = filed(me, RESIDENCE)
    office(paying.code, account("one_stop_officer", unit="07204"), "accept", "ask_payment")
    own = f"/dich-vu/toi/{one.code}/"
    return [
        "/dich-vu/", "/dich-vu/?tim=khai+sinh", "/dich-vu/?tim=qqq", f"/dich-vu/{RESIDENCE}/", "/dich-vu/BG.ES12/",
        f"/dich-vu/{RESIDENCE}/nop/", "/dich-vu/theo-doi/", f"/dich-vu/theo-doi/?ma={one.code}", "/dich-vu/toi/",
        draft, f"{draft}biet-roi/", f"{draft}hoi/new_unit/", f"{draft}hoi/home_kind/", f"{draft}hoi/head/",
        f"{draft}giay-to/lawful_home/", f"{full}giay-to/lawful_home/", f"{full}xem-lai/", own, f"{own}rut/",
        f"{own}phan-anh/", f"/dich-vu/toi/{paying.code}/phi/", "/dich-vu/nhan-tin/", "/dich-vu/nho-nop/",
    ]  # fmt: skip


def test_every_page_is_clean_large_and_light(
    phone: Callable[..., Any], paths: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {
        "BIN": "970403",
        "ACCOUNT": "0011012345678",
        "NAME": "KHO BẠC",
        "SECRET": "x",
    }.items():
        monkeypatch.setenv(f"DANCU_BANK_{name}", value)
    page = phone(script=True)
    for path in paths:
        open_cleanly(page, path)
        assert page.evaluate(_TOO_SMALL % SMALLEST) == [], path
    page.goto(f"{paths[9]}xem-lai/")
    page.click("button:has-text('Nộp hồ sơ')")
    assert page.is_visible(".summary") and axe(page) == []
    shot(page, "online_review_wrong")
    dark = phone(script=True, dark=True, size=DESK)
    for path in (paths[0], paths[3], paths[16], paths[17], paths[20]):
        open_cleanly(dark, path)
        shot(dark, "online_dark_" + re.sub(r"\W+", "_", path)[-30:])


def test_a_page_weighs_little_and_needs_no_script(
    phone: Callable[..., Any], paths: list[str]
) -> None:
    for path in (paths[0], paths[3], paths[11], paths[17]):
        page = phone(script=True)
        sizes: dict[str, int] = {}
        page.on(
            "response",
            lambda r, sizes=sizes: (
                sizes.update(
                    {
                        r.url: sum(
                            r.request.sizes()[k]
                            for k in ("responseBodySize", "responseHeadersSize")
                        )
                    }
                )
                if r.ok
                else None
            ),
        )
        page.goto(path)
        page.wait_for_load_state("networkidle")
        assert any(url.endswith(".css") for url in sizes), path
        assert not any(url.endswith(".js") for url in sizes), path
        assert 10_000 < sum(sizes.values()) < HEAVIEST, (path, sizes)


def test_the_officers_pages_are_clean_on_a_desk_and_on_a_telephone(
    phone: Callable[..., Any], desk: Callable[..., Any], register_site: RegisterSite, citizen: str,
    account: Callable[..., Any],
) -> None:  # fmt: skip
    me = come_in(register_site, citizen)
    one = filed(me, RESIDENCE)
    office(one.code, account("one_stop_officer", unit="07204"), "accept", "ask_payment")
    complaints = _complaints(phone(), one.code, register_site)
    _odd_payments(one.code, register_site)
    head = desk("unit_head")
    open_in_each_look(head, "/phan-anh-ho-so/", name="online_complaints", looks=BOTH)
    head.click(f"tr:has-text('{complaints[0]}') a")
    open_in_each_look(head, head.url, name="online_complaint", looks=BOTH)
    head.fill("textarea", "Bộ phận một cửa đã gọi lại cho bà chiều nay; số máy trực đã được sửa.")
    head.click("button:has-text('Gửi trả lời')")
    assert "Đã trả lời" in head.inner_text(f"tr:has-text('{complaints[0]}')")
    open_in_each_look(head, head.url, name="online_complaints_after", looks=BOTH)
    clerk = desk("one_stop_officer", unit=register_site.communes[0])
    path = f"/nho-nop-thay/{citizen}/"
    open_in_each_look(clerk, path, name="online_paper_consent", looks=BOTH)
    clerk.fill("#id_paper", "Giấy số 3 ngày 05/03/2024, bà Lan chứng kiến")
    clerk.click("button:has-text('Ghi và lấy mã')")
    judge_in_each_look(clerk, name="online_paper_code")
    open_in_each_look(desk("one_stop_officer"), "/phi/can-xem/", name="online_odd", looks=BOTH)


def _complaints(page: Any, dossier_code: str, site: RegisterSite) -> list[str]:
    """One that is due soon, one that should have been answered."""
    for words in ("Không ai nghe điện thoại suốt một tuần.", "Phải đến hai lần mới nộp được tiền."):
        page.goto(f"/dich-vu/toi/{dossier_code}/phan-anh/")
        page.fill("textarea", words)
        page.click("button:has-text('Gửi phản ánh')")
    rows = site.ask("SELECT code FROM services.complaint ORDER BY complaint_no DESC LIMIT 2")
    site.do("UPDATE services.complaint SET due_on = due_on - 30 WHERE code = %s", rows[0][0])
    return [code for (code,) in rows]


def _odd_payments(dossier_code: str, site: RegisterSite) -> None:
    """Too little, too much, twice, too late."""
    site.do(
        "INSERT INTO services.payment (transaction, bill, dossier_no, memo, amount, paid_at, told_by, outcome, at)"
        " SELECT 'FT24067' || n, b.bill, d.dossier_no, b.memo, coalesce(a, b.amount), now(), 'callback', o, now()"
        " FROM services.dossier d JOIN services.bill b USING (dossier_no), (VALUES"
        " (1, 1000, 'wrong_amount'), (2, 1200000, 'wrong_amount'), (3, NULL, 'again'), (4, NULL, 'late')) v (n, a, o)"
        " WHERE d.code = %s", dossier_code,
    )  # fmt: skip
