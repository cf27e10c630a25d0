"""The pages of papers in Chromium: a citizen's documents, and the check of a file, without JavaScript too."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from tests.web.chromium import DESK, PHONE, axe, browser, needs_chromium, shot
from tests.web.citizens import ADULT, COOKIE, come_in
from tests.web.papers import LEADER, OFFICER, filed
from tests.web.register import RegisterSite

from dancu.sectors.public_services.papers import making, store
from dancu.sectors.public_services.system import as_system

__all__ = ["browser"]
pytestmark = needs_chromium


@pytest.fixture(scope="module")
def issued(
    register_site: RegisterSite, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, Path]:
    """A citizen with a receipt and a signed result, and the result as a file."""
    citizen = register_site.citizen(register_site.communes[0], 0, ADULT)
    with as_system():
        one = filed(applicant=UUID(citizen), unit=register_site.communes[0])
        moment = one.filed_at + dt.timedelta(hours=1)
        making.make(one, "receipt", data={}, by=OFFICER, at=moment)
        result = making.make(one, "result", data={}, by=LEADER, at=moment)
        path = tmp_path_factory.mktemp("papers") / result.file_name
        path.write_bytes(store.read(result))
    return citizen, path


@pytest.fixture(params=[DESK, PHONE], ids=["desk", "phone"])
def page(request: Any, browser: Any, server: str) -> Iterator[Any]:
    """No JavaScript: these pages need none."""
    width, height = request.param
    context = browser.new_context(
        viewport={"width": width, "height": height}, base_url=server, locale="vi-VN", java_script_enabled=False
    )  # fmt: skip
    made = context.new_page()
    made.width = width
    yield made
    context.close()


def test_a_citizen_finds_the_own_documents(
    page: Any, register_site: RegisterSite, server: str, issued: tuple[str, Path]
) -> None:
    client = come_in(register_site, issued[0])
    page.context.add_cookies(
        [{"name": COOKIE, "value": client.cookies[COOKIE].value, "url": server}]
    )
    page.goto("/cong-dan/giay-to/")
    assert page.get_by_role("link", name="Trích lục khai sinh").count() >= 1
    assert _fits(page)
    shot(page, f"papers-mine-{page.width}")


def test_anybody_checks_a_file(page: Any, issued: tuple[str, Path], tmp_path: Path) -> None:
    page.goto("/kiem-tra-giay-to/")
    shot(page, f"papers-check-{page.width}")
    whole = issued[1].read_bytes()
    for name, body, told in (
        ("whole", whole, "Chữ ký hợp lệ"),
        ("changed", whole[:3000] + bytes([whole[3000] ^ 1]) + whole[3001:], "Chữ ký không hợp lệ"),
        ("other", b"no pdf at all", "Chưa kiểm tra được"),
    ):
        path = tmp_path / f"{name}.pdf"
        path.write_bytes(body)
        page.get_by_label("Tệp PDF").set_input_files(path)
        page.get_by_role("button", name="Kiểm tra").click()
        assert page.get_by_role("heading", name=told).is_visible()
        assert _fits(page)
        shot(page, f"papers-check-{name}-{page.width}")


def test_the_check_can_be_used_by_everybody(browser: Any, server: str) -> None:
    context = browser.new_context(base_url=server, locale="vi-VN")
    page = context.new_page()
    page.goto("/kiem-tra-giay-to/")
    assert axe(page) == []
    context.close()


def _fits(page: Any) -> bool:
    """Nothing sticks out to the side; asked without JavaScript of the page itself."""
    box = page.locator("main").bounding_box()
    return bool(box and box["x"] >= 0 and box["x"] + box["width"] <= page.width)
