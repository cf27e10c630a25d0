"""Pages of partners and of lists in Chromium, at both widths: quiet, accessible, nothing sideways."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from tests.web.chromium import DESK, PHONE, browser, desk, needs_chromium, open_cleanly, shot
from tests.web.register import RegisterSite
from tests.web.test_partners import NOW, used
from tests.web.test_verify_api import claims, someone
from tests.web.verify import Asker, partner

from dancu.platform.lookup import batch
from dancu.platform.lookup.models import Batch
from dancu.platform.partners import watch

__all__ = ["browser", "desk"]
pytestmark = needs_chromium
ROOT = "/quan-tri/doi-tac/"
LISTS = "/xac-minh/danh-sach/"


@pytest.fixture(scope="module")
def asker(register_site: RegisterSite) -> Asker:
    """A partner that has asked, and looked odd in it."""
    made = partner()
    token, person = made.token(), someone(register_site)
    made.ask(token, number=person["personal_number"], claims=claims(person))
    made.ask(token, number="924099999999", claims=claims(person))
    used(register_site, made.client_id, NOW.replace(minute=0), confirmed=20, not_identified=60)
    watch.look(at=NOW)
    return made


@pytest.mark.parametrize("size", [DESK, PHONE])
def test_the_administrators_and_the_auditors_pages(
    desk: Callable[..., Any], asker: Asker, size: tuple[int, int]
) -> None:
    page = desk("administrator", size=size)
    for name, path, said in (
        ("list", ROOT, asker.client_id),
        ("one", f"{ROOT}{asker.client_id}/?ngay={dt.date.today():%Y-%m-%d}", "Đang hoạt động"),
        ("new", f"{ROOT}moi/", "JWKS"),
    ):
        open_cleanly(page, path)
        assert said in page.inner_text("main")
        shot(page, f"partners_{name}_{size[0]}")
    page = desk("auditor", size=size)
    open_cleanly(page, f"{ROOT}bat-thuong/")
    assert asker.client_id in page.inner_text("main")
    shot(page, f"partners_flags_{size[0]}")


@pytest.mark.parametrize("size", [DESK, PHONE])
def test_a_list_of_candidates_and_what_came_of_it(
    desk: Callable[..., Any], register_site: RegisterSite, size: tuple[int, int]
) -> None:  # fmt: skip
    unit = register_site.communes[0]
    page = desk("exam_officer", unit=unit, size=size)
    open_cleanly(page, LISTS)
    shot(page, f"lists_{size[0]}")
    person = someone(register_site, 4)
    rows = ["Họ và tên;Số CCCD;Ngày sinh", f"{person['full_name']};{person['personal_number']};{person['birth_date']}",
            "Trần Quốc Mẫu;924099999999;2006"]  # fmt: skip
    page.set_input_files(
        "input[type=file]", {"name": "thi sinh.csv", "mimeType": "text/csv", "buffer": "\n".join(rows).encode()}
    )  # fmt: skip
    page.fill("input[name=basis]", "Kỳ thi tháng 6")
    page.click("main form button[type=submit], main form button:not([type])")
    page.wait_for_url(f"**{LISTS}*/")
    number = int(page.url.rstrip("/").rsplit("/", 1)[1])
    assert Batch.objects.using("owner").get(pk=number)
    batch.work(number, lambda _step, _share: None)
    open_cleanly(page, f"{LISTS}{number}/")
    assert "thi sinh.csv" in page.inner_text("main")
    shot(page, f"lists_one_{size[0]}")
