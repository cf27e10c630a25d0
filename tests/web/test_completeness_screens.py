"""The public figures, the auditor's gaps and periods, on a desk and a telephone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.urls import reverse
from tests.web.chromium import BOTH, browser, desk, needs_chromium, open_in_each_look
from tests.web.register import RegisterSite

from dancu.platform.completeness import reconciling

__all__ = ["browser", "desk"]
pytestmark = needs_chromium


def test_gaps_and_periods_are_readable(
    desk: Callable[..., Any], register_site: RegisterSite
) -> None:
    day = dt.date(2024, 6, 20)
    register_site.ask(
        "INSERT INTO edge.served (at, request, route, status, subject, persons, numbers, receipts, sealed) VALUES"
        " (%s, gen_random_uuid(), 'x:y', 200, '{}', '{}', 1, '{}', false) RETURNING 1",
        dt.datetime(2024, 6, 20, 9, 0, tzinfo=reconciling.ZONE),
    )  # fmt: skip
    reconciling.reconcile(by="test", on=day)
    page = desk("auditor")
    for name in ("public", "gaps"):
        open_in_each_look(
            page, reverse(f"completeness:{name}"), name=f"completeness_{name}_", looks=BOTH
        )
        assert "20/06/2024" in page.inner_text("main")
    open_in_each_look(page, reverse("keeping:rules"), name="keeping_", looks=BOTH)
