"""Log-in by OpenID Connect against a real provider: the npm package oidc-provider, run beside the test."""

from __future__ import annotations

import fcntl
import re
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest
from django.conf import settings
from django.test import Client
from joserfc import jwt
from joserfc.jwk import RSAKey

from dancu.platform.accounts import oidc, services
from dancu.platform.accounts.models import AccountEvent

HERE = Path(__file__).parent / "oidc"
INSTALLED = Path(__file__).resolve().parents[2] / ".env-oidc"
BACK = "http://testserver/dang-nhap/chung/ve/"
pytestmark = pytest.mark.skipif(
    shutil.which("npm") is None,
    reason="no node and npm (apt-get install nodejs npm): no real provider",
)


def installed() -> Path:
    """The provider from its lock, once for the checkout, by one of several workers; npm ci checks the hashes."""
    (INSTALLED.parent / "var").mkdir(exist_ok=True)
    with (INSTALLED.parent / "var" / "oidc.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        kept = INSTALLED / "node_modules" / ".installed"
        wanted = (HERE / "package-lock.json").read_bytes()
        if not kept.is_file() or kept.read_bytes() != wanted:
            shutil.rmtree(INSTALLED, ignore_errors=True)
            shutil.copytree(HERE, INSTALLED)
            command = ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
            subprocess.run(command, cwd=INSTALLED, check=True, capture_output=True)
            kept.write_bytes(wanted)
    return INSTALLED


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """The provider's address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = ["node", str(HERE / "provider.mjs"), str(port), BACK]
    with subprocess.Popen(command, cwd=installed(), stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        while (line := running.stdout.readline()) and "ready" not in line:
            pass
        yield f"http://127.0.0.1:{port}"
        running.terminate()


@pytest.fixture
def provider(site: str, issuer: str, monkeypatch: pytest.MonkeyPatch) -> str:
    del site
    given = {
        "issuer": issuer,
        "client_id": "dancu",
        "client_secret": "only-for-tests-only-for-tests-123",
        "name": "thử",
    }
    monkeypatch.setattr(settings, "OIDC", given)
    return issuer


def at_the_provider(address: str, subject: str) -> str:
    """What a person does in the provider's pages; the address that leads back to us."""
    with httpx2.Client() as browser:
        answer = browser.get(address)
        for _ in range(12):
            if answer.is_redirect:
                target = str(answer.headers["location"])
                if target.startswith(BACK):
                    return target
                answer = browser.get(httpx2.URL(address).join(target))
                continue
            form = re.search(r'action="([^"]+)"', answer.text)
            prompt = re.search(r'name="prompt" value="(\w+)"', answer.text)
            assert form and prompt, answer.text[:500]
            given = {"prompt": prompt[1], "login": subject, "password": "x"}
            answer = browser.post(httpx2.URL(address).join(form[1]), data=given)
    raise AssertionError("the provider never led back")


def started(client: Client) -> str:
    return str(client.get("/dang-nhap/chung/")["Location"])


def local(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}"


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
        key = OctKey.import_key("only-for-tests-only-for-tests-123")
    token = jwt.encode({"alg": algorithm}, claims(provider), key, algorithms=[algorithm])
    with pytest.raises(oidc.OidcError, match="id token"):
        oidc.checked(token, nonce="n")


@pytest.mark.parametrize(
    "change",
    [{"iss": "http://evil.example"}, {"aud": "other"}, {"exp": 1}, {"nonce": "m"}, {"sub": None}],
)
def test_a_token_for_somebody_else_or_too_old_is_refused(
    provider: str, monkeypatch: pytest.MonkeyPatch, change: dict[str, Any]
) -> None:
    key = RSAKey.generate_key(2048)
    monkeypatch.setattr(oidc, "_keys", lambda: key)
    whole = {k: v for k, v in claims(provider, **change).items() if v is not None}
    token = jwt.encode({"alg": "RS256"}, whole, key)
    with pytest.raises(oidc.OidcError, match="id token"):
        oidc.checked(token, nonce="n")


def test_without_an_answer_from_the_provider_the_page_says_so(
    site: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "OIDC", settings.OIDC | {"issuer": "http://127.0.0.1:9"})
    answer = Client().get("/dang-nhap/chung/")
    assert answer.status_code == 403 and "Chưa liên lạc được" in answer.content.decode()
    assert AccountEvent.objects.filter(what="oidc.failed").exists()
