"""A partner for tests: registered, with a key of its own, that gets tokens and asks as a partner's system does."""

from __future__ import annotations

import datetime as dt
import json
import secrets
import time
import uuid
from dataclasses import dataclass
from typing import Any

from django.test import Client
from joserfc import jwt
from joserfc.jwk import OKPKey

ON = dt.date(2024, 6, 21)
FIELDS = ("personal_number", "full_name", "birth_date", "sex", "permanent_unit", "card_issued")
HERE = "http://testserver/api/v1/token"
OFFICER = {"name": "Nguyễn Thị Mẫu", "number": "CB-001"}


@dataclass(frozen=True)
class Asker:
    """A partner's system."""

    client_id: str
    key: OKPKey
    http: Client

    def assertion(self, **changed: Any) -> str:
        """A client assertion; `changed` replaces claims, None takes one away."""
        now = int(time.time())
        claims = {"iss": self.client_id, "sub": self.client_id, "aud": HERE, "iat": now, "exp": now + 60,
                  "jti": secrets.token_hex(8)} | changed  # fmt: skip
        head = {"alg": "EdDSA", "kid": self.key.kid or "k"}
        left = {k: v for k, v in claims.items() if v is not None}
        return jwt.encode(head, left, self.key, algorithms=["EdDSA"])

    def log_in(self, assertion: str | None = None, **more: Any) -> Any:
        """The answer of the token address."""
        kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
        form = {"grant_type": "client_credentials", "client_assertion_type": kind,
                "client_assertion": assertion or self.assertion()} | more  # fmt: skip
        return self.http.post("/api/v1/token", form)

    def token(self) -> str:
        """A fresh one."""
        told: str = self.log_in().json()["access_token"]
        return told

    def ask(self, token: str, body: dict[str, Any] | None = None, **given: Any) -> Any:
        """One question."""
        sent = {"purpose": "health_care", "officer": OFFICER} | (body or {}) | given
        return self.http.post(
            "/api/v1/verify", json.dumps(sent), content_type="application/json",
            headers={"Authorization": f"Bearer {token}"},
        )  # fmt: skip


def partner(
    *, purposes: dict[str, Any] | None = None, units: tuple[str, ...] = ("*",), **more: Any
) -> Asker:
    """A new partner with a fresh key."""
    from dancu.platform.partners import services

    key = OKPKey.generate_key("Ed25519", {"kid": uuid.uuid4().hex}, private=True)
    client_id = f"doi-tac-{secrets.token_hex(4)}"
    public = {**key.as_dict(private=False)}
    services.do_register(
        client_id=client_id, name_vi="Bệnh viện mẫu", by="test", on=ON, units=units,
        purposes=purposes or {"health_care": FIELDS}, jwks={"keys": [public]}, **more,
    )  # fmt: skip
    return Asker(client_id, key, Client())
