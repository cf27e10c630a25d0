"""Log-in of citizens against a real OpenID provider: assurance, number; nothing else that comes back is believed."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client
from tests.web.citizens import ADULT, COOKIE, number_of, text
from tests.web.provider import SECRET, at_the_provider, local, needs_npm, running
from tests.web.register import RegisterSite

from dancu.platform.accounts import oidc
from dancu.platform.accounts.models import AccountEvent
from dancu.platform.citizen import entering

BACK = "http://testserver/cong-dan/dang-nhap/ve/"
pytestmark = needs_npm


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    with running(BACK) as address:
        yield address


@pytest.fixture
def provider(register_site: RegisterSite, issuer: str, monkeypatch: pytest.MonkeyPatch) -> str:
    del register_site
    given = {"issuer": issuer, "client_id": "dancu", "client_secret": SECRET, "name": "VNeID thử", "scope": "openid",
             "claim": "personal_number", "acr": ("2",)}  # fmt: skip
    monkeypatch.setattr(settings, "CITIZEN_OIDC", given)
    return issuer


@pytest.fixture
def number(register_site: RegisterSite) -> str:
    return number_of(register_site, register_site.citizen(register_site.communes[0], 0, ADULT))


def through(client: Client, login: str, *, level: str = "2") -> str:
    """The address that the provider leads back to."""
    asked = client.get("/cong-dan/dang-nhap/")["Location"]
    return local(at_the_provider(asked, login, back=BACK, level=level))


def test_a_citizen_comes_in_with_a_number_and_sees_the_own_record(
    provider: str, number: str
) -> None:
    client = Client()
    assert "VNeID thử" in text(client.get("/cong-dan/"))
    asked = str(client.get("/cong-dan/dang-nhap/")["Location"])
    for said in ("code_challenge_method=S256", "nonce=", "state=", "acr_values=2", "prompt=login"):
        assert said in asked, said
    answer = client.get(local(at_the_provider(asked, number, back=BACK)))
    assert answer.status_code == 302 and answer["Location"] == "/cong-dan/toi/"
    assert f"{number[:3]}•••••{number[-4:]}" in text(client.get("/cong-dan/toi/du-lieu/"))
    assert client.get("/cong-dan/")["Location"] == "/cong-dan/toi/"
    assert AccountEvent.objects.filter(what="citizen.in").exists()


def test_the_key_of_the_session_is_another_after_log_in(provider: str, number: str) -> None:
    client = Client()
    back = through(client, number)
    before = client.cookies[COOKIE].value
    client.get(back)
    assert client.cookies[COOKIE].value != before


def test_a_log_in_of_a_low_level_stays_outside_and_is_told_what_to_do(
    provider: str, number: str
) -> None:
    client = Client()
    answer = client.get(through(client, number, level="1"))
    page = text(answer)
    assert answer.status_code == 403 and "chưa đủ mức" in page and "nâng mức" in page
    assert client.get("/cong-dan/toi/").status_code == 302


@pytest.mark.parametrize(
    ("login", "said"),
    [
        ("924299000017", "Chưa tìm thấy hồ sơ"),
        ("lan-001", "không thành công"),
        ("92429900001", "không thành công"),
    ],
)
def test_who_is_not_in_the_register_or_has_no_number_stays_outside(
    provider: str, login: str, said: str
) -> None:
    client = Client()
    answer = client.get(through(client, login))
    assert answer.status_code == 403 and said in text(answer) and login not in text(answer)
    assert client.get("/cong-dan/toi/").status_code == 302


def test_the_answer_holds_in_its_own_browser_once_with_its_own_state(
    provider: str, number: str
) -> None:
    client = Client()
    back = through(client, number)
    assert Client().get(back).status_code == 403, "another browser"
    assert client.get(re.sub(r"state=[^&]+", "state=x", back)).status_code == 403, "another state"
    assert client.get(back).status_code == 403, "the state is taken once"
    back = through(client, number)
    assert [client.get(back).status_code for _ in range(2)] == [302, 403], "a code works once"


@pytest.mark.parametrize(("kept", "value"), [("nonce", "another"), ("verifier", "a" * 64)])
def test_another_nonce_or_verifier_is_refused(
    provider: str, number: str, kept: str, value: str
) -> None:
    from dancu.platform.citizen.sessions import Store

    client = Client()
    back = through(client, number)
    session = Store(client.cookies[COOKIE].value)
    session["oidc"] = session["oidc"] | {kept: value}
    session.save()
    assert client.get(back).status_code == 403


def test_an_officers_log_in_does_not_open_the_citizens_page_nor_the_reverse(
    provider: str, number: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = Client()
    client.get(through(client, number))
    assert client.get("/").status_code == 302
    back = through(Client(), number)
    query = back.split("?", 1)[1]
    monkeypatch.setattr(settings, "OIDC", dict(settings.CITIZEN_OIDC))
    assert client.get(f"/dang-nhap/chung/ve/?{query}").status_code == 403


def test_without_levels_or_a_provider_the_page_is_not_open(
    provider: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for change in ({"acr": ()}, {"issuer": ""}):
        monkeypatch.setattr(settings, "CITIZEN_OIDC", {**settings.CITIZEN_OIDC, **change})
        assert "chưa mở đăng nhập" in text(Client().get("/cong-dan/"))
        for path in ("/cong-dan/dang-nhap/", "/cong-dan/dang-nhap/ve/?code=x&state=y"):
            assert Client().get(path)["Location"] == "/cong-dan/", path


def test_without_an_answer_from_the_provider_the_page_says_so(
    provider: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        settings, "CITIZEN_OIDC", {**settings.CITIZEN_OIDC, "issuer": "http://127.0.0.1:9"}
    )
    answer = Client().get("/cong-dan/dang-nhap/")
    assert answer.status_code == 403 and "Chưa liên lạc được" in text(answer)


@pytest.mark.parametrize(
    ("told", "outcome"),
    [
        ({"personal_number": "924299000017"}, "level"),
        ({"personal_number": "924299000017", "acr": "1"}, "level"),
        ({"personal_number": "924299000017", "acr": ["2"]}, "level"),
        ({"personal_number": "924299000017", "acr": "2"}, "none"),
    ],
)
def test_the_level_is_asked_before_the_number(
    provider: str, told: dict[str, str], outcome: str
) -> None:
    assert entering.identified(told) == (outcome, None)


@pytest.mark.parametrize(
    "number", [None, 924299000017, "٩٢٤٢٩٩٠٠٠٠١٧", "924299000017 ", "x' OR 1=1"]
)
def test_what_is_no_number_is_not_looked_up(provider: str, number: object) -> None:
    with pytest.raises(oidc.OidcError):
        entering.identified({"acr": "2", "personal_number": number})
