"""What applicants are told of each step: in the transaction of the step, through real servers, nobody's data in it."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone
from tests.web.applicants import filed, later, office
from tests.web.bank import running_mail, running_sms
from tests.web.citizens import me, text, two
from tests.web.register import RegisterSite

from dancu.sectors.public_services import workflow
from dancu.sectors.public_services.notices import sending, telling

__all__ = ["me", "two"]
RESIDENCE = "1.004222"


@pytest.fixture(autouse=True)
def empty(register_site: RegisterSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DANCU_NOTICE_FOLDER", str(tmp_path))
    register_site.do("DELETE FROM services.notice")
    register_site.do("DELETE FROM services.contact")


def test_every_action_is_told_or_is_the_offices_own() -> None:
    inside = {"take", "forward", "propose", "send_back", "release", "recall"}
    assert set(workflow.MOVES) - set(telling.TOLD) == inside


def test_by_default_a_line_in_a_file_without_anybodys_data(
    register_site: RegisterSite,
    me: Client,
    account: Callable[..., Any],
    two: tuple[str, str],
    tmp_path: Path,
) -> None:
    one = filed(me, RESIDENCE)
    office(one.code, account("one_stop_officer", unit="07204"), "accept", "take")
    assert sending.send_all(at=timezone.now()) == 2
    (file,) = tmp_path.glob("*.jsonl")
    lines = [json.loads(line)["text"] for line in file.read_text(encoding="utf-8").splitlines()]
    assert re.fullmatch(rf"Hồ sơ {re.escape(one.code)}: đã nộp\..*", lines[0])
    assert re.fullmatch(
        rf"Hồ sơ {re.escape(one.code)}: đã được tiếp nhận, hẹn trả ngày \d\d/\d\d/\d{{4}}\..*",
        lines[1],
    )
    ((name, number),) = register_site.ask(
        "SELECT full_name, personal_number FROM register.person WHERE citizen_id = %s", two[0]
    )
    whole = file.read_text(encoding="utf-8")
    assert name not in whole and number not in whole and two[0] not in whole
    assert lines[1] in text(me.get(f"/dich-vu/toi/{one.code}/"))


def test_what_is_undone_is_not_told(me: Client, account: Callable[..., Any]) -> None:
    from dancu.sectors.public_services.system import as_system

    one = filed(me, RESIDENCE)
    before = _count()
    with as_system():
        from dancu.sectors.public_services import acting
        from dancu.sectors.public_services.acting import Actor, Ask

        user = account("one_stop_officer", unit="07204")
        ask = Ask("accept", one.version_no)
        acting.do_act(
            dossier_no=one.dossier_no,
            by=Actor(user.username, "officer", user),
            ask=ask,
            at=timezone.now(),
        )
        assert _count() == before + 1
        from django.db import transaction

        transaction.set_rollback(True)
    assert _count() == before


def _count() -> int:
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM services.notice")
        return int(cursor.fetchone()[0])


def test_by_e_mail_over_a_real_server_that_is_away_at_first(
    register_site: RegisterSite, me: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = me.post("/dich-vu/nhan-tin/", {"channel": "email", "address": "khong phai thu"})
    assert wrong.status_code == 422
    assert (
        me.post("/dich-vu/nhan-tin/", {"channel": "email", "address": "lan@example.vn"}).status_code
        == 302
    )
    one = filed(me, RESIDENCE)
    came: list[str] = []
    with running_mail(came, refuse=[True]) as url:
        monkeypatch.setenv("DANCU_SMTP_URL", url)
        now = timezone.now()
        assert sending.send_all(at=now) == 0
        ((state, tries, why),) = register_site.ask(
            "SELECT state, tries, last_error FROM services.notice"
        )
        assert (state, tries) == ("waiting", 1) and why.startswith("smtp:") and "lan" not in why
        assert sending.send_all(at=now) == 0  # not yet ripe
        assert sending.send_all(at=later(1)) == 1 and len(came) == 1
    import email.policy

    letter = email.message_from_string(came[0], policy=email.policy.default)
    ((notice,),) = register_site.ask("SELECT notice::text FROM services.notice")
    assert letter["To"] == "lan@example.vn" and notice in letter["Message-ID"]
    assert letter.get_content().strip().startswith(f"Hồ sơ {one.code}: đã nộp.")


def test_by_text_message_signed_with_a_key_that_makes_twice_once(
    register_site: RegisterSite, me: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    me.post("/dich-vu/nhan-tin/", {"channel": "sms", "address": "+84 912 345 678"})
    one = filed(me, RESIDENCE)
    came: list[dict[str, Any]] = []
    monkeypatch.setenv("DANCU_SMS_SECRET", "khoa")
    with running_sms(came, [503]) as url:
        monkeypatch.setenv("DANCU_SMS_URL", url)
        assert sending.send_all(at=timezone.now()) == 0
        assert sending.send_all(at=later(1)) == 1
    assert len(came) == 2 and came[0]["key"] == came[1]["key"]
    body = came[1]["body"]
    assert hmac.new(b"khoa", body, hashlib.sha256).hexdigest() == came[1]["signature"]
    told = json.loads(body)
    assert told["to"] == "0912345678" and told["text"].isascii() and one.code in told["text"]
    assert register_site.ask("SELECT state, channel FROM services.notice") == [("sent", "sms")]


def test_a_gateway_that_never_comes_back_ends_the_tries_and_the_page_still_tells(
    register_site: RegisterSite, me: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    me.post("/dich-vu/nhan-tin/", {"channel": "sms", "address": "0912345678"})
    one = filed(me, RESIDENCE)
    monkeypatch.setenv("DANCU_SMS_URL", "http://127.0.0.1:9/send")
    at = timezone.now()
    for _ in range(sending.TRIES):
        assert sending.send_all(at=at) == 0
        at += dt.timedelta(days=1)
    assert register_site.ask("SELECT state, tries FROM services.notice") == [
        ("dead", sending.TRIES)
    ]
    assert sending.send_one(at=at) is None
    assert "đã nộp" in text(me.get(f"/dich-vu/toi/{one.code}/"))
