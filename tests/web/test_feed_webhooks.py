"""Webhooks: signed, in order, once more when they failed, to nowhere they must not go."""

from __future__ import annotations

import datetime as dt
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from standardwebhooks import Webhook, WebhookVerificationError
from tests.web.feed import Receiver, Recorder, now, person, receiver, ripe, subscribed, told
from tests.web.process import environment
from tests.web.register import RegisterSite
from tests.web.worker import worked

from dancu.platform.feed import (
    addresses,
    delivering,
    notes,
    pairwise,
    post,
    retry,
    services,
    tasks,
    waiting,
)
from dancu.platform.feed.addresses import Unreachable
from dancu.platform.feed.models import Letter, Subscriber

HERE = "127.0.0.0/8"


@pytest.fixture(scope="module")
def people(register_site: RegisterSite) -> RegisterSite:
    return register_site


@pytest.fixture
def record(people: RegisterSite, account: Callable[..., Any]) -> Recorder:
    return Recorder(people, account())


@pytest.fixture
def inbox(people: RegisterSite, monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    """A receiver of this test's own; afterwards nothing more is sent to it."""
    del people
    monkeypatch.setenv("DANCU_FEED_INSIDE", HERE)
    with receiver() as one:
        yield one
    Subscriber.objects.using("owner").update(paused_at=dt.datetime.now(dt.UTC), paused_why="test")


# --- webhooks ---


def sent() -> None:
    """What the worker does in its next ten seconds."""
    tasks.look(timestamp=0)
    worked("feed")


def changes(record: Recorder, people: RegisterSite, units: list[str], most: int) -> list[str]:
    """So many deaths; the citizens."""
    found = []
    for _ in range(most):
        who = person(people, *units)
        found.append(who.pop("citizen"))
        record.send("death", who | {"death_date": "17/6/2024"})
    return found


def test_a_webhook_is_a_cloud_event_with_a_signature_that_others_verify(
    people: RegisterSite, record: Recorder, inbox: Receiver
) -> None:
    units = [*people.communes[30:120]]
    row, first = subscribed(units, url=inbox.url)
    (citizen,) = changes(record, people, units, 1)
    sent()
    ((headers, body),) = inbox.seen
    assert headers["content-type"].startswith("application/cloudevents+json")
    event = Webhook(first).verify(body, headers)
    assert event["subject"] == pairwise.of(row.client_id, citizen)
    assert event["id"] == headers["webhook-id"] and "values" not in event["data"]
    with pytest.raises(WebhookVerificationError):
        Webhook(first).verify(body + b" ", headers)
    second = services.do_renew_secret(number=row.pk, by="test")
    changes(record, people, units, 1)
    sent()
    for secret in (first, second):
        assert Webhook(secret).verify(inbox.seen[1][1], inbox.seen[1][0])
    third = services.do_renew_secret(number=row.pk, by="test", overlap=dt.timedelta(0))
    services.do_try(number=row.pk, by="test")
    sent()
    assert (
        Webhook(third).verify(inbox.seen[2][1], inbox.seen[2][0])["type"].endswith("feed.trial.v1")
    )
    with pytest.raises(WebhookVerificationError):
        Webhook(second).verify(inbox.seen[2][1], inbox.seen[2][0])
    stored = people.ask("SELECT sealed FROM feed_secret")
    assert not any(first in text or first[6:] in text for (text,) in stored)


BAD_DAYS = [
    # how the receiver behaves, what the page says, whether the circuit counts it
    (500, "status:500", True),
    (503, "status:503", True),
    (404, "status:404", False),
    ("redirect", "status:302", True),
    ("cut", "line", True),
    ("slow", "slow", True),
    ("drip", "slow", True),
    ("large", "large", True),
]


@pytest.mark.parametrize(("how", "why", "ill"), BAD_DAYS)
def test_what_was_not_taken_comes_again_under_the_same_id(
    people: RegisterSite, record: Recorder, inbox: Receiver, monkeypatch: pytest.MonkeyPatch,
    how: int | str, why: str, ill: bool,
) -> None:  # fmt: skip
    monkeypatch.setattr(retry, "FIRST", 500.0)
    if how in ("slow", "drip"):
        monkeypatch.setattr(post, "WHOLE", 0.6)
    units = [*people.communes[30:120]]
    row, _ = subscribed(units, url=inbox.url)
    services.do_try(number=row.pk, by="test")
    inbox.behave = lambda event: how
    assert delivering.deliver(row.pk, longest=5) == 0
    (letter,) = Letter.objects.using("owner").filter(subscriber=row)
    assert (letter.tries, letter.last_error) == (1, why)
    assert now(row).failures == int(ill) and len(inbox.seen) == 1, "no redirect is followed"
    wait = (letter.next_try_at - now(row).last_try_at).total_seconds()
    assert (3999 < wait < 4001) if how == 503 else (249 < wait < 501)
    assert delivering.deliver(row.pk, longest=5) == 0, "not before its time"
    inbox.behave = lambda event: 200
    monkeypatch.setattr(post, "WHOLE", 15.0)
    ripe(row)
    assert delivering.deliver(row.pk) == 1
    assert len({e["id"] for e in inbox.events}) == 1 and len(inbox.seen) == 2
    after = now(row)
    assert (after.failures, after.sent) == (0, 1)
    assert not Letter.objects.using("owner").filter(subscriber=row).exists()


def test_a_persons_notes_come_in_their_order_and_others_do_not_wait(
    people: RegisterSite, record: Recorder, inbox: Receiver
) -> None:
    a, b = people.communes[120:140], people.communes[140:160]
    row, _ = subscribed([*a, *b], url=inbox.url)
    stuck, free = person(people, *a), person(people, *b)
    names = {c: pairwise.of(row.client_id, c) for c in (stuck.pop("citizen"), free.pop("citizen"))}
    first, other = names.values()
    for who, home in ((stuck, b[0]), (free, a[0])):
        record.send("move", who | {"event_date": "6/6/2024", "commune_code": home, "address": "1"})
        record.send("death", who | {"death_date": "16/6/2024"})
    inbox.behave = lambda event: 500 if event["subject"] == first else 200
    delivering.deliver(row.pk)
    seen = [(e["subject"], tuple(e["data"]["fields"])) for e in inbox.events]
    assert [s for s in seen if s[0] == other] == [
        (other, ("permanent_unit",)), (other, ("life_status",))
    ]  # fmt: skip
    assert {s for s in seen if s[0] == first} == {(first, ("permanent_unit",))}
    inbox.behave = lambda event: 200
    ripe(row)
    delivering.deliver(row.pk)
    mine = [f for e in inbox.events if e["subject"] == first for f in e["data"]["fields"]]
    assert mine[-2:] == ["permanent_unit", "life_status"]


def test_a_dead_letter_holds_the_persons_later_ones_until_it_is_sent_again_or_dropped(
    people: RegisterSite, record: Recorder, inbox: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retry, "FIRST", 500.0)
    a, b = people.communes[120:140], people.communes[140:160]
    row, _ = subscribed([*a, *b], url=inbox.url)
    who = person(people, *a)
    who.pop("citizen")
    record.send("move", who | {"event_date": "6/6/2024", "commune_code": b[0], "address": "1"})
    inbox.behave = lambda event: 400
    delivering.deliver(row.pk)
    for _ in range(retry.TRIES):
        ripe(row)
        delivering.deliver(row.pk)
    assert len(inbox.seen) == retry.TRIES
    assert waiting.behind()[row.pk].dead == 1
    assert services.state(now(row), waiting.behind()[row.pk]) == ("fair", "dead")
    record.send("death", who | {"death_date": "15/6/2024"})
    inbox.behave = lambda event: 200
    assert delivering.deliver(row.pk) == 0 and waiting.behind()[row.pk].waiting == 1
    assert services.do_send_again(number=row.pk, by="test") == 1
    assert delivering.deliver(row.pk) == 2
    assert [e["data"]["fields"] for e in inbox.events[-2:]] == [["permanent_unit"], ["life_status"]]
    Letter.objects.using("owner").filter(subscriber=row).delete()
    services.do_replay(number=row.pk, by="test", since=dt.datetime(2020, 1, 1, tzinfo=dt.UTC), reason="x")  # fmt: skip
    inbox.behave = lambda event: 400
    delivering.deliver(row.pk)
    Letter.objects.using("owner").filter(subscriber=row, tries=1).update(state="dead")
    assert services.do_drop(number=row.pk, by="test", reason="đối tác đã có") == 1
    inbox.behave = lambda event: 200
    assert delivering.deliver(row.pk) == 1 and inbox.events[-1]["data"]["fields"] == ["life_status"]


def test_a_replay_tells_the_same_again_under_the_same_ids(
    people: RegisterSite, record: Recorder, inbox: Receiver
) -> None:
    units = [*people.communes[30:120]]
    row, _ = subscribed(units, url=inbox.url)
    changes(record, people, units, 3)
    sent()
    before = [e["id"] for e in inbox.events]
    assert len(before) == 3
    services.do_replay(
        number=row.pk, by="test", since=dt.datetime(2020, 1, 1, tzinfo=dt.UTC), reason="mất dữ liệu"
    )
    sent()
    again = [e["id"] for e in inbox.events][3:]
    # Of different people, who is first is not said.
    assert sorted(again) == sorted(before) == sorted(e["id"] for e in told(row))


def test_a_dead_receiver_delays_nobody_else_and_is_left_in_peace(
    people: RegisterSite, record: Recorder, inbox: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(post, "WHOLE", 0.5)
    units = [*people.communes[30:120]]
    with receiver() as silent:
        silent.behave = lambda event: "slow"
        ill, _ = subscribed(units, url=silent.url)
        well, _ = subscribed(units, url=inbox.url)
        services.do_try(number=ill.pk, by="test")
        changes(record, people, units, 2)
        for _ in range(retry.IN_A_ROW):
            Letter.objects.using("owner").filter(subscriber=ill).update(next_try_at="2020-01-01T00:00Z")  # fmt: skip
            sent()
        state = now(ill)
        assert len(inbox.seen) == 2 and now(well).sent == 2
        assert state.is_resting and services.state(state, waiting.behind()[ill.pk])[1] == "resting"
        assert ill.pk not in waiting.with_work()
        tried = len(silent.seen)
        sent()
        assert len(silent.seen) == tried, "nothing is sent while the circuit is open"
        silent.behave = lambda event: 200
        ripe(ill)
        sent()
        assert now(ill).failures == 0 and not waiting.behind()[ill.pk].waiting


def test_a_receiver_that_is_gone_is_not_asked_again(people: RegisterSite, inbox: Receiver) -> None:
    row, _ = subscribed([people.communes[1]], url=inbox.url)
    services.do_try(number=row.pk, by="test")
    inbox.behave = lambda event: 410
    delivering.deliver(row.pk)
    assert now(row).paused_at is not None and now(row).paused_why == "410"
    inbox.behave = lambda event: 200
    services.do_resume(number=row.pk, by="test")
    assert delivering.deliver(row.pk) == 1


def test_a_partner_that_is_suspended_is_sent_nothing_and_loses_nothing(
    people: RegisterSite, record: Recorder, inbox: Receiver
) -> None:
    from dancu.platform.partners.models import Partner

    units = [*people.communes[30:120]]
    row, _ = subscribed(units, url=inbox.url)
    own = Partner.objects.using("gate").filter(client_id=row.client_id)
    own.update(suspended_at=dt.datetime.now(dt.UTC))
    changes(record, people, units, 1)
    sent()
    assert inbox.seen == [] and now(row).last_error == "closed:partner"
    own.update(suspended_at=None)
    sent()
    assert len(inbox.seen) == 1


def test_kill_9_in_the_middle_loses_nothing(
    people: RegisterSite, record: Recorder, inbox: Receiver
) -> None:
    """The worker is killed while the receiver has taken a letter and not yet answered."""
    units = [*people.communes[30:120]]
    row, _ = subscribed(units, url=inbox.url)
    changes(record, people, units, 12)
    inbox.behave = lambda event: "slow" if len(inbox.seen) > 4 else 200
    program = (
        "import django; django.setup()\n"
        f"from dancu.platform.feed import delivering; delivering.deliver({row.pk})"
    )
    env = environment(
        people.dsn,
        DJANGO_SETTINGS_MODULE="dancu.site.settings",
        DANCU_SECRET_KEY=settings.SECRET_KEY,
    )
    env.pop("DANCU_DATABASE", None)
    with subprocess.Popen([sys.executable, "-c", program], env=env) as worker:
        _until(lambda: len(inbox.seen) > 5)
        worker.send_signal(signal.SIGKILL)
    assert 5 < len(inbox.seen) <= 12
    inbox.behave = lambda event: 200
    _until(lambda: delivering.deliver(row.pk) >= 0 and not waiting.behind()[row.pk].waiting)
    expected = [e["id"] for e in told(row)]
    assert len(expected) == 12 and {e["id"] for e in inbox.events} == set(expected)


def _until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + 40
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.02)


# --- where to ---

ADDRESSES = [
    ("https://example.com/x", "93.184.216.34", ""),
    ("http://example.com/x", "93.184.216.34", "https"),
    ("ftp://example.com/", "93.184.216.34", "https"),
    ("https://user:pass@example.com/", "93.184.216.34", "address"),
    ("https:///x", "93.184.216.34", "address"),
    ("https://example.com/x y", "93.184.216.34", "address"),
    ("https://example.com:99999/", "93.184.216.34", "address"),
    ("https://inside.example/", "127.0.0.1", "inside"),
    ("https://inside.example/", "10.1.2.3", "inside"),
    ("https://inside.example/", "172.16.9.9", "inside"),
    ("https://inside.example/", "192.168.1.1", "inside"),
    ("https://metadata.example/", "169.254.169.254", "inside"),
    ("https://inside.example/", "100.64.0.1", "inside"),
    ("https://inside.example/", "0.0.0.0", "inside"),
    ("https://inside.example/", "224.0.0.1", "inside"),
    ("https://inside.example/", "::1", "inside"),
    ("https://inside.example/", "fe80::1", "inside"),
    ("https://inside.example/", "fd00::1", "inside"),
    ("https://inside.example/", "::ffff:127.0.0.1", "inside"),
    ("https://inside.example/", "64:ff9b::7f00:1", "inside"),
    ("https://inside.example/", "2002:7f00:1::", "inside"),
    ("https://listed.example/", "10.20.0.7", ""),
    ("https://[::1]/", "::1", "inside"),
    ("https://2130706433/", "127.0.0.1", "inside"),
]


@pytest.mark.parametrize(("url", "address", "why"), ADDRESSES)
def test_where_a_webhook_may_go(
    monkeypatch: pytest.MonkeyPatch, url: str, address: str, why: str
) -> None:
    monkeypatch.setenv("DANCU_FEED_INSIDE", "10.20.0.0/16")
    answer = [(2, 1, 6, "", ("93.184.216.34", 443)), (2, 1, 6, "", (address, 443))]
    monkeypatch.setattr(addresses.socket, "getaddrinfo", lambda *a, **k: answer)
    try:
        addresses.resolve(addresses.parse(url))
        found = ""
    except Unreachable as error:
        found = error.why
    assert found == why


def test_the_address_that_was_looked_at_is_the_one_connected_to(
    inbox: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that answers otherwise the second time gains nothing: it is asked once."""
    port = int(re.search(r":(\d+)/", inbox.url)[1])  # type: ignore[index]
    asked: list[str] = []

    def once(host: str, *a: Any, **k: Any) -> Any:
        asked.append(host)
        first = asked.count("hook.example") == 1
        return [
            (2, 1, 6, "", ("127.0.0.1" if first or host != "hook.example" else "10.9.9.9", port))
        ]

    monkeypatch.setattr(addresses.socket, "getaddrinfo", once)
    target = addresses.parse(f"http://hook.example:{port}/x", plain=True)
    address = addresses.resolve(target)
    assert (address, asked) == ("127.0.0.1", ["hook.example"])
    asked.clear()
    assert post.post(target, lambda: (b"{}", {"Content-Type": "application/json"})).taken
    assert asked == ["hook.example", "127.0.0.1"], "the name once; then the number itself"
    assert inbox.seen[0][0]["host"] == f"hook.example:{port}"


def test_notes_are_numbered_in_the_order_of_commits(people: RegisterSite) -> None:
    """What the reader's place rests on: a writer takes its numbers under the lock that it holds until it commits."""
    import psycopg

    from dancu.store.link_index import WRITERS

    with psycopg.connect(people.dsn) as slow, psycopg.connect(people.dsn) as other:
        slow.execute("SELECT pg_advisory_xact_lock(%s)", [WRITERS])
        slow.execute("INSERT INTO register.outbox (kind, data) VALUES ('thu', '{}')")
        assert not other.execute("SELECT pg_try_advisory_xact_lock(%s)", [WRITERS]).fetchone()[0]  # type: ignore[index]
        slow.rollback()
    assert notes.last_place(using="owner") >= 0
