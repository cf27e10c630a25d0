"""Log-in by an OpenID Connect provider: authorization code flow with PKCE (S256), state and nonce.

Only a subject that an administrator linked to an account gets in. The ID token's signature, issuer, audience,
times and nonce are all checked; only asymmetric algorithms are accepted.
"""

from __future__ import annotations

import hmac
import time
from typing import Any

import httpx2
from authlib.common.security import generate_token
from authlib.integrations.httpx_client import OAuth2Client
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from dancu.platform.access.pages import public
from dancu.platform.accounts import login, services
from dancu.platform.accounts.models import Identity

ALGORITHMS = ["RS256", "ES256", "PS256", "EdDSA"]
_STATE = "oidc"
_PATIENCE = 10
_KEPT_FOR = 3600
_known: dict[str, tuple[float, dict[str, Any]]] = {}


class OidcError(Exception):
    """The provider or its answer cannot be trusted; the text goes to the log, not to the page."""


def start_url(request: Any) -> str:
    """The provider's address for this log-in; what must come back is kept in the session."""
    kept = {"nonce": generate_token(32), "verifier": generate_token(64), "at": time.time()}
    with _client(request) as client:
        url, state = client.create_authorization_url(
            provider()["authorization_endpoint"],
            nonce=kept["nonce"],
            code_verifier=kept["verifier"],
        )
    request.session[_STATE] = kept | {"state": state}
    return str(url)


def subject(request: Any) -> str:
    """The subject that the provider vouches for; raises OidcError."""
    kept = request.session.pop(_STATE, None)
    given = request.GET.get("state", "")
    if not kept or time.time() - kept["at"] > 600 or not hmac.compare_digest(kept["state"], given):
        raise OidcError("state")
    # RFC 9207: a code of another provider must not be taken to ours.
    if (issuer := request.GET.get("iss")) and issuer != settings.OIDC["issuer"]:
        raise OidcError("issuer of the answer")
    if "code" not in request.GET:
        raise OidcError(f"provider said {request.GET.get('error', 'nothing')[:40]}")
    try:
        with _client(request) as client:
            tokens = client.fetch_token(
                provider()["token_endpoint"], code=request.GET["code"], grant_type="authorization_code",
                code_verifier=kept["verifier"],
            )  # fmt: skip
    except Exception as error:  # authlib raises its own, httpx2's and ValueErrors alike
        raise OidcError(f"token: {type(error).__name__}") from error
    return str(checked(tokens.get("id_token", ""), nonce=kept["nonce"])["sub"])


def checked(id_token: str, *, nonce: str) -> dict[str, Any]:
    """The claims of an ID token that is what it should be."""
    rules = jwt.JWTClaimsRegistry(
        leeway=60,
        iss={"essential": True, "value": settings.OIDC["issuer"]},
        aud={"essential": True, "value": settings.OIDC["client_id"]},
        sub={"essential": True},
        exp={"essential": True},
        iat={"essential": True},
        nonce={"essential": True, "value": nonce},
    )
    try:
        claims = _decoded(id_token)
        rules.validate(claims)
    except (JoseError, ValueError, KeyError) as error:
        raise OidcError(f"id token: {type(error).__name__}") from error
    return claims


def _decoded(id_token: str) -> dict[str, Any]:
    """Under the provider's keys; asked for anew once, since providers change keys."""
    try:
        return jwt.decode(id_token, _keys(), algorithms=ALGORITHMS).claims
    except (JoseError, ValueError):
        _known.pop(provider()["jwks_uri"], None)
        return jwt.decode(id_token, _keys(), algorithms=ALGORITHMS).claims


def provider() -> dict[str, Any]:
    """The provider's own description."""
    issuer = settings.OIDC["issuer"]
    found = _fetched(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
    if found.get("issuer") != issuer:
        raise OidcError("issuer of the discovery document")
    return found


def _keys() -> KeySet:
    return KeySet.import_key_set(_fetched(provider()["jwks_uri"]))  # type: ignore[arg-type]


def _fetched(url: str) -> dict[str, Any]:
    at, document = _known.get(url, (0.0, {}))
    if time.time() - at > _KEPT_FOR:
        try:
            document = httpx2.get(url, timeout=_PATIENCE).raise_for_status().json()
        except (httpx2.HTTPError, ValueError) as error:
            raise OidcError(f"provider: {type(error).__name__}") from error
        _known[url] = (time.time(), document)
    return document


def _client(request: HttpRequest) -> Any:
    return OAuth2Client(
        client_id=settings.OIDC["client_id"],
        client_secret=settings.OIDC["client_secret"],
        scope="openid",
        redirect_uri=request.build_absolute_uri(reverse("accounts:oidc_back")),
        code_challenge_method="S256",
        token_endpoint_auth_method="client_secret_basic",  # noqa: S106
        timeout=_PATIENCE,
    )


@public
def start(request: HttpRequest) -> HttpResponse:
    """To the provider."""
    if not settings.OIDC["issuer"]:
        return redirect("accounts:login")
    try:
        return redirect(start_url(request))
    except OidcError as error:
        return _refused(request, str(error), _("Chưa liên lạc được với hệ thống đăng nhập chung."))


@public
def back(request: HttpRequest) -> HttpResponse:
    """From the provider."""
    try:
        found = subject(request)
    except OidcError as error:
        return _refused(request, str(error), _("Đăng nhập chung không thành công."))
    identity = (
        Identity.objects.select_related("user")
        .filter(issuer=settings.OIDC["issuer"], subject=found, user__is_active=True)
        .first()
    )
    if identity is None:
        return _refused(
            request, "no account", _("Tài khoản chung này chưa được gắn với tài khoản nào ở đây.")
        )
    target = str(request.session.get("next", ""))
    login.finish(request, identity.user, how="oidc")
    from django.utils.http import url_has_allowed_host_and_scheme

    return redirect(target if target and url_has_allowed_host_and_scheme(target, None) else "/")


def _refused(request: HttpRequest, why: str, told: str) -> HttpResponse:
    services.log("oidc.failed", by=login.address_of(request), why=why)
    return render(request, "accounts/oidc_failed.html", {"told": told}, status=403)
