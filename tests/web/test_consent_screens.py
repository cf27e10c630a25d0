"""Consents and duties in a real browser: every page clean at both widths, the clock runs, a form is filled in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone
from tests.web import consents
from tests.web.chromium import BOTH, browser, desk, needs_chromium, open_in_each_look, see, shot
from tests.web.register import RegisterSite

from dancu.platform.consent import requests, services
from dancu.reference import consent_texts

__all__ = ["browser", "desk"]
pytestmark = needs_chromium
HOME = "/du-lieu-ca-nhan"


@pytest.fixture(scope="module")
def filled(register_site: RegisterSite) -> dict[str, Any]:
    """A person with a consent and two requests."""
    consents.make_partner(register_site)
    person = register_site.citizen(register_site.communes[0], 0, consents.ADULT)
    with consents.citizen(person) as me:
        at = timezone.now()
        made = services.grant(
            citizen_id=person, purpose="bank", partner=consents.PARTNER, by=me, at=at, event_id=uuid4(),
            seen=consent_texts.get("bank", on=timezone.localdate()).version,
        )  # fmt: skip
        asked = requests.submit(
            citizen_id=person, kind="objection", by=me, at=at, event_id=uuid4(), purposes=["bank", "social"],
            words="Tôi không muốn dữ liệu của mình được dùng cho việc này.",
        )  # fmt: skip
        requests.submit(
            citizen_id=person,
            kind="correction",
            by=me,
            at=at,
            event_id=uuid4(),
            fields={"ethnic": "Tày"},
        )
    return {"person": person, "consent": made.consent_no, "request": asked.request_no}


def test_an_officers_pages_are_clean(
    register_site: RegisterSite, desk: Callable[..., Any], filled: dict[str, Any]
) -> None:
    page = desk("commune_police", unit=register_site.communes[0])
    person = f"{HOME}/nguoi/{filled['person']}/"
    pages = {
        "home": f"{HOME}/dong-y/",
        "person": person,
        "record": f"{person}dong-y/?muc-dich=lodging&noi-nhan=",
        "request-new": f"{person}yeu-cau/objection/",
        "correction-new": f"{person}yeu-cau/correction/",
        "receipt": f"{HOME}/dong-y/{filled['consent']}/",
        "queue": f"{HOME}/yeu-cau/",
        "request": f"{HOME}/yeu-cau/{filled['request']}/",
    }
    for name, path in pages.items():
        open_in_each_look(page, path, name=f"consent-{name}-", looks=BOTH)
    assert "Phản đối xử lý dữ liệu" in page.inner_text("main")


def test_the_data_protection_officers_pages_are_clean_and_the_clock_runs(
    register_site: RegisterSite, desk: Callable[..., Any], filled: dict[str, Any]
) -> None:
    del register_site
    page = desk("auditor", unit="24")
    open_in_each_look(page, f"{HOME}/vi-pham/moi/", name="consent-breach-new-", looks=BOTH)
    page.get_by_label("Việc đã xảy ra").fill(
        "Tài khoản một cửa bị dùng ngoài giờ để tra cứu nhiều người"
    )
    page.get_by_role("button", name="Ghi vụ việc").click()
    page.wait_for_url("**/vi-pham/*/")
    address = page.url
    for name, path in {
        "breach": address,
        "breaches": f"{HOME}/vi-pham/",
        "notice": f"{address}thong-bao/",
        "processing": f"{HOME}/ho-so-xu-ly/",
        "assessment": f"{HOME}/danh-gia/processing/",
        "abroad": f"{HOME}/danh-gia/transfer/",
        "request-dpo": f"{HOME}/yeu-cau/{filled['request']}/",
        "card": "/",
    }.items():
        open_in_each_look(page, path, name=f"consent-{name}-", looks=BOTH)
    hours = page.locator(".clock[data-until]").first.inner_text().split(":")
    assert int(hours[0]) in (71, 72)
    page.goto(f"{HOME}/danh-gia/transfer/")
    page.get_by_role("button", name="Lưu thành bản mới").click()
    page.wait_for_url("**/danh-gia/transfer/*/")
    assert page.get_by_text("Không chuyển").count()
    for size, _dark in BOTH:
        see(page, size)
        shot(page, f"consent-assessment-version-{size[0]}")


def test_an_officer_reads_out_the_text_and_records_the_form(
    register_site: RegisterSite, desk: Callable[..., Any], tmp_path: Any
) -> None:
    person = register_site.citizen(register_site.communes[0], 2, consents.ADULT)
    page = desk("commune_police", unit=register_site.communes[0])
    page.goto(f"/nguoi/{person}/")
    file = tmp_path / "phieu.png"
    file.write_bytes(consents.picture())
    page.get_by_role("link", name="Đồng ý và yêu cầu").click()
    page.get_by_role("link", name="Ngân hàng A").first.click()
    assert page.get_by_text("Rút lại bất cứ lúc nào").is_visible()
    assert not page.get_by_label("Người ký đã tự đọc").is_checked()
    page.get_by_label("Số phiếu").fill("15/PĐY-T")
    page.get_by_label("Chính công dân").first.check()
    page.get_by_label("Ảnh hoặc bản quét").set_input_files(file)
    page.get_by_role("button", name="Ghi sự đồng ý").click()
    assert page.locator(".error-summary").is_visible()
    shot(page, "consent-record-error-1280")
    page.get_by_label("Người ký đã tự đọc").check()
    page.get_by_label("Ảnh hoặc bản quét").set_input_files(file)
    page.get_by_role("button", name="Ghi sự đồng ý").click()
    page.wait_for_url("**/dong-y/*/")
    assert page.get_by_text("Còn hiệu lực").count()
    assert len(page.said) == 1 and "422" in page.said[0]
