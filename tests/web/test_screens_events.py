"""Events in a real browser: a death recorded on a telephone, the score seen to move; all pages at both widths."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from tests.web.chromium import DESK, PHONE, browser, desk, needs_chromium, open_cleanly, shot
from tests.web.register import RegisterSite
from tests.web.test_events_forms import somebody

from dancu.platform.events import writer

__all__ = ["browser", "desk"]
pytestmark = needs_chromium


@pytest.fixture(scope="module", autouse=True)
def people(register_site: RegisterSite) -> Iterator[RegisterSite]:
    yield register_site
    writer.close()


@pytest.mark.parametrize(("size", "n"), [(PHONE, 0), (DESK, 1)])
def test_a_death_is_recorded_and_the_score_moves(
    desk: Callable[..., Any], people: RegisterSite, size: tuple[int, int], n: int
) -> None:
    citizen, unit = somebody(people, n, "card_expires > DATE '2026-01-01'")
    page = desk("commune_police", unit=unit, size=size)
    page.goto(f"/su-kien/cong-dan/{citizen}/")
    page.click("text=Khai tử")
    assert "•••••" in page.inner_text("main")
    page.fill("#id_death_date", "31/02/2024")
    page.click("text=Xem lại trước khi ghi")
    page.wait_for_selector(".error-summary")
    assert page.input_value("#id_death_date") == "31/02/2024"
    page.fill("#id_death_date", "20.6.2024")
    page.click("text=Xem lại trước khi ghi")
    page.wait_for_selector("text=Ghi xong thì")
    assert "20/06/2024" in page.inner_text("main")
    check(page, f"event_check_{size[0]}")
    page.click("button:has-text('Ghi sự kiện')")
    page.wait_for_selector("text=Số sự kiện")
    moved = page.inner_text(".score-move")
    before, after = (part.split()[-1] for part in moved.split("→"))
    assert before != after, moved
    check(page, f"event_done_{size[0]}")
    page.click("text=Rút lại")
    page.wait_for_selector("dialog[open]")
    shot(page, f"event_undo_{size[0]}")
    page.click("dialog[open] .btn-danger")
    page.wait_for_selector("text=đã rút lại")
    check(page, f"event_mine_{size[0]}")


@pytest.mark.parametrize("size", [DESK, PHONE])
def test_the_pages_are_quiet_fit_and_have_no_fault(
    desk: Callable[..., Any], people: RegisterSite, size: tuple[int, int]
) -> None:
    page = desk("justice_officer", unit=people.communes[0], size=size)
    for path in ("/su-kien/", "/su-kien/ghi/birth/", "/su-kien/da-ghi/"):
        open_cleanly(page, path)
        shot(page, f"events{path.replace('/', '_')}{size[0]}")
    page = desk("administrator", size=size)
    for path in ("/quan-tri/khoa-api/", "/quan-tri/khoa-api/moi/"):
        open_cleanly(page, path)
        shot(page, f"events{path.replace('/', '_')}{size[0]}")


def check(page: Any, name: str) -> None:
    """The page that stands there now: no sideways scrolling, no fault of accessibility, a picture."""
    from tests.web.chromium import axe

    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
    assert axe(page) == []
    shot(page, name)
