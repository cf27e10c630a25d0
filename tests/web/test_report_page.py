"""The report as a browser shows it: desktop and phone, light and dark, with no network and no script."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from tests.unit.engine.report import made_up
from tests.web.chromium import CHROMIUM, needs_chromium

from dancu.engine import report

pytestmark = needs_chromium


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with playwright.sync_playwright() as started:
        found = started.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-background-networking"]
        )
        yield found
        found.close()


@pytest.fixture(
    scope="module", params=[made_up.DAY, made_up.NEW_DAY], ids=["huyện 2024", "xã 2025"]
)
def address(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A report of the day, written as a file."""
    store = made_up.shared(request.param)
    page = next(report.files(store, made_up.context(request.param), made_up.MANIFEST))
    path: Path = tmp_path_factory.mktemp("report") / page.path
    path.write_bytes(page.data)
    return path.as_uri()


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "light"), (390, "dark")])
def test_the_page_opens_quietly_and_fits(
    browser: Any, address: str, width: int, scheme: str
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 844}, color_scheme=scheme)
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address)
    assert said == []
    assert [url for url in asked if url != address and not url.startswith("data:")] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("document.scripts.length") == 0
    page.close()


def test_wide_tables_scroll_in_their_own_box_that_the_keyboard_reaches(
    browser: Any, address: str
) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.goto(address)
    boxes = page.evaluate(
        "[...document.querySelectorAll('table')].filter(t => t.scrollWidth > 390)"
        ".map(t => t.closest('.scroll'))"
        ".map(b => [b !== null, b && b.tabIndex === 0, b && b.getAttribute('aria-label')])"
    )
    assert boxes
    assert all(inside and focus and label for inside, focus, label in boxes)
    page.close()


def test_headings_come_in_order_and_every_drawing_has_a_title(browser: Any, address: str) -> None:
    page = browser.new_page()
    page.goto(address)
    levels = page.evaluate(
        "[...document.querySelectorAll('h1,h2,h3,h4')].map(h => Number(h.tagName[1]))"
    )
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    untitled = page.evaluate(
        "[...document.querySelectorAll('svg:not([aria-hidden])')].filter(s => !s.querySelector('title')).length"
    )
    assert untitled == 0
    units = page.evaluate("document.querySelectorAll('svg.map g > title').length")
    assert units in (10, 58)
    page.close()


def test_the_page_prints_without_cut_tables(browser: Any, address: str) -> None:
    page = browser.new_page(viewport={"width": 718, "height": 1000})
    page.emulate_media(media="print")
    page.goto(address)
    assert page.evaluate("document.documentElement.scrollWidth") <= 718 + 60
    page.close()
