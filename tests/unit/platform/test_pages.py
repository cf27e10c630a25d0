"""A declared right holds for operations of an API as for pages; a cookie alone does not write through it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.test.utils import override_settings
from django.urls import path
from ninja import NinjaAPI

from dancu.platform.access.pages import declared, page
from dancu.site import urls

api = NinjaAPI(urls_namespace="test_pages", openapi_url=None, docs_url=None)


@api.get("/score")
@page(right="score.view")
def score(request: Any, n: int = 1) -> dict[str, int]:
    return {"n": n}


@api.post("/score")
@page(right="score.view")
def write(request: Any) -> dict[str, bool]:
    return {"done": True}


@api.get("/forgotten")
def forgotten(request: Any) -> dict[str, bool]:
    return {"seen": True}


urlpatterns = [*urls.urlpatterns, path("api/test/", api.urls)]


@pytest.fixture(autouse=True)
def here() -> Any:
    with override_settings(ROOT_URLCONF=__name__):
        yield


def test_an_operation_asks_for_its_right(client_as: Callable[..., Any]) -> None:
    assert client_as(None).get("/api/test/score").status_code == 401
    assert client_as().get("/api/test/score").status_code == 403
    assert client_as("auditor").get("/api/test/score?n=3").json() == {"n": 3}


def test_an_operation_that_declares_nothing_answers_nobody(client_as: Callable[..., Any]) -> None:
    with pytest.raises(RuntimeError, match="declares no right"):
        client_as("auditor").get("/api/test/forgotten")


def test_a_cookie_without_the_token_of_a_form_writes_nothing(client_as: Callable[..., Any]) -> None:
    client = client_as("auditor")
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    assert client.post("/api/test/score").json() == {"done": True}
    assert strict.post("/api/test/score").status_code == 403


def test_what_all_operations_of_an_address_declare_is_found() -> None:
    said = {str(entry.pattern): declared(entry.callback) for entry in api.urls[0]}
    assert said["score"] is not None and said["forgotten"] is None
