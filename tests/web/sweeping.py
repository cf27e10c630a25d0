"""Schemathesis over an OpenAPI document: whatever is sent, no answer is a server error."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

schemathesis = pytest.importorskip("schemathesis", reason="schemathesis is not installed")

SMALL, LARGE = 6, int(os.environ.get("DANCU_SCHEMATHESIS", "400"))
Before = Callable[[Any, Any], None]
"""Called with an operation and a case of it before it is sent: puts in who asks, and what makes it worth asking."""


def nothing(operation: Any, case: Any) -> None:
    """A stranger's."""


def bearing(secret: str) -> Before:
    """Who bears this key or token."""

    def before(operation: Any, case: Any) -> None:
        case.headers = {**(case.headers or {}), "Authorization": f"Bearer {secret}"}

    return before


def sweep(openapi: Any, before: Before, examples: int) -> dict[int, int]:
    """Every operation, so many cases each; how often each status came."""
    from dancu.site.wsgi import application

    seen: dict[int, int] = {}
    for found in schemathesis.openapi.from_dict(openapi).get_all_operations():
        _one(found.ok(), application, before, examples, seen)
    return seen


def _one(
    operation: Any, application: Any, before: Before, examples: int, seen: dict[int, int]
) -> None:
    @settings(
        max_examples=examples, deadline=None, derandomize=examples <= SMALL, database=None,
        phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=operation.as_strategy())
    def try_it(case: Any) -> None:
        before(operation, case)
        answer = case.call(app=application, base_url="http://testserver")
        seen[answer.status_code] = seen.get(answer.status_code, 0) + 1
        assert answer.status_code < 500, (operation.label, answer.status_code)

    try_it()
