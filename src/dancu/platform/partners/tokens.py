"""Access tokens: who a partner is, proved by its private key (private_key_jwt) or by its client certificate.

A client assertion is a JWT (RFC 7523) signed by a key of the partner's `jwks`: `iss` and `sub` its client id, `aud`
this token address, `exp` within five minutes, `jti` used once. The certificate's fingerprint is believed from the
proxy alone, and only where a proxy ends TLS. A token is 256 random bits; the database keeps its hash.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
import secrets
import ssl
import threading
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from django.db import IntegrityError, transaction
from django.utils import timezone
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from dancu.lib.signing import unb64
from dancu.platform.partners.models import Assertion, Partner, Token

GATE = "gate"
LIFE = 600
"""Seconds that a token lives."""
KEPT = 30
"""Seconds for which a process believes what it read of a partner; the database asks anew at each question."""
_SKEW, _LONGEST = 30, 300
_ALGORITHMS = ["EdDSA", "Ed25519", "ES256", "ES384", "PS256", "RS256"]
JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


class Rejected(Exception):
    """The client is not who it says (`invalid_client`), or asks for what is not its own (`invalid_scope`)."""


@dataclass(frozen=True)
class Caller:
    """A partner as its token names it, for the life of one request."""

    client_id: str
    scopes: frozenset[str]
    fields: Mapping[str, frozenset[str]]
    requires_officer: bool
    a_minute: int
    a_day: int


_known: dict[bytes, tuple[float, Caller]] = {}
_lock = threading.Lock()


def by_assertion(assertion: str, *, audiences: Collection[str]) -> Partner:
    """The partner whose key signed the assertion; Rejected. The same assertion opens nothing a second time."""
    partner = _partner(_claimed_issuer(assertion))
    claims = _verified(assertion, partner)
    now = int(time.time())
    audience = claims.get("aud")
    listed = audience if isinstance(audience, list) else [audience]
    named = {one for one in listed if isinstance(one, str)}
    jti = claims.get("jti")
    if claims.get("iss") != partner.client_id or claims.get("sub") != partner.client_id:
        raise Rejected("invalid_client")
    if not named & set(audiences) or not isinstance(jti, str) or not 0 < len(jti) <= 200:
        raise Rejected("invalid_client")
    began, ends = _moment(claims.get("iat")), _moment(claims.get("exp"))
    if not now - _LONGEST - _SKEW <= began <= now + _SKEW:
        raise Rejected("invalid_client")
    if not now - _SKEW < ends <= now + _LONGEST + _SKEW:
        raise Rejected("invalid_client")
    _once(partner, jti, ends)
    return partner


def by_certificate(client_id: str, fingerprint: str) -> Partner:
    """The partner to whom the client certificate that the proxy saw belongs; Rejected."""
    partner = _partner(client_id)
    shown = _fingerprint(fingerprint)
    if not partner.certificate or not hmac.compare_digest(partner.certificate, shown):
        raise Rejected("invalid_client")
    return partner


def _fingerprint(shown: str) -> str:
    """The SHA-256 of what the proxy tells: that fingerprint itself, or the certificate (PEM, escaped as nginx does)."""
    plain = unquote(shown).strip()
    if not plain.startswith("-----BEGIN CERTIFICATE-----"):
        return plain.replace(":", "").lower()
    try:
        return hashlib.sha256(ssl.PEM_cert_to_DER_cert(plain)).hexdigest()
    except ValueError:
        raise Rejected("invalid_client") from None


def issue(partner: Partner, *, scope: str) -> tuple[str, list[str]]:
    """A token for the purposes asked for (all that are the partner's when none is named); Rejected."""
    wanted = sorted(set(scope.split()) or set(partner.purposes))
    if not wanted or not set(wanted) <= set(partner.purposes):
        raise Rejected("invalid_scope")
    token = secrets.token_urlsafe(32)
    until = timezone.now() + dt.timedelta(seconds=LIFE)
    Token.objects.using(GATE).create(
        digest=_digest(token), client_id=partner.client_id, scopes=wanted, expires_at=until
    )
    return token, wanted


def find(token: str) -> Caller | None:
    """Whose token it is while it lives."""
    digest, now = _digest(token), time.monotonic()
    kept = _known.get(digest)
    if kept is not None and kept[0] > now:
        return kept[1]
    row = Token.objects.using(GATE).filter(digest=digest, expires_at__gt=timezone.now()).first()
    partner = Partner.objects.using(GATE).filter(client_id=row.client_id).first() if row else None
    if row is None or partner is None or not partner.is_active(on=timezone.localdate()):
        return None
    caller = Caller(
        partner.client_id, frozenset(row.scopes) & frozenset(partner.purposes),
        {p: partner.fields_for(p) for p in partner.purposes}, partner.requires_officer, partner.a_minute,
        partner.a_day,
    )  # fmt: skip
    left = (row.expires_at - timezone.now()).total_seconds()
    with _lock:
        if len(_known) > 10_000:
            _known.clear()
        _known[digest] = (now + min(KEPT, left), caller)
    return caller


def forget() -> None:
    """What this process believes of tokens: after a partner was changed."""
    _known.clear()


def purge(*, at: dt.datetime) -> int:
    """Take away what has expired; how many tokens."""
    Assertion.objects.using(GATE).filter(expires_at__lt=at).delete()
    return Token.objects.using(GATE).filter(expires_at__lt=at).delete()[0]


def _partner(client_id: str) -> Partner:
    found = Partner.objects.using(GATE).filter(client_id=client_id[:60]).first()
    if found is None or not found.is_active(on=timezone.localdate()):
        raise Rejected("invalid_client")
    return found


def _claimed_issuer(assertion: str) -> str:
    """Who the assertion says signed it: only to find the keys that must then have signed it."""
    try:
        told = json.loads(unb64(assertion.split(".")[1]))
    except (ValueError, IndexError, RecursionError):
        raise Rejected("invalid_client") from None
    issuer = told.get("iss") if isinstance(told, dict) else None
    if not isinstance(issuer, str):
        raise Rejected("invalid_client")
    return issuer


def _verified(assertion: str, partner: Partner) -> dict[str, Any]:
    keys: Any = partner.jwks
    if not keys.get("keys"):
        raise Rejected("invalid_client")
    try:
        found = jwt.decode(assertion, KeySet.import_key_set(keys), algorithms=_ALGORITHMS)
    except (JoseError, ValueError, TypeError, KeyError):
        raise Rejected("invalid_client") from None
    return dict(found.claims)


def _once(partner: Partner, jti: str, expires: float) -> None:
    until = dt.datetime.fromtimestamp(expires + _SKEW, tz=dt.UTC)
    try:
        with transaction.atomic(using=GATE):
            Assertion.objects.using(GATE).create(
                client_id=partner.client_id, jti=jti, expires_at=until
            )
    except IntegrityError:
        raise Rejected("invalid_client") from None


def _moment(value: Any) -> float:
    """Seconds of a JWT's NumericDate; Rejected for anything else."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or abs(value) > 1e11:
        raise Rejected("invalid_client")
    return float(value)


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).digest()
