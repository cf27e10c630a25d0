"""The OpenAPI document: what django-ninja derives, and the bodies and headers that CloudEvents need."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from dancu.engine.events import entered
from dancu.platform.events import answers
from dancu.platform.events.cloudevents import BATCH, PLAIN, STRUCTURED
from dancu.platform.events.kinds import type_of
from dancu.reference.fields import fields

_TEXT: dict[str, Any] = {"type": "string", "maxLength": 500}
_PROBLEM = {
    "type": "object",
    "required": ["type", "title", "title_en", "status"],
    "properties": {
        "type": {"type": "string"}, "title": {"type": "string"}, "title_en": {"type": "string"},
        "status": {"type": "integer"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object", "required": ["field", "reason", "detail", "detail_en"],
                "properties": {k: {"type": "string"} for k in ("field", "reason", "detail", "detail_en")},
            },
        },
    },
}  # fmt: skip
_BECAME = {
    "type": "object",
    "properties": {
        "id": {"type": "string"}, "source": {"type": "string"}, "event_no": {"type": "integer"},
        "new": {"type": "boolean"}, "citizens": {"type": "array", "items": {"type": "string", "format": "uuid"}},
        "findings_opened": {"type": "integer"}, "findings_closed": {"type": "integer"},
    },
}  # fmt: skip


def _data(form: entered.EntryForm) -> dict[str, Any]:
    known = fields()
    return {
        "type": "object",
        "title": f"{form.name_vi} / {form.name_en}",
        "required": list(form.required),
        "additionalProperties": False,
        "properties": {
            role: _TEXT | {"title": known[role].label_vi, "description": known[role].label_en}
            for role in form.roles
        },
    }


def _event(form: entered.EntryForm) -> dict[str, Any]:
    return {
        "type": "object",
        "title": form.kind,
        "required": ["specversion", "id", "source", "type", "data"],
        "properties": {
            "specversion": {"const": "1.0"},
            "id": {"type": "string", "minLength": 1, "maxLength": 200},
            "source": {"type": "string", "minLength": 1, "maxLength": 200},
            "type": {"const": type_of(form.kind)},
            "subject": {"type": "string", "format": "uuid"},
            "time": {"type": "string", "format": "date-time"},
            "data": {"$ref": f"#/components/schemas/data_{form.kind}"},
        },
    }


def _answer(what: str, media: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": what, "content": {media: {"schema": schema}}}


def _answers(*ok: tuple[int, str, str, dict[str, Any]]) -> dict[int, Any]:
    said: dict[int, Any] = {code: _answer(what, media, body) for code, what, media, body in ok}
    for status, vi, en in {t[0]: t for t in answers.TITLES.values()}.values():
        said[status] = _answer(
            f"{vi} / {en}", "application/problem+json", {"$ref": "#/components/schemas/problem"}
        )
    return said  # fmt: skip


_ANY = {"$ref": "#/components/schemas/event"}
_MANY = {"type": "array", "items": _ANY, "maxItems": 500}
_HEADER = {"in": "header", "required": False, "schema": {"type": "string"}}
_BECAME_REF = {"$ref": "#/components/schemas/became"}
POST: dict[str, Any] = {
    "parameters": [
        _HEADER | {"name": f"ce-{name}", "description": "chế độ nhị phân / binary mode"}
        for name in ("specversion", "id", "source", "type", "subject", "time")
    ],
    "requestBody": {
        "required": True,
        "content": {
            STRUCTURED: {"schema": _ANY},
            BATCH: {"schema": _MANY},
            PLAIN: {"schema": {"type": "object", "additionalProperties": _TEXT}},
        },
    },
    "responses": _answers(
        (201, "Đã ghi / recorded", PLAIN, _BECAME_REF),
        (200, "Đã ghi từ trước, hoặc cả lô đã ghi / recorded before, or a whole batch", PLAIN, {}),
        (207, "Một phần của lô chưa ghi / part was not recorded", PLAIN, {"type": "array", "items": _BECAME_REF}),
    ),
}  # fmt: skip
SENT: dict[str, Any] = {"responses": _answers((200, "Sự kiện / events", PLAIN, {"type": "object"}))}
STATUS: dict[str, Any] = {"responses": _answers((200, "Sự kiện / event", PLAIN, _BECAME_REF))}
OUTBOX: dict[str, Any] = {"responses": _answers((200, "Thay đổi / changes", BATCH, _MANY))}


def document() -> dict[str, Any]:
    """The whole document."""
    from dancu.platform.events.api import api

    made: dict[str, Any] = dict(api.get_openapi_schema(path_prefix="/api/"))
    parts = made.setdefault("components", {})
    schemas = parts.setdefault("schemas", {})
    schemas |= {f"data_{kind}": _data(form) for kind, form in entered.forms().items()}
    schemas["event"] = {"oneOf": [_event(form) for form in entered.forms().values()]}
    schemas |= {"problem": _PROBLEM, "became": _BECAME}
    parts["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer"}}
    made["security"] = [{"key": []}]
    made["info"]["description"] = (
        "Ghi sự kiện dân cư (CloudEvents 1.0) và đọc những gì đã thay đổi. Gửi lại cùng source và id là vô hại."
    )
    return made


def view(request: HttpRequest) -> HttpResponse:
    """The document, for any key or log-in."""
    del request
    return answers.say(document())
