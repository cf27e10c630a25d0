"""Boards in Chromium: readable at both widths, light and dark; from the province to a record; on paper."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.urls import reverse
from tests.web import reports as made
from tests.web.chromium import browser, desk, needs_chromium, open_in_each_look, shot

from dancu.platform.dashboards import told

__all__ = ["browser", "desk"]
HALF = "tu=2024-01&den=2024-06"
CODE = "online_rate_essential_25"


@pytest.fixture(scope="module")
def filed(site: str) -> Iterator[None]:
    """Half a year of dossiers of four communes, and of the year before."""
    del site
    with made.dossiers():
        told.forget()
        yield
    told.forget()


def _address(name: str, query: str = "", *args: str) -> str:
    return f"{reverse(f'dashboards:{name}', args=args)}?{HALF}{query}"


PAGES = {
    "province": ("board", "", ()),
    "district": ("board", "&don-vi=213", ()),
    "commune": ("board", "&don-vi=07549", ()),
    "no_target": ("board", "&chi-so=dossiers_received", ()),
    "pillar": ("pillar", "&cap=xa&sort=online_rate_all&nhom=public_services", ()),
    "indicator": ("indicator", "", (CODE,)),
}


@needs_chromium
def test_boards_are_readable_at_both_widths_light_and_dark(
    desk: Callable[..., Any], filed: None
) -> None:
    page = desk("unit_head", unit="24")
    for name, (view, query, args) in PAGES.items():
        open_in_each_look(page, _address(view, query, *args), name=f"board_{name}_")


class Clicks:
    """Clicks on links of the page's content, counted."""

    def __init__(self, page: Any) -> None:
        self.page, self.n = page, 0

    def on(self, selector: str) -> None:
        """The first of these links."""
        self.page.locator(f"main {selector}").first.click()
        self.page.wait_for_load_state()
        self.n += 1


@needs_chromium
def test_from_the_province_to_a_record_in_four_clicks_by_the_map_and_by_who_is_behind(
    desk: Callable[..., Any], filed: None
) -> None:
    """What a leader does: a district, a commune, what is missing there, one record; or at once the worst commune."""
    page = desk("unit_head", unit="24")
    ways = {
        "map": ["svg.map a:has-text('Huyện Lục Ngạn')", "table a:has-text('Xã Thanh Hải')",
                "a:has-text('bản ghi nữa')", "tbody th a"],
        "behind": ["table a:has-text('Xã Thanh Hải')", "a:has-text('bản ghi nữa')", "tbody th a"],
        "figure": ["tbody th a", "a:has-text('Mở các bản ghi')", "tbody th a"],
    }  # fmt: skip
    for way, links in ways.items():
        page.goto(_address("board"))
        clicks = Clicks(page)
        for link in links:
            clicks.on(link)
        assert clicks.n <= 4 and "REP-" in page.inner_text("main h1"), way
        for _ in links:
            page.go_back()
        assert page.url.endswith(_address("board")), way


@needs_chromium
def test_on_paper_the_menu_and_the_form_are_gone_and_tables_are_whole(
    desk: Callable[..., Any], filed: None
) -> None:
    page = desk("unit_head", unit="24")
    for name, (view, query, args) in PAGES.items():
        page.goto(_address(view, query, *args))
        page.emulate_media(media="print")
        assert not page.is_visible("nav.side") and not page.is_visible("form.asked"), name
        assert page.locator("table.data:visible").count(), name
        assert "01/01/2024 – 21/06/2024" in page.inner_text("main")
        page.emulate_media(media="screen")
    page.goto(_address("board"))
    page.emulate_media(media="print")
    shot(page, "board_print")
