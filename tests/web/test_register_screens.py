"""The register's pages in a real browser: quiet, accessible, on a desk and on a telephone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.web.chromium import (
    DESK,
    LOOKS,
    browser,
    desk,
    judge_in_each_look,
    needs_chromium,
    open_in_each_look,
    see,
)
from tests.web.register import RegisterSite

__all__ = ["browser", "desk"]
pytestmark = needs_chromium


def test_search_person_and_household_are_quiet_and_accessible(
    desk: Callable[..., Any], register_site: RegisterSite
) -> None:
    unit = register_site.communes[0]
    page = desk("commune_police", unit=unit)
    open_in_each_look(page, "/tra-cuu/", name="register_search_")
    see(page, DESK)
    page.fill("#id_text", "nguyen")
    page.click("form.seek button")
    page.wait_for_selector("#results table")
    judge_in_each_look(page, name="register_results_", looks=LOOKS)
    of = register_site.citizen(
        unit, where="household_number IS NOT NULL AND n_records > 2 AND EXISTS"
        " (SELECT 1 FROM register.contested c WHERE c.person_id = person.person_id)",
    )  # fmt: skip
    open_in_each_look(page, f"/nguoi/{of}/", name="register_person_")
    see(page, DESK)
    page.click("section .masked button")
    page.wait_for_selector(".masked .chosen")
    open_in_each_look(page, f"/nguoi/{of}/doi-sanh/", name="register_match_")
    open_in_each_look(page, f"/ho/{of}/", name="register_household_")
    nobody = "/nguoi/00000000-0000-4000-8000-000000000000/"
    open_in_each_look(page, nobody, name="register_nobody_", status=404)
