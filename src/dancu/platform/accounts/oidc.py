"""A client of OpenID Connect providers: authorization code flow with PKCE (S256), state and nonce.

Officers and citizens come in by the same walls, each at a provider of their own (:class:`Relying`). The ID token's
signature, issuer, audience, times and nonce are all checked; only asymmetric algorithms are accepted. Who a subject
is here, and what it may do, is not decided in this file.
"""

from __future__ import annotations

import hmac
import time
from dataclasses import dataclass
from typing import Any

import httpx2
from authlib.common.security import generate_token
from authlib.integrations.httpx_client import OAuth2Client
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

ALGORITHMS = ["RS256", "ES256", "PS256", "EdDSA"]
_STATE = "oidc"
_PATIENCE = 10
_KEPT_FOR = 3600
_known: dict[str, tuple[float, dict[str, Any]]] = {}


class OidcError(Exception):
    """The provider or its answer cannot be trusted; the text goes to the log, not to the page."""


@dataclass(frozen=True)
class Relying:
    """We, as a client of one provider. `back`: the whole address to which it leads people back."""

    issuer: str
    client_id: str
    client_secret: str
    back: str
    scope: str = "openid"
    asked: tuple[tuple[str, str], ...] = ()
    """Further parameters of the request, such as ``("acr_values", "2")``."""


def start_url(request: Any, at: Relying) -> str:
    """The provider's address for this log-in; what must come back is kept in the session."""
    kept = {"nonce": generate_token(32), "verifier": generate_token(64), "at": time.time()}
    with _client(at) as client:
        url, state = client.create_authorization_url(
            provider(at)["authorization_endpoint"],
            nonce=kept["nonce"],
            code_verifier=kept["verifier"],
            **dict(at.asked),
        )
    request.session[_STATE] = kept | {"state": state}
    return str(url)


def claims(request: Any, at: Relying, *, also: str = "") -> dict[str, Any]:
    """What the provider vouches for; `also`: a claim it may keep at its userinfo address. Raises OidcError."""
    kept = request.session.pop(_STATE, None)
    given = request.GET.get("state", "")
    if not kept or time.time() - kept["at"] > 600 or not hmac.compare_digest(kept["state"], given):
        raise OidcError("state")
    # RFC 9207: a code of another provider must not be taken to ours.
    if (issuer := request.GET.get("iss")) and issuer != at.issuer:
        raise OidcError("issuer of the answer")
    if "code" not in request.GET:
        raise OidcError(f"provider said {request.GET.get('error', 'nothing')[:40]}")
    try:
        with _client(at) as client:
            tokens = client.fetch_token(
                provider(at)["token_endpoint"], code=request.GET["code"], grant_type="authorization_code",
                code_verifier=kept["verifier"],
            )  # fmt: skip
    except Exception as error:  # authlib raises its own, httpx2's and ValueErrors alike
        raise OidcError(f"token: {type(error).__name__}") from error
    found = checked(tokens.get("id_token", ""), nonce=kept["nonce"], at=at)
    if also and also not in found:
        return {**_told(str(tokens.get("access_token", "")), str(found["sub"]), at), **found}
    return found


def checked(id_token: str, *, nonce: str, at: Relying) -> dict[str, Any]:
    """The claims of an ID token that is what it should be."""
    rules = jwt.JWTClaimsRegistry(
        leeway=60,
        iss={"essential": True, "value": at.issuer},
        aud={"essential": True, "value": at.client_id},
        sub={"essential": True},
        exp={"essential": True},
        iat={"essential": True},
        nonce={"essential": True, "value": nonce},
    )
    try:
        found = _decoded(id_token, at)
        rules.validate(found)
    except (JoseError, ValueError, KeyError) as error:
        raise OidcError(f"id token: {type(error).__name__}") from error
    return found


def _told(access_token: str, subject: str, at: Relying) -> dict[str, Any]:
    """The userinfo answer, which must be about the subject of the ID token (OpenID Connect Core 5.3.2)."""
    address = provider(at).get("userinfo_endpoint")
    if not address:
        return {}
    try:
        answer = httpx2.get(
            str(address), headers={"Authorization": f"Bearer {access_token}"}, timeout=_PATIENCE
        )
        told: dict[str, Any] = answer.raise_for_status().json()
    except (httpx2.HTTPError, ValueError) as error:
        raise OidcError(f"userinfo: {type(error).__name__}") from error
    if told.get("sub") != subject:
        raise OidcError("userinfo of another subject")
    return told


def _decoded(id_token: str, at: Relying) -> dict[str, Any]:
    """Under the provider's keys; asked for anew once, since providers change keys."""
    try:
        return jwt.decode(id_token, _keys(at), algorithms=ALGORITHMS).claims
    except (JoseError, ValueError):
        _known.pop(provider(at)["jwks_uri"], None)
        return jwt.decode(id_token, _keys(at), algorithms=ALGORITHMS).claims


def provider(at: Relying) -> dict[str, Any]:
    """The provider's own description."""
    found = _fetched(f"{at.issuer.rstrip('/')}/.well-known/openid-configuration")
    if found.get("issuer") != at.issuer:
        raise OidcError("issuer of the discovery document")
    return found


def _keys(at: Relying) -> KeySet:
    return KeySet.import_key_set(_fetched(provider(at)["jwks_uri"]))  # type: ignore[arg-type]


def _fetched(url: str) -> dict[str, Any]:
    at, document = _known.get(url, (0.0, {}))
    if time.time() - at > _KEPT_FOR:
        try:
            document = httpx2.get(url, timeout=_PATIENCE).raise_for_status().json()
        except (httpx2.HTTPError, ValueError) as error:
            raise OidcError(f"provider: {type(error).__name__}") from error
        _known[url] = (time.time(), document)
    return document


def _client(at: Relying) -> Any:
    return OAuth2Client(
        client_id=at.client_id,
        client_secret=at.client_secret,
        scope=at.scope,
        redirect_uri=at.back,
        code_challenge_method="S256",
        token_endpoint_auth_method="client_secret_basic",  # noqa: S106
        timeout=_PATIENCE,
    )
