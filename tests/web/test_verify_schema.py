"""Schemathesis over the verification API: whatever is sent, with a token or without, no answer is a server error."""

from __future__ import annotations

from typing import Any

import pytest
from tests.web.register import RegisterSite
from tests.web.sweeping import LARGE, SMALL, Before, bearing, nothing, sweep
from tests.web.verify import partner

from dancu.platform.lookup import openapi


@pytest.fixture(scope="module")
def asking(register_site: RegisterSite) -> Before:
    """A partner that asks; half of its questions name a purpose that it has."""
    del register_site
    bears = bearing(partner(a_minute=10**6, a_day=10**7, a_subject_day=1000).token())

    def before(operation: Any, case: Any) -> None:
        if operation.label.endswith("verify"):
            bears(operation, case)
            if isinstance(case.body, dict) and len(str(case.body)) % 2:
                case.body = case.body | {"purpose": "health_care"}

    return before


@pytest.mark.parametrize("known", [True, False])
def test_nothing_that_is_sent_makes_a_server_error(asking: Before, known: bool) -> None:
    seen = sweep(openapi.document(), asking if known else nothing, SMALL)
    assert {403, 422} & set(seen) if known else not {403, 422} & set(seen), seen


@pytest.mark.slow
def test_nothing_at_length_makes_a_server_error(asking: Before) -> None:
    seen = sweep(openapi.document(), asking, LARGE)
    assert 422 in seen and 403 in seen
