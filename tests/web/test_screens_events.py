"""Events in a real browser: a death recorded on a telephone, the score seen to move; all pages at both widths."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from tests.web.chromium import (
    BOTH,
    PHONE,
    browser,
    desk,
    judge_in_each_look,
    needs_chromium,
    open_in_each_look,
    shot,
)
from tests.web.register import RegisterSite
from tests.web.test_events_forms import somebody

from dancu.platform.events import writer

__all__ = ["browser", "desk"]
pytestmark = needs_chromium


@pytest.fixture(scope="module", autouse=True)
def people(register_site: RegisterSite) -> Iterator[RegisterSite]:
    yield register_site
    writer.close()


def test_a_death_is_recorded_and_the_score_moves(
    desk: Callable[..., Any], people: RegisterSite
) -> None:
    citizen, unit = somebody(people, 0, "card_expires > DATE '2026-01-01'")
    page = desk("commune_police", unit=unit, size=PHONE)
    page.goto(f"/su-kien/cong-dan/{citizen}/")
    page.click("text=Khai tử")
    assert "•••••" in page.inner_text("main")
    page.fill("#id_death_date", "31/02/2024")
    page.click("text=Xem lại trước khi ghi")
    page.wait_for_selector(".error-summary")
    page.said.clear()  # the browser notes the 422
    assert page.input_value("#id_death_date") == "31/02/2024"
    page.fill("#id_death_date", "20.6.2024")
    page.click("text=Xem lại trước khi ghi")
    page.wait_for_selector("text=Ghi xong thì")
    assert "20/06/2024" in page.inner_text("main")
    judge_in_each_look(page, name="event_check_")
    page.click("button:has-text('Ghi sự kiện')")
    page.wait_for_selector("text=Số sự kiện")
    moved = page.inner_text(".score-move")
    before, after = (part.split()[-1] for part in moved.split("→"))
    assert before != after, moved
    judge_in_each_look(page, name="event_done_")
    page.click("text=Rút lại")
    page.wait_for_selector("dialog[open]")
    shot(page, "event_undo_390")
    page.click("dialog[open] .btn-danger")
    page.wait_for_selector("text=đã rút lại")
    judge_in_each_look(page, name="event_mine_")


def test_the_pages_are_quiet_fit_and_have_no_fault(
    desk: Callable[..., Any], people: RegisterSite
) -> None:
    page = desk("justice_officer", unit=people.communes[0])
    for path in ("/su-kien/", "/su-kien/ghi/birth/", "/su-kien/da-ghi/"):
        open_in_each_look(page, path, name=f"events{path.replace('/', '_')}", looks=BOTH)
    page = desk("administrator")
    for path in ("/quan-tri/khoa-api/", "/quan-tri/khoa-api/moi/"):
        open_in_each_look(page, path, name=f"events{path.replace('/', '_')}", looks=BOTH)
