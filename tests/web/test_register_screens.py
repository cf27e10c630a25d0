"""The register's pages in a real browser: quiet, accessible, on a desk and on a telephone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.web.chromium import DESK, PHONE, browser, desk, needs_chromium, open_cleanly, shot
from tests.web.register import RegisterSite

__all__ = ["browser", "desk"]
pytestmark = needs_chromium


@pytest.mark.parametrize(("size", "dark"), [(DESK, False), (PHONE, False), (DESK, True)])
def test_search_person_and_household_are_quiet_and_accessible(
    desk: Callable[..., Any], register_site: RegisterSite, size: tuple[int, int], dark: bool
) -> None:
    unit = register_site.communes[0]
    page = desk("commune_police", unit=unit, size=size, dark=dark)
    mark = f"{size[0]}{'_dark' if dark else ''}"
    open_cleanly(page, "/tra-cuu/")
    shot(page, f"register_search_{mark}")
    page.fill("#id_text", "nguyen")
    page.click("form.seek button")
    page.wait_for_selector("#results table")
    shot(page, f"register_results_{mark}")
    of = register_site.citizen(
        unit, where="household_number IS NOT NULL AND n_records > 2 AND EXISTS"
        " (SELECT 1 FROM register.contested c WHERE c.person_id = person.person_id)",
    )  # fmt: skip
    open_cleanly(page, f"/nguoi/{of}/")
    shot(page, f"register_person_{mark}")
    page.click("section .masked button")
    page.wait_for_selector(".masked .chosen")
    open_cleanly(page, f"/nguoi/{of}/doi-sanh/")
    shot(page, f"register_match_{mark}")
    open_cleanly(page, f"/ho/{of}/")
    shot(page, f"register_household_{mark}")
    open_cleanly(page, "/nguoi/00000000-0000-4000-8000-000000000000/", status=404)
    shot(page, f"register_nobody_{mark}")
