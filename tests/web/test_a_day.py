"""A day of a commune police officer on a telephone: log in, put a task right, judge a pair, record a death."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from tests.web.chromium import PHONE, browser, desk, needs_chromium, shot
from tests.web.register import RegisterSite
from tests.web.worklists import a_task

from dancu.platform.events import writer
from dancu.platform.worklists import making

__all__ = ["browser", "desk"]
pytestmark = needs_chromium


@pytest.fixture(scope="module", autouse=True)
def people(register_site: RegisterSite) -> Iterator[RegisterSite]:
    making.refresh_tasks()
    yield register_site
    writer.close()


@pytest.fixture
def commune(people: RegisterSite) -> str:
    """A commune with a pair to judge."""
    ((code,),) = people.ask(
        "SELECT unit_a FROM register.duplicate WHERE settled_at IS NULL AND unit_a = unit_b"
        " GROUP BY unit_a ORDER BY count(*) DESC, unit_a LIMIT 1"
    )
    return str(code)


def test_a_day_of_the_commune_police(
    browser: Any, server: str, account: Callable[..., Any], people: RegisterSite, commune: str
) -> None:
    task = a_task(people, commune)
    officer = account("commune_police", unit=commune)
    context = browser.new_context(
        viewport={"width": PHONE[0], "height": PHONE[1]}, base_url=server, locale="vi-VN", reduced_motion="reduce"
    )  # fmt: skip
    page = context.new_page()
    page.goto("/")
    page.fill("[name=username]", officer.username)
    page.fill("[name=password]", officer.first)
    page.click("main button[type=submit], main button.btn-primary")
    page.wait_for_selector("main h1")
    assert officer.display_name in page.inner_text("main")
    shot(page, "day_1_home")

    page.goto("/viec/")
    page.click(f"a[href^='/viec/{task}/']")
    page.fill("#f_ethnic", "tày")
    page.fill("form#fix [name=reason]", "Phiếu thu thập thông tin ngày 20/06/2024")
    page.click("form#fix button.btn-primary")
    page.wait_for_selector("#moved")
    moved = page.inner_text("#moved").split("Điểm của xã:")[1].split("\n")[0]
    before, after = (float(part.strip().split()[0].replace(",", ".")) for part in moved.split("→"))
    assert after > before
    shot(page, "day_2_task")

    page.goto("/trung/tiep/")
    number = page.url.rstrip("/").split("/")[-1]
    page.fill("#reason", "Hai giấy khai sinh khác nhau")
    page.click("button[value=different]")
    page.wait_for_load_state()
    answers = people.ask(
        "SELECT j.verdict, j.by FROM register.judgement j JOIN register.duplicate d"
        " ON d.record_a = j.record_a AND d.record_b = j.record_b WHERE d.duplicate_no = %s",
        int(number),
    )
    assert answers == [("different", officer.username)]
    shot(page, "day_3_pair")

    citizen = people.citizen(commune, 0, "life_status = '1' AND card_expires > DATE '2026-01-01'")
    page.goto(f"/su-kien/cong-dan/{citizen}/")
    page.click("text=Khai tử")
    page.fill("#id_death_date", "20/6/2024")
    page.click("text=Xem lại trước khi ghi")
    page.click("button:has-text('Ghi sự kiện')")
    page.wait_for_selector("text=Số sự kiện")
    was, now = (part.split()[-1] for part in page.inner_text(".score-move").split("→"))
    assert was != now
    assert people.ask("SELECT life_status FROM register.person WHERE citizen_id = %s", citizen) == [
        ("2",)
    ]
    shot(page, "day_4_death")
    context.close()
