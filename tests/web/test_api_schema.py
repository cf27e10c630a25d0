"""Schemathesis over the API of events: whatever is sent, with a key or without, no answer is a server error."""

from __future__ import annotations

import pytest
from tests.web.register import RegisterSite
from tests.web.sweeping import LARGE, SMALL, bearing, nothing, sweep
from tests.web.test_events_api import GOOD

from dancu.platform.events import openapi


@pytest.fixture(scope="module")
def secret(register_site: RegisterSite) -> str:
    """A key for everything."""
    from dancu.platform.accounts import services
    from dancu.platform.events import keys

    del register_site
    user, _ = services.do_create_user(
        username="schemathesis", display_name="Máy thử", by="test", demo=True
    )
    return keys.do_make(
        user=user, name="schemathesis", kinds=GOOD, units=["24"], days=1, by="test", a_minute=10**6
    ).secret


@pytest.mark.parametrize("known", [True, False])
def test_nothing_that_is_sent_makes_a_server_error(secret: str, known: bool) -> None:
    seen = sweep(openapi.document(), bearing(secret) if known else nothing, SMALL)
    assert 200 in seen if known else set(seen) <= {401, 404}, seen


@pytest.mark.slow
def test_nothing_at_length_makes_a_server_error(secret: str) -> None:
    seen = sweep(openapi.document(), bearing(secret), LARGE)
    assert 200 in seen and 422 in seen
