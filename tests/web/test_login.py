"""Log-in as a person meets it: password, second factor, waits, sessions, log-out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pyotp
import pytest
from django.test import Client
from tests.web.live import log_in

from dancu.platform.accounts import lockout, secrets, services, totp
from dancu.platform.accounts.models import Attempt, Credential, Session


@pytest.fixture(autouse=True)
def no_waits(site: str) -> None:
    del site
    Attempt.objects.all().delete()


def with_totp(user: Any) -> str:
    """Enrol the account; the codes of earlier steps stay unused."""
    secret = totp.new_secret()
    Credential.objects.filter(pk=user.pk).update(
        totp_secret=secrets.encrypt(secret, user_id=user.pk), last_totp_step=0
    )
    return secret


def test_a_stranger_goes_to_log_in_and_then_where_they_wanted_to(
    account: Callable[..., Any],
) -> None:
    client, user = Client(), account("auditor")
    sent = client.get("/truy-cap/thong-bao/")
    assert sent["Location"] == "/dang-nhap/?next=%2Ftruy-cap%2Fthong-bao%2F"
    client.get(sent["Location"])
    assert log_in(client, user.username, user.first)["Location"] == "/truy-cap/thong-bao/"


def test_log_in_never_leads_to_another_site(account: Callable[..., Any]) -> None:
    client, user = Client(), account("auditor")
    client.get("/dang-nhap/?next=//evil.example/")
    assert log_in(client, user.username, user.first)["Location"] == "/"


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(
    account: Callable[..., Any],
) -> None:
    wrong = log_in(Client(), account("auditor").username, "sai-mat-khau")
    unknown = log_in(Client(), "khong.co", "sai-mat-khau")
    told = "Tên đăng nhập hoặc mật khẩu không đúng."
    assert wrong.status_code == unknown.status_code == 422
    assert told in wrong.content.decode() and told in unknown.content.decode()


@pytest.mark.parametrize("exists", [True, False])
def test_after_five_failures_even_the_right_password_waits(
    account: Callable[..., Any], exists: bool
) -> None:
    user = account("auditor")
    name = user.username if exists else f"khong.{user.username}"
    for _ in range(5):
        log_in(Client(), name, "sai-mat-khau")
    answer = log_in(Client(), name, user.first)
    assert answer.status_code == 422 and "Thử lại sau 1 phút" in answer.content.decode()


def test_waits_double_up_to_an_hour(site: str) -> None:
    from django.utils import timezone

    waits = []
    for _ in range(14):
        lockout.failed("lan", "")
        until = lockout.locked_until("lan", "")
        waits.append(round((until - timezone.now()).total_seconds() / 60) if until else 0)
    assert waits == [0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60, 60]


def test_one_address_that_tries_many_names_waits_too(account: Callable[..., Any]) -> None:
    for number in range(30):
        lockout.failed(f"ten{number}", "127.0.0.1")
    user = account("auditor")
    assert log_in(Client(), user.username, user.first).status_code == 422


def test_the_session_gets_a_new_key_at_log_in(account: Callable[..., Any]) -> None:
    client, user = Client(), account("auditor")
    client.get("/dang-nhap/?next=/x/")
    before = client.cookies["dancu"].value
    log_in(client, user.username, user.first)
    assert client.cookies["dancu"].value != before
    planted = Client(headers={"cookie": f"dancu={before}"})
    assert planted.get("/").status_code == 302


def test_an_account_with_totp_is_not_in_before_the_code(account: Callable[..., Any]) -> None:
    client, user = Client(), account("auditor")
    secret = with_totp(user)
    assert log_in(client, user.username, user.first)["Location"] == "/dang-nhap/ma/"
    assert client.get("/").status_code == 302
    assert client.post("/dang-nhap/ma/", {"code": "000000"}).status_code == 422
    assert client.post("/dang-nhap/ma/", {"code": pyotp.TOTP(secret).now()}).status_code == 302
    assert client.get("/").status_code == 200


def test_a_code_works_once(account: Callable[..., Any]) -> None:
    user = account("auditor")
    code = pyotp.TOTP(with_totp(user)).now()
    for client, expected in ((Client(), 302), (Client(), 422)):
        log_in(client, user.username, user.first)
        assert client.post("/dang-nhap/ma/", {"code": code}).status_code == expected


def test_a_first_password_is_changed_and_a_telephone_enrolled_before_anything_else(
    account: Callable[..., Any],
) -> None:
    client, user = Client(), account("auditor", demo=False)
    log_in(client, user.username, user.first)
    assert client.get("/")["Location"] == "/tai-khoan/mat-khau/"
    new = "một câu dễ nhớ 42"
    given = {"current": user.first, "new": new, "again": new}
    assert client.post("/tai-khoan/mat-khau/", given).status_code == 302
    assert client.get("/")["Location"] == "/tai-khoan/ma-xac-thuc/"
    page = client.get("/tai-khoan/ma-xac-thuc/")
    assert "<svg" in page.content.decode()
    secret = client.session["enrolling"]
    shown = client.post("/tai-khoan/ma-xac-thuc/", {"code": pyotp.TOTP(secret).now()})
    assert shown.content.decode().count("<li>") >= 10
    assert client.get("/").status_code == 200


def test_a_recovery_code_works_once(account: Callable[..., Any]) -> None:
    user = account("auditor")
    secret = totp.new_secret()
    codes = totp.enrol(user, secret, pyotp.TOTP(secret).now())
    assert codes and len(set(codes)) == 10
    assert totp.check(user, codes[3]) and not totp.check(user, codes[3])


def test_the_totp_secret_is_encrypted_and_bound_to_its_account(account: Callable[..., Any]) -> None:
    one, other = account("auditor"), account("auditor")
    secret = with_totp(one)
    stored = Credential.objects.get(pk=one.pk).totp_secret
    assert secret not in stored and secrets.decrypt(stored, user_id=one.pk) == secret
    with pytest.raises(ValueError, match="secret key"):
        secrets.decrypt(stored, user_id=other.pk)


def test_log_out_ends_the_session_for_a_stolen_cookie_too(client_as: Callable[..., Any]) -> None:
    client = client_as("auditor")
    stolen = Client(headers={"cookie": f"dancu={client.cookies['dancu'].value}"})
    assert stolen.get("/").status_code == 200
    client.post("/dang-xuat/")
    assert stolen.get("/").status_code == 302


@pytest.mark.parametrize("field", ["seen_at", "ends_at"])
def test_a_session_ends_by_idleness_and_by_age(client_as: Callable[..., Any], field: str) -> None:
    import datetime as dt

    from django.db.models import F

    client = client_as("auditor")
    Session.objects.filter(user_id=client.user.pk).update(
        **{field: F(field) - dt.timedelta(hours=9)}
    )
    assert client.get("/").status_code == 302


def test_other_sessions_are_listed_and_ended(client_as: Callable[..., Any]) -> None:
    client = client_as("auditor")
    other = Client(headers={"user-agent": "Máy ở nhà"})
    log_in(other, client.user.username, client.user.first)
    assert "Máy ở nhà" in client.get("/tai-khoan/").content.decode()
    client.post("/tai-khoan/phien-khac/")
    assert other.get("/").status_code == 302 and client.get("/").status_code == 200


def test_a_closed_account_is_out_at_once(client_as: Callable[..., Any]) -> None:
    client = client_as("auditor")
    services.do_set_active(user=client.user, active=False, by="test", reason="nghỉ việc")
    assert client.get("/").status_code == 302
    assert log_in(Client(), client.user.username, client.user.first).status_code == 422


def test_the_table_of_sessions_gives_no_session_away(client_as: Callable[..., Any]) -> None:
    client = client_as("auditor")
    row = Session.objects.get(user_id=client.user.pk)
    key = client.cookies["dancu"].value
    assert key not in (row.key_hash, row.data)
    thief = Client(headers={"cookie": f"dancu={row.key_hash}"})
    assert thief.get("/").status_code == 302


def test_who_failed_and_who_got_in_is_logged_without_the_password(
    account: Callable[..., Any],
) -> None:
    user = account("auditor")
    log_in(Client(), user.username, "mat-khau-cua-toi")
    log_in(Client(), user.username, user.first)
    from dancu.platform.accounts.models import AccountEvent

    last = list(AccountEvent.objects.all()[:2])
    assert [event.what for event in last] == ["login", "login.failed"]
    assert "mat-khau-cua-toi" not in str([(e.by, e.detail) for e in last])
