"""The explanation of a match as a browser shows it: desktop and phone, light and dark, no script, no network."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from tests.spec.link.province import SETTINGS, linked, table
from tests.web.chromium import CHROMIUM, needs_chromium

from dancu.engine.link import judge, picture, story
from dancu.engine.link.graph import graph

pytestmark = needs_chromium

HOME = {"sex": "2", "unit_code": "07204", "household_number": "H1", "phone": "0912000111"}
RECORDS = [
    {**HOME, "source": "population", "full_name": "Nguyễn Thị Khuyên", "b": [1991, 1, 5]},
    {**HOME, "source": "health", "full_name": "Nguyễn Thị Khuyên", "b": [1991, 5, 1]},
    {**HOME, "source": "education", "full_name": "NGUYEN THI KHUYEN", "b": [1991]},
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with playwright.sync_playwright() as started:
        found = started.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-background-networking"]
        )
        yield found
        found.close()


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    result = linked(RECORDS)
    assert result.epoch is not None
    rows, given = result.pairs.to_pylist(), table(RECORDS[:2])
    told = story.pair(
        judge(given, result.epoch), SETTINGS, rows[0], one_person=True, records=given.to_pylist()
    )
    place = "danh-sach-nhan-khau-thuong-tru-va-tam-tru-cua-xa_2024-06-15.csv, dòng 1234"
    told |= {
        "others": ["Bản ghi 9 cũng khớp."],
        "title": "Bản ghi 1 và 2: một người hay hai?",
        "graph": story.person(graph([1, 2, 3], rows), []),
        "records": [{"record_id": n, "list": "Danh sách nhân khẩu", "place": place} for n in (1, 2)],
        "values": [
            {"label": "Số định danh", "a": "924•••••0017", "b": "924•••••0017", "state": "same", "said": "giống nhau"}
        ],
    }  # fmt: skip
    path = tmp_path_factory.mktemp("explain") / "p.html"
    path.write_bytes(picture.page(told, {"Lần chạy": "demo"}))
    return path.as_uri()


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "light"), (390, "dark")])
def test_the_page_opens_quietly_and_fits(
    browser: Any, address: str, width: int, scheme: str
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 844}, color_scheme=scheme)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(address)
    assert said == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("document.scripts.length") == 0
    assert page.evaluate("document.querySelectorAll('.fall .bar').length") >= 4
    assert page.evaluate("document.querySelectorAll('svg.net circle').length") == 3
    page.close()


def test_the_bars_are_drawn_as_wide_as_they_are_told(browser: Any, address: str) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 844})
    page.goto(address)
    widths = page.evaluate(
        "[...document.querySelectorAll('.fall rect')].map(r => r.getBoundingClientRect().width)"
    )
    weights = page.evaluate(
        "[...document.querySelectorAll('.fall li:not(.sum) .w')].map("
        "w => Math.abs(Number(w.textContent.replace('−', '-').replace(',', '.'))))"
    )
    assert len(widths) == len(weights)
    per_point = sum(widths) / sum(weights)
    assert all(abs(w - p * per_point) <= 1.5 for w, p in zip(widths, weights, strict=True))
    page.close()


def test_headings_come_in_order_and_the_picture_has_a_table_behind_it(
    browser: Any, address: str
) -> None:
    page = browser.new_page()
    page.goto(address)
    levels = page.evaluate(
        "[...document.querySelectorAll('h1,h2,h3')].map(h => Number(h.tagName[1]))"
    )
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    drawn = page.evaluate("document.querySelectorAll('.fall li').length")
    assert page.evaluate("document.querySelectorAll('details tbody tr').length") == drawn
    untitled = (
        "[...document.querySelectorAll('svg.net')].filter(s => !s.querySelector('title')).length"
    )
    assert page.evaluate(untitled) == 0
    page.close()
