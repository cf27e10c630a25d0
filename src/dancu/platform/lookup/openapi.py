"""The OpenAPI 3.1 document of the verification API, made from the catalogue of attributes, reasons and problems."""

from __future__ import annotations

from typing import Any

from dancu.engine.verify import ATTRIBUTES, RESULTS, VERDICTS, wording
from dancu.platform.lookup import problems, reading

_UUID = {"type": "string", "format": "uuid"}
_TEXT = {"type": "string", "minLength": 1, "maxLength": reading.LONGEST}
_NULLABLE = {"type": ["string", "null"]}
_PROBLEM = {
    "type": "object",
    "required": ["type", "title", "title_en", "status"],
    "properties": {
        "type": {"enum": [problems.BASE + name for name in problems.TITLES]},
        "title": {"type": "string"}, "title_en": {"type": "string"}, "status": {"type": "integer"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "reason", "detail", "detail_en"],
                "properties": {k: {"type": "string"} for k in ("field", "reason", "detail", "detail_en")},
            },
        },
    },
}  # fmt: skip


def _question() -> dict[str, Any]:
    claims = {
        name: _TEXT
        | {"title": wording.attribute(name), "description": wording.attribute(name, "en")}
        for name in ATTRIBUTES
    }
    return {
        "type": "object",
        "required": ["purpose"],
        "properties": {
            "purpose": {"type": "string", "description": "mã mục đích đã đăng ký / a registered purpose"},
            "qr": {"type": "string", "description": "nội dung mã QR trên thẻ / text of the card's QR code"},
            "mrz": {"type": "string", "description": "ba dòng máy đọc / the three machine-readable lines"},
            "number": {"type": "string", "description": "số định danh / personal number"},
            "old_number": {"type": "string", "description": "số CMND 9 số / old number of nine digits"},
            "claims": {"type": "object", "properties": claims, "additionalProperties": False,
                       "maxProperties": reading.MOST_CLAIMS},
            "officer": {
                "type": "object", "required": ["name", "number"],
                "properties": {part: {"type": "string", "maxLength": 120} for part in ("name", "number")},
            },
            "request_id": _UUID | {"description": "cùng mã trong 24 giờ: cùng biên nhận / idempotent for a day"},
        },
        "oneOf": [{"required": [way]} for way in reading.WAYS],
    }  # fmt: skip


def _answer() -> dict[str, Any]:
    attribute = {
        "type": "object",
        "required": ["attribute", "verdict"],
        "properties": {
            "attribute": {"enum": list(ATTRIBUTES)}, "verdict": {"enum": list(VERDICTS)},
            "reason": {"enum": list(wording.codes("reasons"))}, "value": {"type": "string"},
        },
    }  # fmt: skip
    states = {
        kind: {"enum": [*wording.codes(f"{kind}s"), None]} for kind in ("card", "number", "person")
    }
    return {
        "type": "object",
        "required": ["iss", "aud", "iat", "jti", "purpose", "result", "attributes"],
        "properties": {
            "iss": {"const": "dancu"}, "aud": {"type": "string"}, "iat": {"type": "integer"}, "jti": _UUID,
            "request_id": _NULLABLE, "purpose": {"type": "string"}, "result": {"enum": list(RESULTS)},
            "attributes": {"type": "array", "items": attribute}, "on": _NULLABLE, **states,
        },
    }  # fmt: skip


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def _content(schema: dict[str, Any], media: str = "application/json") -> dict[str, Any]:
    return {"content": {media: {"schema": schema}}}


def _refusals(*names: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in names:
        status, vi, en = problems.TITLES[name]
        told = _content(_ref("problem"), "application/problem+json")
        found[str(status)] = {"description": f"{vi} / {en}", **told}
    return found


def _verify() -> dict[str, Any]:
    given = {
        "type": "object",
        "required": ["receipt", "repeated", "answer", "jws"],
        "properties": {
            "receipt": _UUID, "repeated": {"type": "boolean"}, "answer": _ref("answer"),
            "jws": {"type": "string", "description": "answer, ký bằng khoá ở jwks.json / the answer, signed (EdDSA)"},
        },
    }  # fmt: skip
    return {
        "operationId": "verify",
        "summary": "Đây có phải là người này không? / Is this the person?",
        "security": [{"partner": []}],
        "requestBody": {"required": True, **_content(_ref("question"))},
        "responses": {
            "200": {"description": "Câu trả lời có chữ ký / a signed answer", **_content(given)},
            **_refusals(*(n for n in problems.TITLES if n not in ("not-found", "method"))),
        },
    }


def _token() -> dict[str, Any]:
    form = {
        "type": "object",
        "required": ["grant_type"],
        "properties": {
            "grant_type": {"const": "client_credentials"}, "scope": {"type": "string"},
            "client_assertion_type": {"type": "string"}, "client_assertion": {"type": "string"},
            "client_id": {"type": "string"},
        },
    }  # fmt: skip
    given = {
        "type": "object",
        "required": ["access_token", "token_type", "expires_in", "scope"],
        "properties": {
            "access_token": {"type": "string"}, "token_type": {"const": "Bearer"},
            "expires_in": {"type": "integer"}, "scope": {"type": "string"},
        },
    }  # fmt: skip
    error = {"type": "object", "required": ["error"], "properties": {"error": {"type": "string"}}}
    return {
        "operationId": "token",
        "summary": "Mã truy cập / access token (RFC 6749, RFC 7523, RFC 8705)",
        "security": [],
        "requestBody": {
            "required": True, **_content(form, "application/x-www-form-urlencoded"),
        },
        "responses": {
            "200": {"description": "Mã truy cập / token", **_content(given)},
            **{code: {"description": "Từ chối / refused", **_content(error)} for code in ("400", "401", "429", "503")},
        },
    }  # fmt: skip


def document() -> dict[str, Any]:
    """The whole document."""
    keys = {
        "operationId": "jwks", "summary": "Khoá công khai / public keys", "security": [],
        "responses": {"200": {"description": "JSON", **_content({"type": "object"})}},
    }  # fmt: skip
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "dancu verification", "version": "1",
            "description": "Xác minh công dân: mỗi câu trả lời là một dòng nhật ký mà công dân đọc được. "
            "Every answer is a line of the log that the citizen can read.",
        },
        "paths": {
            "/api/v1/verify": {"post": _verify()},
            "/api/v1/token": {"post": _token()},
            "/api/v1/jwks.json": {"get": keys},
        },
        "components": {
            "securitySchemes": {
                "partner": {
                    "type": "oauth2",
                    "flows": {"clientCredentials": {"tokenUrl": "/api/v1/token", "scopes": {}}},
                }
            },
            "schemas": {"problem": _PROBLEM, "question": _question(), "answer": _answer()},
        },
    }  # fmt: skip
