"""The change feed: who is told what, under which identifiers, signed, in order, once more when it failed."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.utils import timezone
from tests.web.feed import (
    FIELDS,
    Receiver,
    Recorder,
    partner,
    person,
    pulled,
    receiver,
    ripe,
    subscribed,
    token,
    told,
)
from tests.web.register import RegisterSite

from dancu.platform.feed import (
    delivering,
    pairwise,
    services,
)
from dancu.platform.feed.models import Subscriber
from dancu.reference import consent_texts

HERE = "127.0.0.0/8"


@pytest.fixture(scope="module")
def people(register_site: RegisterSite) -> RegisterSite:
    return register_site


@pytest.fixture
def record(people: RegisterSite, account: Callable[..., Any]) -> Recorder:
    return Recorder(people, account())


@pytest.fixture
def inbox(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    monkeypatch.setenv("DANCU_FEED_INSIDE", HERE)
    with receiver() as one:
        yield one


# --- what is told ---


def test_each_is_told_of_its_own_people_and_fields_alone(
    people: RegisterSite, record: Recorder
) -> None:
    a, b, c = people.communes[:3]
    there, here, elsewhere = (subscribed([unit])[0] for unit in (a, b, c))
    whole, _ = subscribed(["24"])
    only_name, _ = subscribed([a], fields=("full_name",))
    who = person(people, a)
    citizen = who.pop("citizen")
    marks = {row.pk: pulled(row)["next"] for row in (there, here, elsewhere, whole, only_name)}

    def since(row: Subscriber) -> list[tuple[str, list[str]]]:
        page = pulled(row, marks[row.pk])
        marks[row.pk] = page["next"]
        for event in page["events"]:
            assert (
                event["data"]["person"] == event["subject"] == pairwise.of(row.client_id, citizen)
            )
        return [(e["type"].split(".", 2)[2], e["data"].get("fields", [])) for e in page["events"]]

    record.send("correction", who | {"phone": "0912345678"})
    assert [since(r) for r in (there, here, elsewhere, whole)] == [[], [], [], []]

    record.send("move", who | {"event_date": "6/6/2024", "commune_code": b, "address": "Số 5"})
    assert since(there) == [("person.left.v1", [])]
    assert since(here)[0][0] == "person.arrived.v1"
    assert since(elsewhere) == []
    assert since(whole) == [("person.changed.v1", ["permanent_unit"])]
    left = pulled(there, "")["events"][-1]
    assert b not in json.dumps(left["data"]) and set(left["data"]) == {"person"}

    record.send("death", who | {"death_date": "20/6/2024"})
    assert since(here) == [("person.changed.v1", ["life_status"])]
    assert [since(r) for r in (there, elsewhere, only_name)][:2] == [[], []]


def test_two_partners_cannot_find_out_that_they_mean_the_same(
    people: RegisterSite, record: Recorder
) -> None:
    units = [*people.communes[3:9]]
    one, two = subscribed(units)[0], subscribed(units)[0]
    who = person(people, *people.communes[3:9])
    citizen = who.pop("citizen")
    record.send("death", who | {"death_date": "19/6/2024"})
    mine, yours = pulled(one), pulled(two)
    assert len(mine["events"]) == len(yours["events"]) == 1
    shared = _strings(mine) & _strings(yours)
    shared -= {"1.0", "/dancu/feed", "application/json", "vn.dancu.person.changed.v1", *FIELDS}
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:00:00\+00:00", text) for text in shared)
    whole = json.dumps(mine)
    assert citizen not in whole and citizen.replace("-", "") not in whole
    event = mine["events"][0]
    assert event == told(one)[0], "read again, it is the same under the same id"
    assert str(pairwise.citizen(one.client_id, event["subject"])) == citizen
    assert str(pairwise.citizen(two.client_id, event["subject"])) != citizen
    refused = pulled(two, mine["next"], status=422)
    assert refused["errors"][0]["field"] == "cursor"


def _strings(found: Any) -> set[str]:
    if isinstance(found, dict):
        return set().union(*map(_strings, found.values()))
    if isinstance(found, list):
        return set().union(*map(_strings, found)) if found else set()
    return {found} if isinstance(found, str) else set()


def test_identifiers_survive_a_merge_and_a_split(
    people: RegisterSite, record: Recorder, account: Callable[..., Any]
) -> None:
    from dancu.platform.duplicates import services as judging  # noqa: F401 the verdict comes as an event below

    unit = people.communes[0]
    row, _ = subscribed([unit])
    born = {"birth_date": "3/6/2024", "sex": "Nam", "commune_code": unit, "address": "Số 9"}
    (one,) = record.send("birth", born | {"full_name": "Lò Văn Tách", "mother_name": "Vi Thị Sáng"})
    (two,) = record.send(
        "birth", born | {"full_name": "Quàng Đức Nhập", "mother_name": "Hà Thị Lụa"}
    )
    mark = pulled(row)["next"]
    _judge(people, one, two, "same")
    names = {c: pairwise.of(row.client_id, c) for c in (one, two)}
    merged = [e["data"] for e in told(row, mark) if e["type"].endswith("person.merged.v1")]
    assert [{d["person"], d["into"]} for d in merged] == [set(names.values())]
    mark = pulled(row, mark)["next"]
    _judge(people, one, two, "withdrawn")
    kinds = {(e["type"], e["subject"]) for e in told(row, mark)}
    assert ("vn.dancu.person.split.v1", merged[0]["person"]) in kinds


def _judge(people: RegisterSite, one: str, two: str, verdict: str) -> None:
    from dancu.platform.events.writer import desk
    from dancu.store.register.told import Answer, Incoming

    records = [
        people.ask(
            "SELECT min(s.record_id) FROM register.standard s JOIN register.record r USING (record_id)"
            " JOIN register.event e ON e.event_no = r.event_no WHERE e.result -> 'citizens' ? %s", c,
        )[0][0] for c in (one, two)
    ]  # fmt: skip
    answer = Answer(min(records), max(records), verdict, "thử")
    event = Incoming(
        "test", f"{one} {verdict}", "judgement", "test", verdict.encode(), judgement=answer
    )
    desk().send(event).result(60)


def test_a_person_is_told_of_while_the_consent_stands(
    people: RegisterSite, record: Recorder
) -> None:
    from uuid import uuid4

    from tests.web import consents

    from dancu.platform.consent import services as consent

    row, _ = subscribed(["24"], purpose="bank", allowed=["full_name", "sex"])
    two = [person(people, *people.communes[10:30], n=n) for n in (0, 1)]
    citizens = [who.pop("citizen") for who in two]
    text = consent_texts.get("bank", on=timezone.localdate()).version
    asked = {"citizen_id": citizens[0], "purpose": "bank", "partner": row.client_id, "seen": text}
    with consents.citizen(citizens[0]) as me:
        made = consent.grant(**asked, by=me, at=timezone.now(), event_id=uuid4())
    for who in two:
        record.send("correction", who | {"full_name": who["full_name"].split()[0] + " Thị Mới"})
    assert {e["subject"] for e in told(row)} == {pairwise.of(row.client_id, citizens[0])}
    with consents.citizen(citizens[0]) as me:
        consent.withdraw(consent_no=made.consent_no, by=me, at=timezone.now(), event_id=uuid4())
    assert told(row) == [], "not even of what changed before"


def test_a_value_is_told_only_where_the_purpose_gives_it_and_each_time_it_is_a_look(
    people: RegisterSite, record: Recorder, inbox: Receiver
) -> None:
    allowed = ["full_name", "life_status", "permanent_unit"]
    gives, _ = subscribed(["24"], purpose="procedure", allowed=allowed, values=True, url=inbox.url)
    never, _ = subscribed(["24"], purpose="benefit", allowed=allowed, values=True)
    who = person(people, *people.communes[10:30])
    citizen = who.pop("citizen")
    record.send("death", who | {"death_date": "14/6/2024"})

    def looks() -> list[Any]:
        return people.ask(
            "SELECT by, partner, channel, purpose, fields FROM register.access_log WHERE citizen_id = %s"
            " AND channel = 'feed' ORDER BY access_no", citizen,
        )  # fmt: skip

    ((event, silent),) = zip(told(gives), told(never), strict=True)
    assert event["data"]["values"] == {"life_status": "2"} and "values" not in silent["data"]
    line = (gives.client_id, gives.client_id, "feed", "procedure", ["life_status"])
    assert looks() == [line]
    inbox.behave = lambda event: 500
    delivering.deliver(gives.pk)
    assert looks() == [line] * 2 and inbox.events[0]["data"]["values"] == {"life_status": "2"}
    Subscriber.objects.using("owner").filter(pk=gives.pk).update(url="http://127.0.0.1:9/x")
    ripe(gives)
    delivering.deliver(gives.pk)
    assert looks() == [line] * 2, "who cannot be reached has seen nothing"


def test_identifiers_that_leave_are_a_bulk_read_that_the_person_can_find(
    people: RegisterSite, record: Recorder
) -> None:
    from dancu.platform.ledger import bulk

    units = [*people.communes[10:30]]
    row, _ = subscribed(units)
    who = person(people, *units)
    citizen = who.pop("citizen")
    record.send("death", who | {"death_date": "18/6/2024"})
    before = len(bulk.of(citizen_id=citizen, using="owner"))
    assert told(row)
    last, *_ = bulk.of(citizen_id=citizen, using="owner")
    assert len(bulk.of(citizen_id=citizen, using="owner")) == before + 1
    assert (last.partner, last.purpose, last.what) == (row.client_id, "benefit", "feed")


def test_a_page_at_a_time_gives_the_same_as_all_at_once(people: RegisterSite) -> None:
    row, _ = services.do_subscribe(
        client_id=partner("all", units=["24"]), purpose="benefit", fields=(), values=False, url="",
        by="test", from_start=True,
    )  # fmt: skip
    whole, pages, cursor = told(row), [], ""
    while True:
        page = pulled(row, cursor, most=2)
        pages, cursor = pages + page["events"], page["next"]
        if not page["more"]:
            break
    assert pages == whole and len(whole) > 4
    assert len({e["id"] for e in whole}) == len(whole)


def test_who_has_no_token_or_no_subscription_reads_nothing(people: RegisterSite) -> None:
    from django.test import Client

    from dancu.platform.partners.models import Partner

    assert Client().get("/api/v1/feed").status_code == 401
    assert Client().get("/api/v1/feed", headers={"authorization": "Bearer x"}).status_code == 401
    name = partner("no-subscription", units=["24"])
    assert Client().get("/api/v1/feed", headers=token(name)).status_code == 403
    row, _ = subscribed([people.communes[0]])
    own = token(row.client_id)
    assert Client().get("/api/v1/feed", headers=own).status_code == 200
    for wrong in ("most=0", "most=501", "most=x", "cursor=zz", "cursor=" + "0" * 32):
        assert Client().get(f"/api/v1/feed?{wrong}", headers=own).status_code == 422, wrong
    Partner.objects.using("gate").filter(client_id=row.client_id).update(purposes={"exam": ["sex"]})
    assert Client().get("/api/v1/feed", headers=own).status_code == 403
    Partner.objects.using("gate").filter(client_id=row.client_id).update(active_to=dt.date(2024, 2, 1))  # fmt: skip
    assert Client().get("/api/v1/feed", headers=own).status_code == 401
