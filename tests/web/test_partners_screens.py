"""Pages of partners and of lists in Chromium, at both widths: quiet, accessible, nothing sideways."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from tests.web.chromium import BOTH, browser, desk, needs_chromium, open_in_each_look
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


def test_the_administrators_and_the_auditors_pages(desk: Callable[..., Any], asker: Asker) -> None:
    page = desk("administrator")
    for name, path, said in (
        ("list", ROOT, asker.client_id),
        ("one", f"{ROOT}{asker.client_id}/?ngay={dt.date.today():%Y-%m-%d}", "Đang hoạt động"),
        ("new", f"{ROOT}moi/", "JWKS"),
    ):
        open_in_each_look(page, path, name=f"partners_{name}_", looks=BOTH)
        assert said in page.inner_text("main")
    page = desk("auditor")
    open_in_each_look(page, f"{ROOT}bat-thuong/", name="partners_flags_", looks=BOTH)
    assert asker.client_id in page.inner_text("main")


def test_a_list_of_candidates_and_what_came_of_it(
    desk: Callable[..., Any], register_site: RegisterSite
) -> None:
    unit = register_site.communes[0]
    page = desk("exam_officer", unit=unit)
    open_in_each_look(page, LISTS, name="lists_", looks=BOTH)
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
    open_in_each_look(page, f"{LISTS}{number}/", name="lists_one_", looks=BOTH)
    assert "thi sinh.csv" in page.inner_text("main")
