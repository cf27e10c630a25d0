"""The counter in a real browser: one dossier by keyboard alone from the scan to the proposal, a leader who signs."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from tests.web.chromium import (
    BOTH,
    axe,
    browser,
    desk,
    judge_in_each_look,
    needs_chromium,
    open_cleanly,
    open_in_each_look,
    shot,
)
from tests.web.counters import filed
from tests.web.register import RegisterSite
from tests.web.test_verify_api import someone
from tests.web.test_verify_scan import card

from dancu.sectors.public_services import workflow
from dancu.sectors.public_services.counter import queue

__all__ = ["browser", "desk"]
pytestmark = needs_chromium
BIRTH_COPY = "1.004194"


@pytest.fixture(autouse=True)
def nothing_of_before(register_site: RegisterSite) -> None:
    register_site.do(
        "TRUNCATE services.dossier, services.kept, services.delta, services.move, services.ticket,"
        " services.ticket_count CASCADE"
    )


def seen_to(page: Any, name: str) -> None:
    """No fault of accessibility, no sideways scrolling, a quiet console; kept as a picture."""
    assert page.said == [] and axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
    shot(page, f"counter-{name}-{page.viewport_size['width']}")


def tab_to(page: Any, selector: str, most: int = 60) -> None:
    """Tab until the cursor is there."""
    for _ in range(most):
        if page.evaluate(
            "s => !!document.activeElement && document.activeElement.matches(s)", selector
        ):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not lead to {selector}")


def test_an_officer_handles_one_dossier_by_keyboard_alone_and_a_leader_signs(
    desk: Callable[..., Any], register_site: RegisterSite
) -> None:
    place = register_site.communes[0]
    page, person = desk("one_stop_officer", unit=place), someone(register_site)
    page.keyboard.press("g")
    page.keyboard.press("m")
    page.wait_for_url("**/ho-so/moi/")
    # The procedure in a few plain words, then the reader types where the cursor is.
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("document.activeElement.id") == "procedure"
    page.keyboard.type("tam tru")
    page.keyboard.press("Tab")
    page.keyboard.type(card(person))
    page.keyboard.press("Enter")
    page.wait_for_selector("#paper_reason")
    assert "Đã xác minh" in page.inner_text("main") and "Đăng ký tạm trú" in page.inner_text("h1")
    _fill_what_is_open(page)
    for part in page.query_selector_all("fieldset.handed"):
        name = part.query_selector("input").get_attribute("name")
        tab_to(page, f'input[name="{name}"]')
        page.keyboard.press("ArrowRight")
    tab_to(page, "#paper_reason")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(re.compile(r"/ho-so/\d+/$"))
    code = page.inner_text("[data-code]")
    assert "Được tiếp nhận" in page.inner_text(".head .actions")
    number = int(page.url.rstrip("/").rsplit("/", 1)[1])
    for action, status in (("Nhận xử lý", "Đang xử lý"), ("Trình ký", "Chờ ký")):
        key = page.get_attribute(f'button[data-act]:has-text("{action}")', "data-act")
        with page.expect_navigation():
            page.keyboard.press(key)
        assert status in page.inner_text(".head .actions"), page.inner_text("main")
    with page.expect_navigation():
        page.keyboard.press("z")
    assert "Chờ ký" not in page.inner_text(".head .actions")
    with page.expect_navigation():
        page.keyboard.press(page.get_attribute('button[data-act]:has-text("Trình ký")', "data-act"))
    leader = desk("unit_head", unit=place)
    open_cleanly(leader, "/ho-so/cho-ky/")
    assert code in leader.inner_text("main")
    leader.keyboard.press("j")
    leader.keyboard.press("x")
    with leader.expect_navigation():
        leader.keyboard.press("1")
    seen_to(leader, "preview")
    with leader.expect_navigation():
        leader.keyboard.press("1")
    assert leader.inner_text("[data-done]") == "1"
    seen_to(leader, "signed")
    asked = "SELECT status FROM services.dossier WHERE dossier_no = %s"
    assert register_site.ask(asked, number) == [(workflow.PROCESSED,)]


def _fill_what_is_open(page: Any) -> None:
    """What the register did not know, typed field by field."""
    for field in page.query_selector_all("main [name^=f_]"):
        if field.input_value():
            continue
        name, tag = field.get_attribute("name"), field.evaluate("e => e.tagName")
        tab_to(page, f'[name="{name}"]')
        label = page.inner_text(f'label[for="{name}"]')
        if tag == "SELECT":
            page.keyboard.press("ArrowDown")
        else:
            page.keyboard.type(
                "01/02/2020" if "gày" in label else "2" if "Số " in label else "Thôn Đông"
            )


PAGES = {
    "inbox": "/ho-so/",
    "empty": "/ho-so/?buoc=phi", "scan": "/ho-so/moi/", "line": "/ho-so/ket-noi/", "queue": "/ho-so/hang-cho/",
}  # fmt: skip


def test_every_page_of_the_counter_is_clean_at_both_widths(
    desk: Callable[..., Any], register_site: RegisterSite
) -> None:
    place, day = register_site.communes[0], dt.timedelta(days=1)
    person = someone(register_site)
    page = desk("one_stop_officer", unit=place)
    for days, status in (
        (-3, workflow.PROCESSING),
        (1, workflow.ACCEPTED),
        (20, workflow.SUPPLEMENT),
    ):
        filed(register_site, place, status=status, due=days * day)
    number = filed(
        register_site,
        place,
        status=workflow.PROCESSING,
        applicant=person["citizen_id"],
        name=person["full_name"],
    )
    for line in "AABU":
        register_site.do(
            "SELECT services.take_ticket(%s, %s, %s, now())", place, timezone.localdate(), line
        )
    for n in range(60):
        register_site.do(
            "INSERT INTO gateway_sample (at, link, kind, ok, ms, reason)"
            " VALUES (now(), 'national', 'check', %s, %s, '')",
            n != 7, 20 + n,
        )  # fmt: skip
    for name, path in PAGES.items():
        open_in_each_look(page, path, name=f"counter_{name}_", looks=BOTH)
    open_cleanly(page, f"/ho-so/{number}/?cua-toi=0")
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    judge_in_each_look(page, name="counter_dossier_")
    page.goto(f"/ho-so/moi/?thu-tuc={BIRTH_COPY}")
    page.fill("#scan", card(person))
    page.click("main form button[type=submit]")
    page.wait_for_selector("#paper_reason")
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    judge_in_each_look(page, name="counter_form_")
    page.goto("/ho-so/hang-cho/")
    page.click("button:has-text('Gọi số tiếp theo')")
    page.wait_for_selector(".at-desk")
    judge_in_each_look(page, name="counter_called_")
    hall = desk(None)
    open_in_each_look(hall, f"/ho-so/man-hinh/{place}/", name="counter_screen_", looks=BOTH)
    kiosk = f"/ho-so/lay-so/{place}/{queue.kiosk_word(place)}/"
    open_in_each_look(hall, kiosk, name="counter_kiosk_", looks=BOTH)
    hall.click("main button >> nth=0")
    hall.wait_for_selector(".number")
    judge_in_each_look(hall, name="counter_taken_")
