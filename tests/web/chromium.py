"""A real browser for the site's pages: fixtures, log-in, what the console said, accessibility, screenshots.

``from tests.web.chromium import browser, desk, needs_chromium  # noqa: F401``; with DANCU_SHOTS=folder every
:func:`shot` is kept there, to be looked at.
"""

from __future__ import annotations

import functools
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"))),
    None,
)  # fmt: skip
"""The headless shell does the same work with a sixth less of the machine."""
needs_chromium = pytest.mark.skipif(
    CHROMIUM is None, reason="no Chromium on this machine (apt-get install chromium-headless-shell)"
)
PATIENCE = 120_000
"""Milliseconds for a click and what follows: on a full machine the worker's thread and the site share one core."""
_CONTRAST = ["color-contrast"]
AXE = Path(__file__).parent / "assets" / "axe.min.js"
DESK, PHONE = (1280, 900), (390, 844)
LOOKS = ((DESK, False), (PHONE, False), (DESK, True))
"""On a desk, on a telephone, in the dark."""
BOTH = LOOKS[:2]
"""On a desk and on a telephone."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium, one for the module. Playwright's synchronous API keeps an event loop in this thread."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with playwright.sync_playwright() as started:
        found = started.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-background-networking"]
        )
        _anew()
        yield found
        _anew()
        found.close()


def _anew() -> None:
    """Connections to the module's own database: within that loop Django keeps others than outside of it."""
    from django.conf import settings
    from django.db import connections

    for alias, given in settings.DATABASES.items():
        connections[alias].close()
        connections[alias].settings_dict.update(given)


@pytest.fixture
def desk(browser: Any, server: str, client_as: Callable[..., Any]) -> Iterator[Callable[..., Any]]:
    """``desk("commune_police", width=390, dark=True)``: a page of that role, at the home page.

    ``page.said`` collects console errors, failed scripts and refused resources; a good page says nothing.
    """
    contexts = []

    def make(
        *roles: str | None, unit: str = "07204", size: tuple[int, int] = DESK, dark: bool = False
    ) -> Any:
        client = client_as(*roles, unit=unit)
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]}, color_scheme="dark" if dark else "light",
            base_url=server, locale="vi-VN", reduced_motion="reduce",
        )  # fmt: skip
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        if "dancu" in client.cookies:
            context.add_cookies(
                [{"name": "dancu", "value": client.cookies["dancu"].value, "url": server}]
            )
        page = context.new_page()
        page.said = []
        page.on(
            "console",
            lambda m: page.said.append(m.text) if m.type in ("error", "warning") else None,
        )
        page.on("pageerror", lambda error: page.said.append(str(error)))
        page.goto("/")
        return page

    yield make
    for context in contexts:
        context.close()


_TOO_WIDE = """width => document.documentElement.scrollWidth <= width ? [] :
    [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > width + 1)
        .map(e => e.tagName + '.' + e.className + ' ' + e.textContent.trim().slice(0, 40)).slice(0, 8)
        .concat(['' + document.documentElement.scrollWidth])"""
"""What makes a page scroll sideways."""


def open_cleanly(page: Any, path: str, *, status: int = 200) -> None:
    """Open a page: the status, a quiet console, no sideways scrolling, no fault of accessibility."""
    page.said.clear()
    answer = page.goto(path)
    assert answer.status == status, (path, answer.status)
    if status >= 400:
        page.said[:] = [line for line in page.said if "Failed to load resource" not in line]
    _clean(page, path)


def open_in_each_look(
    page: Any,
    path: str,
    *,
    name: str,
    looks: Sequence[tuple[tuple[int, int], bool]] = LOOKS,
    status: int = 200,
) -> None:
    """As :func:`open_cleanly`, fetched once and judged in each look; a picture of each.

    Contrast, which takes as long as all else, is judged in the first look and in the dark: a width changes no colour.
    """
    see(page, *looks[0])
    open_cleanly(page, path, status=status)
    _pictured(page, path, name, looks)


def judge_in_each_look(
    page: Any, *, name: str, looks: Sequence[tuple[tuple[int, int], bool]] = BOTH
) -> None:
    """The page that stands there now, after clicks: as :func:`open_in_each_look`, and left in the look it was in."""
    before = page.viewport_size["width"], page.viewport_size["height"]
    see(page, *looks[0])
    _clean(page, page.url)
    _pictured(page, page.url, name, looks)
    see(page, before)


def _pictured(
    page: Any, path: str, name: str, looks: Sequence[tuple[tuple[int, int], bool]]
) -> None:
    for number, (size, dark) in enumerate(looks):
        if number:
            see(page, size, dark)
            _clean(page, path, **({"only": _CONTRAST} if dark else {"but": _CONTRAST}))
        shot(page, f"{name}{size[0]}{'_dark' if dark else ''}")


def see(page: Any, size: tuple[int, int], dark: bool = False) -> None:
    """The page that is open, in another window or in the dark."""
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.emulate_media(color_scheme="dark" if dark else "light")


def _clean(page: Any, path: str, **rules: Sequence[str]) -> None:
    page.wait_for_load_state()  # after a click the next page may have come without its first element yet
    assert page.said == [], path
    wide = page.evaluate(_TOO_WIDE, page.viewport_size["width"])
    assert wide == [], (path, wide)
    assert axe(page, **rules) == [], path


@functools.lru_cache(maxsize=1)
def _axe_source() -> str:
    return AXE.read_text(encoding="utf-8")


def axe(page: Any, *, only: Sequence[str] = (), but: Sequence[str] = ()) -> list[str]:
    """What axe-core finds (by all rules, `only` by these or by all `but` these), as lines to read."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(_axe_source())
    # Nothing is fetched again: no rule of ours asks for the text of style sheets.
    asked: dict[str, Any] = {"resultTypes": ["violations"], "preload": False}
    asked |= {"runOnly": list(only)} if only else {}
    asked |= {"rules": {rule: {"enabled": False} for rule in but}} if but else {}
    found = page.evaluate(
        "asked => axe.run(document, asked).then(found => found.violations)", asked
    )
    return [
        f"{v['id']}: {node['target'][0]} {node['failureSummary'].splitlines()[-1].strip()}"
        for v in found
        for node in v["nodes"]
    ]


def shot(page: Any, name: str) -> None:
    """A picture of the whole page, when somebody asked for pictures."""
    if folder := os.environ.get("DANCU_SHOTS"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)
