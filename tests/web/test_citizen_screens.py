"""A citizen in Chromium on a telephone: in by a real provider, own data, who looked, a correction, a consent."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone
from tests.web.chromium import (
    DESK,
    PHONE,
    browser,
    desk,
    needs_chromium,
    open_cleanly,
    open_in_each_look,
    see,
    shot,
)
from tests.web.citizens import ADULT, COOKIE, come_in, log_line, number_of
from tests.web.provider import SECRET, needs_npm, running
from tests.web.register import RegisterSite

from dancu.platform.access.rights import Refused
from dancu.platform.register import grounds
from dancu.reference import purposes

__all__ = ["browser", "desk"]
pytestmark = [needs_chromium, needs_npm]

SMALL = (
    "[...document.querySelectorAll('main *')].filter(e => e.childNodes.length && e.innerText && "
    "[...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()) && "
    "parseFloat(getComputedStyle(e).fontSize) < 18).map(e => e.outerHTML.slice(0, 80))"
)
"""What is written smaller than 18 px."""
HEAVIEST = 150_000
"""Bytes of a page over the line, with everything it loads, compressed as the site sends it."""
PATHS = ("", "toi/", "toi/du-lieu/", "toi/ai-xem/", "toi/sua/", "toi/sua/full_name/", "toi/yeu-cau/",
         "toi/yeu-cau/moi/restriction/", "toi/yeu-cau/moi/access/", "toi/dong-y/", "toi/dong-y/moi/",
         "toi/hoi/", "toi/su-co/", "toi/ban-sao/", "quyen/")  # fmt: skip


@pytest.fixture(scope="module")
def citizen(register_site: RegisterSite) -> str:
    return register_site.citizen(register_site.communes[0], 0, ADULT)


@pytest.fixture
def issuer(
    server: str, register_site: RegisterSite, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    with running(f"{server}/cong-dan/dang-nhap/ve/") as address:
        given = {"issuer": address, "client_id": "dancu", "client_secret": SECRET, "name": "VNeID", "scope": "openid",
                 "claim": "personal_number", "acr": ("2",)}  # fmt: skip
        monkeypatch.setattr(settings, "CITIZEN_OIDC", given)
        yield address


@pytest.fixture
def phone(browser: Any, server: str) -> Iterator[Callable[..., Any]]:
    """``phone(size=…, dark=…, script=False)``: a page of nobody yet; `said` is what the console said."""
    contexts = []

    def make(size: tuple[int, int] = PHONE, *, dark: bool = False, script: bool = True) -> Any:
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]}, color_scheme="dark" if dark else "light",
            base_url=server, locale="vi-VN", reduced_motion="reduce", java_script_enabled=script,
        )  # fmt: skip
        contexts.append(context)
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


def log_in(page: Any, number: str) -> None:
    """From the start page over the provider's page and back."""
    page.goto("/cong-dan/")
    page.click("text=Bắt đầu: đăng nhập bằng VNeID")
    page.fill("input[name=login]", number)
    page.click("button")
    page.wait_for_url("**/cong-dan/toi/")


def test_a_citizen_walks_through_the_page_without_script(
    phone: Callable[..., Any],
    desk: Callable[..., Any],
    issuer: str,
    register_site: RegisterSite,
    citizen: str,
) -> None:
    unit = register_site.communes[0]
    officer = desk("commune_police", unit=unit)
    officer.goto(f"/nguoi/{citizen}/")
    page = phone(script=False)
    log_in(page, number_of(register_site, citizen))
    shot(page, "citizen_home")
    page.click("text=Dữ liệu của tôi >> nth=0")
    assert "Theo «" in page.inner_text("main")
    shot(page, "citizen_data")
    page.click("text=Về danh mục")
    page.click("text=Ai đã xem dữ liệu của tôi")
    lines = page.locator(".looks li")
    assert "Bạn đã tự xem" in lines.nth(0).inner_text()
    assert "Công an xã, phường" in page.inner_text(
        ".looks"
    ) and "Quản lý cư trú" in page.inner_text(".looks")
    shot(page, "citizen_looks")

    page.locator(".looks a:has-text('Tôi không hiểu lượt xem này')").first.click()
    page.fill("textarea", "Tôi không làm thủ tục nào ở xã trong tháng này.")
    shot(page, "citizen_ask")
    page.click("text=Gửi câu hỏi")
    code = page.inner_text(".big")
    shot(page, "citizen_asked")
    auditor = desk("auditor")
    auditor.goto("/cong-dan-hoi/")
    assert code in auditor.inner_text("main")

    page.goto("/cong-dan/toi/sua/")
    page.click("text=Dân tộc")
    page.click("text=Gửi đề nghị")
    assert page.is_visible(".summary") and page.is_visible("#id_said")
    shot(page, "citizen_correct_wrong")
    page.fill("#id_said", "Nùng")
    page.click("text=Gửi đề nghị")
    assert "Mã của bạn" in page.inner_text(".panel")
    shot(page, "citizen_corrected")
    ((task,),) = register_site.ask(
        "SELECT id FROM worklists_task WHERE citizen_id = %s AND state <> 'fixed'", citizen
    )
    officer.goto(f"/viec/{task}/")
    assert "Nùng" in officer.inner_text("main")

    page.click("text=Thoát")
    assert "Bạn đã thoát" in page.inner_text("main")
    page.goto("/cong-dan/toi/du-lieu/")
    assert page.url.rstrip("/").endswith("/cong-dan")


