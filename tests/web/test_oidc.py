"""Log-in by OpenID Connect against a real provider: the npm package oidc-provider, run beside the test."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from joserfc import jwt
from joserfc.jwk import RSAKey
from tests.web.provider import SECRET, local, needs_npm, running
from tests.web.provider import at_the_provider as provider_pages

from dancu.platform.accounts import oidc, services
from dancu.platform.accounts.models import AccountEvent

BACK = "http://testserver/dang-nhap/chung/ve/"
pytestmark = needs_npm


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """The provider's address."""
    with running(BACK) as address:
        yield address


@pytest.fixture
def provider(site: str, issuer: str, monkeypatch: pytest.MonkeyPatch) -> str:
    del site
    given = {
        "issuer": issuer,
        "client_id": "dancu",
        "client_secret": SECRET,
        "name": "thử",
    }
    monkeypatch.setattr(settings, "OIDC", given)
    return issuer


def at_the_provider(address: str, subject: str) -> str:
    return provider_pages(address, subject, back=BACK)


def started(client: Client) -> str:
    return str(client.get("/dang-nhap/chung/")["Location"])


def here(issuer: str) -> oidc.Relying:
    return oidc.Relying(issuer, "dancu", SECRET, BACK)


def test_a_linked_subject_logs_in_without_a_password_of_ours(
    provider: str, account: Callable[..., Any]
) -> None:
    user = account("commune_police", demo=False)
    services.do_link_identity(user=user, issuer=provider, subject="lan-001", by="test")
    client = Client()
    client.get("/dang-nhap/?next=/tai-khoan/")
    asked = started(client)
    assert (
        "code_challenge_method=S256" in asked
        and "nonce=" in asked
        and "response_type=code" in asked
    )
    back = client.get(local(at_the_provider(asked, "lan-001")))
    assert back.status_code == 302 and back["Location"] == "/tai-khoan/"
    assert user.username in client.get("/tai-khoan/").content.decode()


def test_a_subject_nobody_linked_stays_outside(provider: str) -> None:
    client = Client()
    answer = client.get(local(at_the_provider(started(client), "ai-do")))
    assert answer.status_code == 403 and "chưa được gắn" in answer.content.decode()
    assert client.get("/").status_code == 302


def test_the_administrator_links_a_subject_on_the_page_and_takes_it_away(
    provider: str, client_as: Callable[..., Any], account: Callable[..., Any]
) -> None:
    from dancu.platform.accounts.models import AccountEvent, Identity

    boss, user, other = client_as("administrator"), account("auditor"), account("auditor")
    here = f"/quan-tri/tai-khoan/{user.pk}/tai-khoan-chung/"
    given = {"subject": "lan-trang", "reason": "Phiếu số 7 ngày 01/03/2024"}
    assert boss.post(here, {"subject": "lan-trang"}).status_code == 422, "a reason is asked"
    assert boss.post(here, given).status_code == 302
    client = Client()
    assert client.get(local(at_the_provider(started(client), "lan-trang"))).status_code == 302
    assert user.username in client.get("/tai-khoan/").content.decode()
    twice = boss.post(here.replace(str(user.pk), str(other.pk)), given)
    assert twice.status_code == 422 and "đã gắn" in twice.content.decode()
    number = Identity.objects.using("owner").get(subject="lan-trang").pk
    assert "lan-trang" in boss.get(f"/quan-tri/tai-khoan/{user.pk}/").content.decode()
    assert boss.post(f"{here}{number}/go/", {"reason": "Nghỉ hưu"}).status_code == 302
    assert client.get("/tai-khoan/").status_code == 302, "what was open has ended"
    client = Client()
    assert client.get(local(at_the_provider(started(client), "lan-trang"))).status_code == 403
    kinds = AccountEvent.objects.using("owner").filter(user=user).values_list("what", flat=True)
    assert {"identity.linked", "identity.unlinked"} <= set(kinds)
    assert client_as("auditor").get(here).status_code == 403


