"""Questions over the line to the national service: what the officer is told, what is logged, what waits.

The other side is a process of its own (tests/web/national/service.py) that behaves well and badly as told.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.utils import timezone
from tests.web.national.stand_in import StandIn, national, stand_in

from dancu.engine.verify import Asked
from dancu.platform.gateway import asking, breaker, carrying, choice, samples, sealing, setup
from dancu.platform.gateway.errors import NotSetUp
from dancu.platform.gateway.models import Ending, Link, LinkEvent, Question, Sample, Waiting
from dancu.platform.gateway.port import Reply, Request
from dancu.reference import thresholds
from dancu.reference.loader import rows

__all__ = ["national", "stand_in"]
OWNER = "owner"
MAU = Asked(
    "924199000017",
    claims={"full_name": "Giáp Thị Mẫu", "birth_date": "1999-09-05", "sex": "female"},
)


@pytest.fixture(autouse=True)
def nothing_of_before(site: str) -> Iterator[None]:
    del site
    yield
    for model in (Waiting, Ending, Question, Link, LinkEvent, Sample):
        model.objects.using(OWNER).all().delete()


@pytest.fixture
def officer(account: Callable[..., Any]) -> Any:
    return account("one_stop_officer")


def request(by: Any, asked: Asked = MAU, number: UUID | None = None, at: Any = None) -> Request:
    return Request(
        asked=asked, by=by, officer_name="Thân Thị Quầy", officer_number="CC-0102", purpose="procedure",
        basis="Nghị định 61/2018/NĐ-CP", at=at or timezone.now(), on=dt.date(2024, 6, 21), number=number or uuid4(),
    )  # fmt: skip


def ask(by: Any, asked: Asked = MAU, **more: Any) -> Reply:
    return choice.remote().ask(request(by, asked, **more))


def log(reply: Reply) -> Question:
    return (
        Question.objects.using(OWNER).select_related("ending", "waiting").get(number=reply.number)
    )


def said(
    name: str = "Giáp Thị Mẫu", birth: str = "1999-09-05", sex: str = "female"
) -> dict[str, str]:
    return {"full_name": name, "birth_date": birth, "sex": sex}


# number, claims -> result, verdicts of name, birth and sex, card, codes
ANSWERS = {
    "everything agrees": (MAU.number, said(), "confirmed", "match match match", "in_force", "000"),
    "another name": (MAU.number, said("Vũ Thị Khác"), "mismatch", "mismatch match match", None, "060"),
    "initials agree": (MAU.number, said("Giáp Thị Mận"), "close", "close match match", None, "061"),
    "another birth": (MAU.number, said(birth="1999-09-06"), "mismatch", "match mismatch match", None, "070"),
    "two wrong": (
        MAU.number, said(birth="1998-09-05", sex="male"), "mismatch", "match mismatch mismatch", None, "070 080",
    ),
    "nobody": ("924000000000", said(), "not_identified", "unknown unknown unknown", None, "050"),
    "card replaced": (
        "924099000024", said("Thân Văn Thử", "1999-01-02", "male"), "confirmed", "match match match", "replaced", "004",
    ),
    "card withdrawn": (
        "924199000031", said("Nguyễn Thị Ví", "1999-03-04"), "confirmed", "match match match", "withdrawn", "110",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", ANSWERS)
def test_what_the_national_side_answers_is_told_and_logged(
    national: StandIn, officer: Any, case: str
) -> None:
    number, claims, result, verdicts, card, codes = ANSWERS[case]
    reply = ask(officer, Asked(number, claims=claims))
    assert (reply.state, reply.answer.result, reply.answer.card) == ("verified", result, card)
    assert " ".join(a.verdict for a in reply.answer.attributes) == verdicts
    line = log(reply)
    assert str(line.receipt) == reply.receipt and line.officer == "Thân Thị Quầy (CC-0102)"
    assert (line.ending.result, line.ending.codes) == (result, codes)
    assert line.ending.transaction == reply.transaction and reply.transaction.startswith("QG-")
    assert national.seen()["asked"][0]["officer"] == {"name": "Thân Thị Quầy", "number": "CC-0102"}


def test_a_claim_that_no_code_speaks_of_is_unknown_and_not_a_match(
    national: StandIn, officer: Any
) -> None:
    reply = ask(
        officer, Asked(MAU.number, claims={"full_name": "Giáp Thị Mẫu", "residence": "Tân Tiến"})
    )
    told = {a.name: a.verdict for a in reply.answer.attributes}
    assert told == {"full_name": "match", "residence": "unknown"}
    only = ask(officer, Asked(MAU.number, claims={"residence": "Tân Tiến"}))
    assert only.answer.result == "not_verified"


# how the service behaves -> what the officer is told (state, reason), samples counted as answered
BEHAVES = {
    "slow": ("pending", "slow", False), "drip": ("pending", "slow", False), "silent": ("pending", "slow", False),
    "cut": ("pending", "down", False), "hang_up": ("pending", "down", False),
    "e500": ("pending", "server_error", False), "e502_html": ("pending", "server_error", False),
    "busy": ("pending", "too_many", False), "limit": ("pending", "too_many", False),
    "html": ("pending", "not_understood", False), "half_json": ("pending", "not_understood", False),
    "a_list": ("pending", "not_understood", False), "deep": ("pending", "not_understood", False),
    "big": ("pending", "not_understood", False), "redirect": ("pending", "not_understood", False),
    "other_question": ("pending", "not_understood", False), "unknown_code": ("pending", "not_understood", False),
    "no_code": ("pending", "not_understood", False), "code_no_text": ("pending", "not_understood", False),
    "no_transaction": ("pending", "not_understood", False),
    "code_100": ("pending", "data_error", False), "code_101": ("pending", "server_error", False),
    "locked_out": ("pending", "not_let_in", False),
    "forbidden": ("refused", "not_allowed", True), "unfit": ("refused", "not_accepted", True),
}  # fmt: skip


@pytest.mark.parametrize("how", BEHAVES)
def test_whatever_the_line_does_the_question_is_logged_and_ends_once(
    national: StandIn, officer: Any, how: str
) -> None:
    """Told honestly at once; asked again when the line is well; one ending, one transaction over there."""
    state, reason, counted = BEHAVES[how]
    national.behaves(how)
    began = time.monotonic()
    reply = ask(officer)
    assert time.monotonic() - began < 1.3, "no longer than the time limit and a little"
    assert (reply.state, reply.reason, reply.answer.result) == (state, reason, "not_verified")
    line = log(reply)
    assert str(line.receipt) == reply.receipt
    sample = Sample.objects.using(OWNER).get()
    assert (sample.ok, sample.reason) == (counted, reason)
    if state == "refused":
        assert line.ending.reason == reason and not hasattr(line, "waiting")
        return
    assert not hasattr(line, "ending") and (line.waiting.state, line.waiting.tries) == (
        "waiting",
        1,
    )
    national.behaves("well")
    due_now()
    assert carrying.carry(choice.client()).answered == 1
    later = asking.again(number=reply.number, by=officer.username)
    assert (later.state, later.answer.result) == ("verified", "confirmed")
    assert (later.receipt, log(reply).ending.tries) == (reply.receipt, 2)
    assert national.seen()["answers"] == [str(reply.number)]
    assert carrying.carry(choice.client()).answered == 0


def due_now() -> None:
    """As when the time of the next try has come, for questions and for the breaker."""
    now = timezone.now()
    Waiting.objects.using(OWNER).update(next_at=now)
    Link.objects.using(OWNER).exclude(retry_at=None).update(retry_at=now)


def test_a_token_that_ran_out_or_was_forgotten_is_fetched_anew(
    national: StandIn, officer: Any
) -> None:
    assert ask(officer).state == "verified"
    national.behaves(forget=True)
    assert ask(officer).state == "verified"
    national.behaves(forget=True, life=1.0)
    assert ask(officer).state == "verified"
    time.sleep(1.1)
    assert ask(officer).state == "verified"
    calls = national.seen()["calls"]
    assert calls.count("/oauth/token") >= 3


def test_after_five_failures_nothing_is_sent_until_one_question_tries_the_line(
    national: StandIn, officer: Any
) -> None:
    national.behaves("e500")
    for _ in range(5):
        ask(officer)
    assert breaker.state().state == "open"
    before = len(national.seen()["calls"])
    held = ask(officer)
    assert (held.state, held.reason) == ("pending", "server_error")
    assert len(national.seen()["calls"]) == before and log(held).waiting.tries == 0
    due_now()
    assert ask(officer).state == "pending", "the trial failed"
    link = breaker.state()
    assert (link.state, link.pause) == ("open", 2 * breaker.FIRST_PAUSE)
    national.behaves("well")
    due_now()
    assert ask(officer).state == "verified"
    assert (breaker.state().state, breaker.state().failures) == ("closed", 0)
    told = list(LinkEvent.objects.using(OWNER).order_by("id").values_list("what", "reason"))
    assert told == [("opened", "server_error"), ("closed", "")]
    due_now()
    assert carrying.carry(choice.client()).answered == 7
    answered = national.seen()["answers"]
    assert len(answered) == len(set(answered)) == 8


def test_one_process_alone_tries_a_line_that_was_down(site: str) -> None:
    del site
    at = timezone.now()
    Link.objects.using(OWNER).create(name="national", state="open", retry_at=at, reason="down")

    def passes(_: int) -> bool:
        from django.db import connections

        try:
            breaker.check_open(at=at)
        except breaker.Stopped:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(4) as threads:
        assert sum(threads.map(passes, range(8))) == 1
    later = at + dt.timedelta(seconds=breaker.TRIAL + 1)
    breaker.check_open(at=later)  # the one that tried never told: another may


def test_as_long_as_we_are_asked_to_wait_we_wait(national: StandIn, officer: Any) -> None:
    national.behaves("limit", times=1)
    ask(officer)
    link = breaker.state()
    assert link.state == "open" and link.retry_at is not None
    assert 25 < (link.retry_at - timezone.now()).total_seconds() <= 30
    assert carrying.check(choice.client()) is None
    assert ask(officer).reason == "too_many"


def test_a_line_stopped_by_hand_sends_nothing_until_it_is_set_free(
    national: StandIn, officer: Any
) -> None:
    breaker.stop(by="quan.tri", why="Bảo trì đường truyền", at=timezone.now())
    reply = ask(officer)
    due_now()
    assert carrying.check(choice.client()) is None and carrying.carry(choice.client()).answered == 0
    assert (reply.state, reply.reason, national.seen()["calls"]) == ("pending", "stopped", [])
    breaker.resume(by="quan.tri", at=timezone.now())
    due_now()
    assert carrying.carry(choice.client()).answered == 1
    told = list(LinkEvent.objects.using(OWNER).order_by("id").values_list("what", "by"))
    assert told == [("stopped", "quan.tri"), ("resumed", "quan.tri")]


def test_more_questions_than_lines_wait_and_do_not_hold_the_site(
    national: StandIn, officer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DANCU_NATIONAL_LINES", "2")
    gateway = choice.remote()
    national.behaves("silent")
    asked = [request(officer) for _ in range(6)]

    def one(given: Request) -> str:
        from django.db import connections

        try:
            return gateway.ask(given).reason
        finally:
            connections.close_all()

    began = time.monotonic()
    with ThreadPoolExecutor(6) as threads:
        reasons = sorted(threads.map(one, asked))
    assert time.monotonic() - began < 2.5
    assert reasons.count("busy") == 4 and reasons.count("slow") == 2
    assert Waiting.objects.using(OWNER).count() == 6 and breaker.state().failures == 2


def test_the_same_question_twice_is_one_question(
    national: StandIn, officer: Any, account: Any
) -> None:
    number = uuid4()
    first, second = ask(officer, number=number), ask(officer, number=number)
    assert first.answer == second.answer and first.receipt == second.receipt
    assert len(national.seen()["asked"]) == 1 and Question.objects.using(OWNER).count() == 1
    other = ask(account("one_stop_officer"), number=number)
    assert (other.state, other.reason, other.receipt) == ("refused", "other_content", "")


def test_a_machine_that_dies_between_question_and_answer_loses_nothing(
    national: StandIn, officer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other side has answered, we could not write it down: the trace is there, the worker asks again."""

    def dies(*args: Any, **given: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(asking, "end", dies)
        ask(officer)
    line = Question.objects.using(OWNER).get()
    assert not hasattr(line, "ending") and line.waiting.state == "asking"
    assert carrying.carry(choice.client()).answered == 0, "somebody may still be asking it"
    due_now()
    assert carrying.carry(choice.client()).answered == 1
    line = Question.objects.using(OWNER).get()
    assert line.ending.transaction == "QG-000001" and len(national.seen()["asked"]) == 2


def test_two_workers_answer_a_question_once(national: StandIn, officer: Any) -> None:
    breaker.stop(by="quan.tri", why="thử", at=timezone.now())
    for _ in range(12):
        ask(officer)
    breaker.resume(by="quan.tri", at=timezone.now())
    due_now()
    client = choice.client()

    def work(_: int) -> int:
        from django.db import connections

        try:
            return carrying.carry(client).answered
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as threads:
        assert sum(threads.map(work, range(2))) == 12
    assert len(national.seen()["asked"]) == 12 == Ending.objects.using(OWNER).count()


def test_a_question_that_nobody_answers_in_a_day_ends_and_what_it_held_goes(
    national: StandIn, officer: Any
) -> None:
    national.behaves("e500")
    reply = ask(officer, at=timezone.now() - asking.KEPT)
    assert carrying.carry(choice.client()).expired == 1
    line = log(reply)
    assert line.ending.state == "expired" and Waiting.objects.using(OWNER).count() == 0
    assert asking.again(number=reply.number, by=officer.username).state == "unavailable"
    national.behaves("well")
    answered = ask(officer)
    Waiting.objects.using(OWNER).update(expires_at=timezone.now())
    carrying.carry(choice.client())
    kept = asking.again(number=answered.number, by=officer.username)
    assert (kept.state, kept.reason) == ("unavailable", "answer_gone")


def test_neither_the_log_nor_the_queue_holds_a_number_or_a_name(
    national: StandIn, officer: Any, site: str
) -> None:
    import psycopg

    national.behaves("e500", times=1)
    ask(officer)
    ask(officer)
    with psycopg.connect(site, autocommit=True) as con:
        tables = con.execute(
            "SELECT tablename FROM pg_tables WHERE tablename LIKE 'gateway%'"
        ).fetchall()
        assert len(tables) == 6
        for (table,) in tables:
            rows = con.execute(f"SELECT t::text FROM {table} t".encode()).fetchall()
            for (text,) in rows:
                plain = text.encode().decode("unicode_escape", "ignore")
                for one in (MAU.number, "Giáp", "1999-09-05", MAU.number.encode().hex()):
                    assert one not in text and one not in plain, table


def test_a_persons_lines_are_found_by_the_number_also_after_the_secret_was_changed(
    national: StandIn, officer: Any, settings_changed: Callable[..., None]
) -> None:
    ask(officer)
    settings_changed()
    ask(officer)
    found = Question.objects.using(OWNER).filter(about__in=sealing.all_about(MAU.number))
    assert found.count() == 2 and len({bytes(q.about) for q in found}) == 2


@pytest.fixture
def settings_changed(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    from django.conf import settings

    def change() -> None:
        monkeypatch.setattr(settings, "SECRET_KEY_FALLBACKS", [settings.SECRET_KEY])
        monkeypatch.setattr(settings, "SECRET_KEY", "another-secret-key-for-this-test-alone")

    return change


@pytest.mark.parametrize(
    ("url", "fits"),
    [
        ("https://quoc-gia.example/api/", True), ("http://127.0.0.1:8080", True), ("http://[::1]:8080", True),
        ("http://quoc-gia.example", False), ("http://10.0.0.1", False), ("http://localhost", False),
        ("https://a:b@quoc-gia.example", False), ("https://quoc-gia.example/?x=1", False),
        ("https://quoc-gia.example/#x", False), ("file:///etc/passwd", False), ("https://", False),
    ],
)  # fmt: skip
def test_a_secret_is_sent_nowhere_but_to_a_safe_address(url: str, fits: bool) -> None:
    try:
        assert setup.checked(url) == url.rstrip("/")
    except NotSetUp:
        assert not fits
    else:
        assert fits


def test_without_an_address_nobody_is_asked_and_that_is_said(
    officer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DANCU_NATIONAL_URL", raising=False)
    reply = ask(officer)
    assert (reply.state, reply.reason, reply.answer.result) == (
        "unavailable",
        "not_set_up",
        "not_verified",
    )
    assert Question.objects.using(OWNER).count() == 0


def test_the_share_of_checks_answered_is_kept_by_day_and_by_month(
    national: StandIn, site: str
) -> None:
    del site
    client = choice.client()
    for how in ("well", "e500", "well", "well"):
        national.behaves(how)
        carrying.check(client)
    at = timezone.now()
    (day,), (month,) = samples.by_day(last=3, at=at), samples.by_month(last=2, at=at)
    assert (
        (day.good, day.checks, day.questions)
        == (3, 4, 0)
        == (month.good, month.checks, month.questions)
    )
    assert day.share == 0.75 and day.median_ms is not None and day.median_ms <= (day.p95_ms or 0)
    samples.add(kind="check", ok=True, ms=5, at=at - dt.timedelta(days=1, minutes=10))
    assert [d.checks for d in samples.by_day(last=3, at=at)] == [4, 1]
    assert samples.by_day(last=3, at=at)[1].unmeasured > 0


@pytest.mark.parametrize(
    ("begin", "good", "met"),
    [
        (dt.date(2026, 12, 1), 995, True),
        (dt.date(2026, 12, 1), 994, False),
        (dt.date(2027, 1, 1), 998, False),
        (dt.date(2027, 1, 1), 999, True),
        (dt.date(2027, 1, 1), 0, False),
    ],
)
def test_a_month_is_held_against_the_goal_of_its_own_time(
    monkeypatch: pytest.MonkeyPatch, begin: dt.date, good: int, met: bool
) -> None:
    """The goal is raised to 99.9 % from January 2027 on; December keeps its own."""
    own = next(
        r
        for r in rows("domain/targets_and_thresholds.csv")
        if r["indicator"] == "national_line_answered"
    )
    changed = (
        own | {"valid_to": "2026-12-31"},
        own | {"value": "99.9", "valid_from": "2027-01-01"},
    )
    monkeypatch.setattr(thresholds, "rows", lambda path: changed)
    checks = 1000 if good else 0
    assert samples.Stretch(begin, good, checks, 1000, 0, None, None).is_met is met


def test_every_code_of_the_table_has_a_meaning_for_us() -> None:
    from dancu.platform.gateway import codes

    assert set(codes.meanings()) == set(codes.SAYS)


def test_another_content_under_the_same_number_gets_no_answer(
    national: StandIn, officer: Any
) -> None:
    number = uuid4()
    assert ask(officer, number=number).state == "verified"
    other = ask(officer, Asked("924099000024", claims=MAU.claims), number=number)
    assert (other.state, other.reason, other.answer.result) == (
        "refused",
        "other_content",
        "not_verified",
    )
    assert len(national.seen()["asked"]) == 1