def test_a_consent_is_given_withdrawn_and_the_next_look_refused(
    phone: Callable[..., Any], issuer: str, register_site: RegisterSite, citizen: str, partner: str
) -> None:
    def stands() -> bool:
        """As the register's door asks it at each look of the bank."""
        purpose = purposes.get("bank", on=timezone.localdate())
        try:
            grounds.check_person(citizen, grounds.Ground(purpose, purpose.fields, partner))
        except Refused:
            return False
        return True

    page = phone()
    log_in(page, number_of(register_site, citizen))
    page.click("text=Đồng ý của tôi")
    page.click("text=Đồng ý cho một nơi")
    page.click("text=Ngân hàng Thử")
    assert "Nếu không đồng ý" in page.inner_text("main")
    shot(page, "citizen_consent_text")
    assert not stands()
    page.click("button:has-text('Tôi đồng ý')")
    assert "Đang có hiệu lực" in page.inner_text("main") and stands()
    open_cleanly(page, page.url)
    shot(page, "citizen_consent")
    with page.expect_download() as got:
        page.click("text=Tải biên nhận")
    assert re.fullmatch(r"dong-y-[0-9a-f]{8}\.json", got.value.suggested_filename)
    page.click("a:has-text('Rút đồng ý')")
    open_cleanly(page, page.url)
    page.click("button:has-text('Rút đồng ý')")
    assert "Đã rút" in page.inner_text("main") and not stands()
    page.goto("/cong-dan/toi/dong-y/")
    shot(page, "citizen_consents")


@pytest.fixture
def partner(register_site: RegisterSite) -> str:
    """A bank that may ask by consent."""
    import datetime as dt

    from dancu.platform.partners.models import Partner

    found, _made = Partner.objects.using("owner").get_or_create(
        client_id="ngan-hang-thu",
        defaults={"name_vi": "Ngân hàng Thử", "purposes": {"bank": ["full_name", "birth_date"]}, "units": ["*"],
                  "unit_on": dt.date(2024, 6, 21), "active_from": dt.date(2024, 1, 1), "created_by": "test"},
    )  # fmt: skip
    return str(found.client_id)


def test_every_page_is_quiet_fits_and_has_no_fault_of_accessibility(
    phone: Callable[..., Any], server: str, register_site: RegisterSite, citizen: str, partner: str
) -> None:
    looks = ((DESK, False), (PHONE, True), (PHONE, False))
    page = phone()
    value = come_in(register_site, citizen).cookies[COOKIE].value
    open_in_each_look(page, "/cong-dan/", name="citizen_start_", looks=looks)
    open_in_each_look(page, "/cong-dan/dang-nhap/mau/", name="citizen_sample_", looks=looks)
    page.context.add_cookies([{"name": COOKIE, "value": value, "url": server}])
    for path in PATHS[1:]:
        open_in_each_look(
            page, f"/cong-dan/{path}", name=f"citizen_{path.replace('/', '_')}", looks=looks
        )
        for size, dark in looks:
            see(page, size, dark)
            assert page.evaluate(SMALL) == [], path
    page.goto("/cong-dan/toi/ai-xem/")
    page.locator("a:has-text('Kiểm chứng')").first.click()
    page.wait_for_url("**/toi/ai-xem/*/")
    open_in_each_look(page, page.url, name="citizen_look_", looks=looks)
    page.goto("/cong-dan/toi/du-lieu/")
    page.click("text=Xem người cùng hộ")
    assert "chỉ hiện tên và quan hệ" in page.inner_text("main")
    for size, dark in looks:
        see(page, size, dark)
        shot(page, f"citizen_household_{size[0]}{'_dark' if dark else ''}")


def test_a_page_is_light(
    phone: Callable[..., Any], server: str, register_site: RegisterSite, citizen: str
) -> None:
    """The page as it is, styles and fonts as the site sends them (gzip; fonts are compressed already)."""
    import gzip

    page = phone()
    value = come_in(register_site, citizen).cookies[COOKIE].value
    page.context.add_cookies([{"name": COOKIE, "value": value, "url": server}])
    sizes: dict[str, int] = {}

    def took(response: Any) -> None:
        body = response.body()
        sizes[response.url] = len(body if response.url.endswith(".woff2") else gzip.compress(body))

    page.on("response", took)
    page.goto("/cong-dan/toi/du-lieu/")
    page.wait_for_load_state("networkidle")
    assert any(url.endswith(".css") for url in sizes) and not any(
        url.endswith(".js") for url in sizes
    )
    assert 10_000 < sum(sizes.values()) < HEAVIEST, sizes


def test_the_auditors_pages_are_quiet_too(
    desk: Callable[..., Any], register_site: RegisterSite
) -> None:
    me = register_site.citizen(register_site.communes[0], 0, ADULT)
    asked = come_in(register_site, me).post(
        f"/cong-dan/toi/ai-xem/{log_line(register_site, me)}/hoi/",
        {"event_id": uuid.uuid4(), "words": "Tôi chưa rõ lượt xem này"},
    )
    assert asked.status_code == 302
    page = desk("auditor")
    open_cleanly(page, "/cong-dan-hoi/")
    shot(page, "citizen_audit_list")
    page.locator("tr:has-text('Tôi chưa rõ lượt xem này') a").first.click()
    open_cleanly(page, page.url)
    assert "Tôi chưa rõ lượt xem này" in page.inner_text("main")
    shot(page, "citizen_audit_one")
