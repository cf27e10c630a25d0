"""Pages of indicators in a real browser: quiet, fitting, without a fault of accessibility, at both widths."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.web.chromium import browser, desk, needs_chromium, open_in_each_look
from tests.web.register import RegisterSite

__all__ = ["browser", "desk"]
pytestmark = needs_chromium


def test_pages_are_quiet_fit_and_have_no_fault_of_accessibility(
    register_site: RegisterSite, desk: Callable[..., Any]
) -> None:
    page = desk("task_force", unit="24")
    busy = register_site.communes[0]
    pages = (
        "", "online_rate_all/", "online_rate_essential_25/", "clean_records_rate/",
        "clean_records_rate/xep-hang/?tu=2024-01-01&den=2024-06-21&cap=huyen",
        "clean_records_rate/xep-hang/?tu=2024-01-01&den=2024-06-21&don-vi-ngay=2025-07-01",
        f"citizen_records/ban-ghi/?den=2024-06-21&don-vi={busy}",
    )  # fmt: skip
    for n, path in enumerate(pages):
        open_in_each_look(page, f"/chi-tieu/{path}", name=f"reports_{n}_")
        assert page.is_visible("h1"), path


def test_a_figure_opens_to_a_record_in_three_clicks(
    register_site: RegisterSite, desk: Callable[..., Any]
) -> None:
    page = desk("commune_police", "unit_head", unit=register_site.communes[0])
    page.goto("/chi-tieu/clean_records_rate/")
    page.click("text=Xem các đơn vị")
    page.click(f"tr:has-text('{register_site.communes[0]}') td[data-label='Giá trị'] a")
    page.click("a:has-text('Ngoài tử số')")
    page.locator("tbody a").first.click()
    page.wait_for_url("**/nguoi/**")
    assert page.is_visible("h1")
