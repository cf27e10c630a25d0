"""Duplicates in a real browser: judged on a phone, the score moves, keys, undo; every page clean and looked at."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.web.chromium import (
    BOTH,
    PHONE,
    browser,
    desk,
    needs_chromium,
    open_cleanly,
    open_in_each_look,
    shot,
)
from tests.web.register import RegisterSite
from tests.web.test_duplicates import OPEN, across, apart

__all__ = ["across", "apart", "browser", "desk"]
pytestmark = needs_chromium


def scores(site: RegisterSite, unit: str) -> tuple[Any, ...]:
    return site.ask(
        "SELECT sum(evaluated), sum(failed) FROM register.score WHERE unit_code = %s AND level = 'person'",
        unit,
    )[0]


def test_every_page_is_clean(
    register_site: RegisterSite, desk: Callable[..., Any], apart: dict[str, Any]
) -> None:
    many = register_site.ask(
        "SELECT citizen_id FROM register.person WHERE n_records >= 4 ORDER BY person_id LIMIT 1"
    )[0][0]  # fmt: skip
    page = desk("data_steward", unit="24")
    pages = {
        "list": "/trung/",
        "pair": f"/trung/{apart['number']}/",
        "person": f"/trung/ho-so/{many}/",
        "why": "/trung/vi-sao/",
        "proposals": "/trung/cho-duyet/",
    }
    for name, path in pages.items():
        open_in_each_look(page, path, name=f"duplicates-{name}-", looks=BOTH)


def test_an_officer_judges_on_a_phone_and_the_score_moves(
    register_site: RegisterSite, desk: Callable[..., Any], apart: dict[str, Any]
) -> None:
    before = scores(register_site, apart["unit_a"])
    page = desk("commune_police", unit=apart["unit_a"], size=PHONE)
    page.goto("/trung/tiep/")
    page.goto(f"/trung/{apart['number']}/")
    page.get_by_label("Lý do hoặc giấy tờ").fill("Đối chiếu sổ hộ khẩu")
    page.get_by_role("button", name="Cùng một người").click()
    page.wait_for_url("**/trung/**")
    shot(page, "duplicates-judged-390")
    proposed = page.get_by_role("link", name="Xem đề nghị")
    if proposed.count():
        second = desk("id_officer", unit="24", size=PHONE)
        second.goto("/")
        second.get_by_role("link", name="kết luận chờ bạn duyệt").click()
        second.get_by_role("link", name="Đề nghị").first.click()
        shot(second, "duplicates-proposal-390")
        second.get_by_role("button", name="Duyệt và áp dụng").click()
        second.wait_for_url("**/trung/cho-duyet/")
    else:
        assert "→" in page.get_by_role("status").inner_text()
    assert scores(register_site, apart["unit_a"]) != before
    assert not register_site.ask(f"{OPEN} AND duplicate_no = %s", apart["number"])


def test_keys_judge_and_undo(
    register_site: RegisterSite, desk: Callable[..., Any], apart: dict[str, Any]
) -> None:
    page = desk("commune_police", unit=apart["unit_a"])
    page.goto(f"/trung/{apart['number']}/")
    page.keyboard.press("?")
    assert page.get_by_text("Cặp sau, cặp trước").is_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("2")
    page.get_by_role("status").wait_for()
    assert not register_site.ask(f"{OPEN} AND duplicate_no = %s", apart["number"])
    page.keyboard.press("u")
    page.get_by_role("status").get_by_text("Đã rút kết luận").wait_for()
    assert register_site.ask(f"{OPEN} AND record_a = %s AND record_b = %s", apart["a"], apart["b"])


def test_the_other_side_of_another_commune_on_a_phone(
    desk: Callable[..., Any], across: dict[str, Any]
) -> None:
    page = desk("commune_police", unit=across["unit_a"], size=PHONE)
    open_cleanly(page, f"/trung/{across['number']}/")
    assert page.get_by_text("Thuộc đơn vị khác").is_visible()
    shot(page, "duplicates-across-390")
