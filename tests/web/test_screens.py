"""The frame's pages in a real browser: quiet, accessible, on a desk and on a telephone, by keyboard."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.web.chromium import (
    BOTH,
    PHONE,
    browser,
    desk,
    needs_chromium,
    open_cleanly,
    open_in_each_look,
    see,
    shot,
)

__all__ = ["browser", "desk"]
pytestmark = needs_chromium

PAGES: dict[str, tuple[str | None, list[str]]] = {
    "stranger": (None, ["/dang-nhap/", "/mat-ket-noi/"]),
    "officer": (
        "commune_police",
        ["/", "/truy-cap/ngoai-dia-ban/", "/tai-khoan/", "/tai-khoan/mat-khau/", "/tai-khoan/ma-xac-thuc/"],
    ),
    "auditor": ("auditor", ["/", "/truy-cap/thong-bao/"]),
    "administrator": ("administrator", ["/", "/quan-tri/tai-khoan/", "/quan-tri/tai-khoan/moi/"]),
}  # fmt: skip


@pytest.mark.parametrize("who", PAGES)
def test_pages_are_quiet_fit_and_have_no_fault_of_accessibility(
    desk: Callable[..., Any], who: str
) -> None:
    role, paths = PAGES[who]
    page = desk(role)
    for path in paths:
        open_in_each_look(page, path, name=f"{who}{path.replace('/', '_')}")
        assert (page.url.endswith(path), page.locator("h1").count()) == (True, 1), path


def test_errors_are_pages_too(desk: Callable[..., Any]) -> None:
    page = desk("commune_police")
    open_in_each_look(page, "/khong-co/", name="404_", looks=BOTH, status=404)
    assert page.inner_text("h1") == "Không có trang này"
    open_in_each_look(page, "/quan-tri/tai-khoan/", name="403_", looks=BOTH, status=403)
    assert page.inner_text("h1") == "Không có quyền"


def test_log_in_by_keyboard_and_a_wrong_password_keeps_the_name(
    desk: Callable[..., Any], account: Callable[..., Any]
) -> None:
    user, page = account("commune_police"), desk(None)
    page.goto("/dang-nhap/")
    page.keyboard.type(user.username)
    page.keyboard.press("Tab")
    page.keyboard.type("sai-mat-khau")
    page.keyboard.press("Enter")
    page.wait_for_selector(".error-summary:focus")
    assert page.evaluate("document.activeElement.className") == "error-summary"
    assert page.input_value("#id_username") == user.username
    shot(page, "login_wrong")
    page.fill("#id_password", user.first)
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:has-text('Xin chào')")


def test_the_keyboard_reaches_everything_that_the_mouse_does(desk: Callable[..., Any]) -> None:
    page = desk("administrator")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("?")
    assert page.is_visible("#keys")
    shot(page, "keys")
    page.keyboard.press("Escape")
    assert not page.is_visible("#keys")
    page.keyboard.press("g")
    page.keyboard.press("t")
    page.wait_for_url("**/quan-tri/tai-khoan/")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "q"
    page.keyboard.type("?gt")
    assert page.input_value("#q") == "?gt"


def test_focus_is_seen(desk: Callable[..., Any]) -> None:
    page = desk("administrator")
    for _ in range(12):
        page.keyboard.press("Tab")
        shown = page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
        assert shown == "3px"


def test_light_and_dark_are_switched_and_remembered(desk: Callable[..., Any]) -> None:
    page = desk("auditor", dark=True)
    theme = "document.documentElement.dataset.bsTheme"
    assert page.evaluate(theme) == "dark"
    page.click("[data-theme-switch]")
    page.goto("/tai-khoan/")
    assert page.evaluate(theme) == "light"


def test_the_menu_opens_on_a_telephone_without_script(
    browser: Any, server: str, client_as: Callable[..., Any]
) -> None:
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, base_url=server, java_script_enabled=False
    )
    value = client_as("administrator").cookies["dancu"].value
    context.add_cookies([{"name": "dancu", "value": value, "url": server}])
    page = context.new_page()
    page.goto("/")
    assert not page.is_visible("#menu")
    page.click(".menu-open")
    assert page.is_visible("#menu")
    page.click("#menu a[href='/quan-tri/tai-khoan/']")
    assert page.url.endswith("/quan-tri/tai-khoan/")
    context.close()


def test_an_administrator_makes_an_account_gives_a_role_and_takes_it_back(
    desk: Callable[..., Any],
) -> None:
    page = desk("administrator", size=PHONE)
    page.goto("/quan-tri/tai-khoan/moi/")
    page.fill("#id_username", "binh.tran")
    page.fill("#id_display_name", "Trần Văn Bình")
    page.click("main button")
    assert "-" in page.inner_text(".big-code")
    page.click("text=Giao vai trò")
    page.select_option("#id_role", "justice_officer")
    page.fill("#id_unit_code", "99999")
    page.fill("#id_reason", "Quyết định 12/QĐ-UBND")
    page.click("button:has-text('Giao vai trò')")
    assert "Không có đơn vị mang mã này" in page.inner_text(".error-summary")
    assert page.input_value("#id_reason") == "Quyết định 12/QĐ-UBND"
    page.fill("#id_unit_code", "07204")
    page.click("button:has-text('Giao vai trò')")
    assert "(07204)" in page.inner_text("main")
    open_in_each_look(page, page.url, name="user_", looks=BOTH)
    see(page, PHONE)
    page.fill("input[name=reason]", "Chuyển công tác")
    page.click("button:has-text('Thu hồi')")
    page.wait_for_load_state()
    assert "Thu hồi vai trò" in page.inner_text("main")


def test_access_outside_shows_its_clock_on_every_page(desk: Callable[..., Any]) -> None:
    page = desk("commune_police")
    page.goto("/truy-cap/ngoai-dia-ban/")
    page.fill("#id_target", "07210")
    page.fill("#id_reason", "Xác minh theo công văn 12 của Công an tỉnh")
    page.click("main button:has-text('Mở quyền')")
    page.wait_for_selector(".outside")
    open_cleanly(page, "/tai-khoan/")
    shot(page, "outside")
    assert page.inner_text(".clock").startswith(("29:", "30:"))
    page.click(".outside button")
    page.wait_for_load_state()
    assert page.query_selector(".outside") is None
