"""Schemathesis over the OpenAPI document: whatever is sent, with a key or without, no answer is a server error."""

from __future__ import annotations

import os
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from tests.web.register import RegisterSite
from tests.web.test_events_api import GOOD

schemathesis = pytest.importorskip("schemathesis", reason="schemathesis is not installed")

SMALL, LARGE = 6, int(os.environ.get("DANCU_SCHEMATHESIS", "400"))


@pytest.fixture(scope="module")
def document(register_site: RegisterSite) -> Any:
    """The document, read from the site itself, and the site behind it."""
    from dancu.platform.events import openapi
    from dancu.site.wsgi import application

    del register_site
    return schemathesis.openapi.from_dict(openapi.document()), application


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


def sweep(document: Any, secret: str | None, examples: int) -> dict[int, int]:
    """Every operation, so many cases each; how often each status came."""
    schema, application = document
    seen: dict[int, int] = {}
    for found in schema.get_all_operations():
        _one(found.ok(), application, secret, examples, seen)
    return seen


def _one(
    operation: Any, application: Any, secret: str | None, examples: int, seen: dict[int, int]
) -> None:
    @settings(
        max_examples=examples, deadline=None, derandomize=examples <= SMALL, database=None,
        phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=operation.as_strategy())
    def try_it(case: Any) -> None:
        if secret:
            case.headers = {**(case.headers or {}), "Authorization": f"Bearer {secret}"}
        answer = case.call(app=application, base_url="http://testserver")
        seen[answer.status_code] = seen.get(answer.status_code, 0) + 1
        assert answer.status_code < 500, (operation.label, answer.status_code)

    try_it()


@pytest.mark.parametrize("known", [True, False])
def test_nothing_that_is_sent_makes_a_server_error(document: Any, secret: str, known: bool) -> None:
    seen = sweep(document, secret if known else None, SMALL)
    assert 200 in seen if known else set(seen) <= {401, 404}, seen


@pytest.mark.slow
def test_nothing_at_length_makes_a_server_error(document: Any, secret: str) -> None:
    seen = sweep(document, secret, LARGE)
    assert 200 in seen and 422 in seen
