"""Addresses of events: the API, the forms, the keys."""

from __future__ import annotations

from typing import Any

from django.urls import path

from dancu.platform.events import key_views, kinds, openapi, views
from dancu.platform.events.api import api
from dancu.platform.events.callers import guarded

app_name = "events"
PREFIX = ""


def _api() -> list[Any]:
    """django-ninja's addresses, each behind the guard; its root, which shows nothing, is left out."""
    found = []
    for pattern in api.urls[0]:
        if pattern.name != "api-root":
            pattern.callback = guarded(pattern.callback, right=kinds.RIGHT)
            found.append(
                path(f"api/{pattern.pattern}", pattern.callback, name=f"api-{pattern.name}")
            )
    return found  # fmt: skip


urlpatterns = [
    *_api(),
    path("api/openapi.json", guarded(openapi.view, right=None), name="openapi"),
    path("su-kien/", views.choose, name="choose"),
    path("su-kien/da-ghi/", views.mine, name="mine"),
    path("su-kien/da-ghi/<int:no>/", views.done, name="done"),
    path("su-kien/da-ghi/<int:no>/rut-lai/", views.undo, name="undo"),
    path("su-kien/ghi/<slug:kind>/", views.write, name="write"),
    path("su-kien/ghi/<slug:kind>/<uuid:citizen>/", views.write, name="write_about"),
    path("su-kien/cong-dan/<uuid:citizen>/", views.choose, name="choose_about"),
    path("quan-tri/khoa-api/", key_views.list_keys, name="keys"),
    path("quan-tri/khoa-api/moi/", key_views.new_key, name="new_key"),
    path("quan-tri/khoa-api/<int:number>/thu-hoi/", key_views.revoke, name="revoke_key"),
]