def linked(provider: str, account: Callable[..., Any], subject: str) -> Client:
    services.do_link_identity(user=account("auditor"), issuer=provider, subject=subject, by="test")
    return Client()


def test_an_answer_with_another_state_is_refused(
    provider: str, account: Callable[..., Any]
) -> None:
    client = linked(provider, account, "s-state")
    back = local(at_the_provider(started(client), "s-state"))
    assert client.get(re.sub(r"state=[^&]+", "state=x", back)).status_code == 403
    assert client.get(back).status_code == 403, "the state is taken once"


def test_an_answer_in_another_browser_is_refused(
    provider: str, account: Callable[..., Any]
) -> None:
    client = linked(provider, account, "s-browser")
    assert Client().get(local(at_the_provider(started(client), "s-browser"))).status_code == 403


def test_a_code_works_once(provider: str, account: Callable[..., Any]) -> None:
    client = linked(provider, account, "s-once")
    back = local(at_the_provider(started(client), "s-once"))
    assert [client.get(back).status_code for _ in range(2)] == [302, 403]


@pytest.mark.parametrize(("kept", "value"), [("nonce", "another"), ("verifier", "a" * 64)])
def test_another_nonce_or_verifier_is_refused(
    provider: str, account: Callable[..., Any], kept: str, value: str
) -> None:
    client = linked(provider, account, f"s-{kept}")
    asked = started(client)
    session = client.session
    session["oidc"] = session["oidc"] | {kept: value}
    session.save()
    assert client.get(local(at_the_provider(asked, f"s-{kept}"))).status_code == 403


def test_an_answer_that_names_another_issuer_is_refused(
    provider: str, account: Callable[..., Any]
) -> None:
    client = linked(provider, account, "s-iss")
    back = local(at_the_provider(started(client), "s-iss"))
    assert "iss=" in back
    assert (
        client.get(re.sub(r"iss=[^&]+", "iss=http%3A%2F%2Fevil.example", back)).status_code == 403
    )


def claims(issuer: str, **changes: Any) -> dict[str, Any]:
    import time

    now = int(time.time())
    return {
        "iss": issuer,
        "aud": "dancu",
        "sub": "x",
        "nonce": "n",
        "iat": now,
        "exp": now + 60,
    } | changes


@pytest.mark.parametrize("algorithm", ["RS256", "HS256", "none"])
def test_a_token_by_another_key_or_algorithm_is_refused(provider: str, algorithm: str) -> None:
    from joserfc.jwk import OctKey

    key: Any = RSAKey.generate_key(2048)
    if algorithm != "RS256":
        key = OctKey.import_key(SECRET)
    token = jwt.encode({"alg": algorithm}, claims(provider), key, algorithms=[algorithm])
    with pytest.raises(oidc.OidcError, match="id token"):
        oidc.checked(token, nonce="n", at=here(provider))


@pytest.mark.parametrize(
    "change",
    [{"iss": "http://evil.example"}, {"aud": "other"}, {"exp": 1}, {"nonce": "m"}, {"sub": None}],
)
def test_a_token_for_somebody_else_or_too_old_is_refused(
    provider: str, monkeypatch: pytest.MonkeyPatch, change: dict[str, Any]
) -> None:
    key = RSAKey.generate_key(2048)
    monkeypatch.setattr(oidc, "_keys", lambda at: key)
    whole = {k: v for k, v in claims(provider, **change).items() if v is not None}
    token = jwt.encode({"alg": "RS256"}, whole, key)
    with pytest.raises(oidc.OidcError, match="id token"):
        oidc.checked(token, nonce="n", at=here(provider))


def test_without_an_answer_from_the_provider_the_page_says_so(
    site: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "OIDC", settings.OIDC | {"issuer": "http://127.0.0.1:9"})
    answer = Client().get("/dang-nhap/chung/")
    assert answer.status_code == 403 and "Chưa liên lạc được" in answer.content.decode()
    assert AccountEvent.objects.filter(what="oidc.failed").exists()
