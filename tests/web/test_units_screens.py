"""Pages of units in a real browser; an administrator lives through a merger: draft, preview, apply, undo."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
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
from tests.web.register import RegisterSite
from tests.web.test_units import own_site
from tests.web.worker import worker

__all__ = ["browser", "desk", "own_site", "worker"]
pytestmark = needs_chromium

PAGES = (
    "/don-vi/", "/don-vi/24/", "/don-vi/ban-do/", "/don-vi/can-lam-truoc/", "/quy-tac/", "/quy-tac/CLE-048/",
    "/thay-doi-don-vi/", "/thay-doi-don-vi/moi/",
)  # fmt: skip


def test_pages_are_quiet_fit_and_have_no_fault_of_accessibility(
    own_site: RegisterSite, desk: Callable[..., Any]
) -> None:
    page = desk("administrator", "unit_head", unit="24")
    for path in (*PAGES, f"/don-vi/{own_site.communes[0]}/"):
        open_in_each_look(page, path, name=f"units{path.replace('/', '_')}")
        assert page.is_visible("h1"), path


def test_the_tree_opens_by_keyboard(own_site: RegisterSite, desk: Callable[..., Any]) -> None:
    del own_site
    page = desk("unit_head", unit="24")
    page.goto("/don-vi/")
    district = page.locator("details.branch details.branch").first
    district.locator("summary").first.focus()
    page.keyboard.press("Enter")
    assert district.locator("table").is_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/don-vi/2*/**")


@pytest.mark.parametrize("size", [pytest.param(DESK, marks=pytest.mark.slow), PHONE])
def test_an_administrator_loads_a_merger_looks_applies_and_undoes(
    own_site: RegisterSite, desk: Callable[..., Any], worker: None, size: tuple[int, int]
) -> None:
    del worker
    page, name = desk("administrator", size=size), f"merger_{size[0]}"
    page.goto("/thay-doi-don-vi/")
    page.click("text=Lập bản nháp")
    page.click("button:has-text('Lập từ danh mục')")
    page.wait_for_selector("h2:has-text('Xem trước')", timeout=30_000)
    for look in (DESK, PHONE, size):
        see(page, look)
        open_cleanly(page, page.url)
    shot(page, f"{name}_preview")
    page.click("a:has-text('Quyết định theo địa chỉ') >> nth=0")
    assert page.is_visible("button:has-text('Ghi quyết định')")
    shot(page, f"{name}_decide")
    page.go_back()
    page.click("a:has-text('Áp dụng')")
    page.fill("#confirmed", "1/1/25")
    page.click("button:has-text('Áp dụng')")
    assert page.is_visible("text=Ngày gõ chưa khớp")
    shot(page, f"{name}_wrong")
    page.fill("#confirmed", "01/01/2025")
    page.click("button:has-text('Áp dụng')")
    page.wait_for_selector("[role=progressbar]", timeout=10_000)
    shot(page, f"{name}_running")
    page.wait_for_selector("text=Người đã đổi xã", timeout=60_000)
    shot(page, f"{name}_applied")
    assert own_site.ask("SELECT to_char(on_day, 'DD/MM/YYYY') FROM register.state") == [
        ("01/01/2025",)
    ]
    page.goto("/don-vi/07207/?theo=quy-doi")
    page.wait_for_selector("svg.line")
    shot(page, f"{name}_unit_restated")
    page.goto("/don-vi/07207/")
    shot(page, f"{name}_unit_then")
    page.goto("/don-vi/ban-do/")
    shot(page, f"{name}_map")
    page.goto("/thay-doi-don-vi/")
    page.click("table a >> nth=0")
    page.click("button:has-text('Hoàn tác')")
    shot(page, f"{name}_undo")
    page.click("dialog[open] button.btn-danger")
    page.wait_for_selector("text=Đã hoàn tác", timeout=60_000)
    shot(page, f"{name}_undone")
    assert own_site.ask("SELECT to_char(on_day, 'DD/MM/YYYY') FROM register.state") == [
        ("21/06/2024",)
    ]
