"""The API of events: good and bad CloudEvents, once and again, alone and in batches, with keys that open so much."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from tests.web.register import RegisterSite

from dancu.engine.events import entered
from dancu.platform.events import limits, writer

STRUCTURED = S = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"
GOOD: dict[str, dict[str, str]] = {
    "birth": {"full_name": "lò thị  hạnh an", "sex": "nữ", "birth_date": "1/6/2024"},
    "death": {"death_date": "20-06-2024"},
    "marriage": {"spouse_name": "Vi Thị Sáng", "marriage_date": "1/6/2024"},
    "divorce": {"event_date": "1/6/2024"},
    "name_correction": {"event_date": "2/6/2024"},
    "date_correction": {"birth_date": "2/3/1980"},
    "number_correction": {},
    "number_cancelled": {},
    "number_reestablished": {},
    "card_issued": {"card_issued": "3/6/2024"},
    "card_lost": {"event_date": "4/6/2024"},
    "card_found": {"event_date": "5/6/2024"},
    "move": {"event_date": "6/6/2024", "address": "Số 5", "commune_code": "07204"},
    "residence_cancelled": {"event_date": "7/6/2024"},
    "temporary_residence": {"event_date": "8/6/2024", "current_address": "Phường Trần Phú, Thành phố Bắc Giang"},
    "absence": {"event_date": "9/6/2024"},
    "correction": {"phone": "0912 345 678"},
}  # fmt: skip


@pytest.fixture(scope="module")
def site_with_people(register_site: RegisterSite) -> Iterator[RegisterSite]:
    yield register_site
    writer.close()


@pytest.fixture
def partner(site_with_people: RegisterSite, account: Callable[..., Any]) -> Callable[..., Any]:
    """``partner(kinds=[…], units=["24"])``: a caller with a fresh key; ``.send(event)`` posts it."""
    from dancu.platform.events import keys

    del site_with_people

    def make(*, kinds: Any = tuple(GOOD), units: Any = ("24",), a_minute: int = 5000) -> Partner:
        made = keys.do_make(
            user=account(), name="Bệnh viện thử", kinds=kinds, units=units, days=9, by="test", a_minute=a_minute
        )  # fmt: skip
        return Partner(made.secret, made.key)

    return make


class Partner:
    def __init__(self, secret: str, key: Any) -> None:
        self.client, self.key, self.secret = Client(), key, secret
        self.head = {"authorization": f"Bearer {secret}"}

    def send(self, event: Any, media: str = STRUCTURED, **head: str) -> Any:
        body = event if isinstance(event, (bytes, str)) else json.dumps(event)
        return self.client.post("/api/events", body, content_type=media, headers=self.head | head)

    def citizen(self, identifier: str) -> str:
        """The register's identifier behind one that this system was told."""
        from dancu.platform.feed import pairwise

        return str(pairwise.citizen(f"account:{self.key.user_id}", identifier))

    def get(self, path: str) -> Any:
        return self.client.get(path, headers=self.head)


def event(kind: str, data: Any, id: str = "1", **more: Any) -> dict[str, Any]:
    names = {"specversion": "1.0", "id": id, "source": "/bv", "type": f"vn.dancu.{kind}.v1"}
    return {**names, "data": data, **more}


def person(site: RegisterSite, n: int, unit: int = 3) -> dict[str, str]:
    """Name, number, birth date and sex of somebody, as a clerk would type them."""
    name, number, born, sex = site.ask(
        "SELECT full_name, personal_number, to_char(birth_date, 'DD/MM/YYYY'), sex FROM register.person"
        " WHERE unit_code = ANY(%s) AND personal_number IS NOT NULL AND birth_date IS NOT NULL AND life_status = '1'"
        " ORDER BY person_id LIMIT 1 OFFSET %s", [*site.communes[unit:80]], n,
    )[0]  # fmt: skip
    told = {"full_name": name, "personal_number": number, "birth_date": born}
    return told | {"sex": {"1": "Nam", "2": "Nữ"}[sex]}


def told_of(site: RegisterSite, kind: str, n: int) -> dict[str, str]:
    roles = entered.forms()[kind].roles
    known = {} if kind == "birth" else {k: v for k, v in person(site, n).items() if k in roles}
    return known | GOOD[kind]


@pytest.mark.parametrize("kind", GOOD)
def test_every_kind_is_taken_in_once(
    partner: Callable[..., Any], register_site: RegisterSite, kind: str
) -> None:
    one, data = partner(), told_of(register_site, kind, [*GOOD].index(kind))
    first = one.send(event(kind, data, time="2024-06-21T08:00:00+07:00"))
    assert first.status_code == 201, first.content.decode()
    made = first.json()
    assert made["new"] and len(made["citizens"]) >= 1
    again = one.send(event(kind, data, time="2024-06-21T08:00:00+07:00"))
    assert (again.status_code, again.json()["event_no"]) == (200, made["event_no"])
    other = one.send(
        event(
            kind,
            data | {"note" if "note" in entered.forms()[kind].roles else "full_name": "Khác Đi"},
        )
    )
    assert other.status_code == 409 and "Khác" not in other.content.decode()
    status = one.get(f"/api/events/{made['event_no']}").json()
    assert status["type"] == f"vn.dancu.{kind}.v1" and status["source"] == "/bv"
    assert status["time"].startswith("2024-06-21T01:00:00")


def test_the_table_covers_every_kind() -> None:
    assert [*GOOD] == [*entered.forms()]


BAD: list[tuple[str, Any, str, int, list[tuple[str, str]]]] = [
    ("not JSON", b"{", S, 400, []),
    ("not UTF-8", b'{"id": "\xff"}', S, 400, []),
    ("another media type", b"{}", "text/plain", 415, []),
    ("JSON without ce- headers", b"{}", "application/json", 415, []),
    ("a batch that is no list", b"{}", BATCH, 400, []),
    ("a list that is no batch", b"[]", S, 422, [("event", "not_text")]),
    ("no attributes", {}, S, 422,
     [("id", "missing"), ("source", "missing"), ("type", "missing"), ("specversion", "not_in_list")]),
    ("an older version", event("death", {}) | {"specversion": "0.3"}, S, 422, [("specversion", "not_in_list")]),
    ("a type of somebody else", event("death", {}) | {"type": "com.example.x"}, S, 422, [("type", "not_in_list")]),
    ("a time without a zone", event("death", {}, time="2024-06-21T08:00:00"), S, 422, [("time", "not_a_time")]),
    ("a time that never was", event("death", {}, time="2024-13-21T08:00:00Z"), S, 422, [("time", "not_a_time")]),
    ("data that is a text", event("death", "x"), S, 422, [("data", "not_fields")]),
    ("nothing that is needed", event("death", {}), S, 422, [("full_name", "missing"), ("death_date", "missing")]),
    ("a field nobody asked", event("death", {"full_name": "Vi Văn An", "death_date": "1/6/2024", "salary": "1"}),
     S, 422, [("salary", "not_asked")]),
    ("a number for a text", event("death", {"full_name": 5, "death_date": "1/6/2024"}), S, 422,
     [("full_name", "not_text")]),
    ("a day that never was", event("death", {"full_name": "Vi Văn An", "death_date": "31/2/2024"}), S, 422,
     [("death_date", "impossible")]),
    ("a day to come", event("death", {"full_name": "Vi Văn An", "death_date": "1/7/2024"}), S, 422,
     [("death_date", "in_future")]),
    ("half a number",
     event("death", {"full_name": "Vi Văn An", "death_date": "1/6/2024", "personal_number": "92409900"}), S, 422,
     [("personal_number", "length")]),
    ("a NUL in a name", event("death", {"full_name": "Vi\x00An", "death_date": "1/6/2024"}), S, 422,
     [("full_name", "control_characters")]),
    ("half a character", b'{"specversion":"1.0","id":"9","source":"/x","type":"vn.dancu.death.v1",'
     b'"data":{"full_name":"\\ud800","death_date":"1/6/2024"}}', S, 422, [("full_name", "control_characters")]),
    ("a subject nobody knows", event("death", {"full_name": "Vi Văn An", "death_date": "1/6/2024"},
     subject="00000000-0000-4000-8000-000000000000"), S, 422, [("subject", "unknown_person")]),
]  # fmt: skip


@pytest.mark.parametrize("why", [row[0] for row in BAD])
def test_a_bad_event_is_told_field_by_field_without_what_it_held(
    partner: Callable[..., Any], why: str
) -> None:
    _, body, media, status, problems = next(row for row in BAD if row[0] == why)
    answer = partner().send(body, media)
    told = answer.json()
    assert (answer.status_code, told["status"]) == (status, status), told
    assert answer["Content-Type"] == "application/problem+json"
    assert [(e["field"], e["reason"]) for e in told.get("errors", [])] == problems
    assert all(e["detail"] and e["detail_en"] for e in told.get("errors", []))
    assert not any(word in answer.content.decode() for word in ("Vi Văn", "92409900", "31/2"))


def test_binary_mode_is_the_same_event(
    partner: Callable[..., Any], register_site: RegisterSite
) -> None:
    one, data = partner(), told_of(register_site, "death", 30)
    head = {
        "ce-specversion": "1.0",
        "ce-id": "nh%E1%BB%8B",
        "ce-source": "/bv",
        "ce-type": "vn.dancu.death.v1",
    }
    first = one.send(data, "application/json", **head)
    assert first.status_code == 201
    again = one.send(event("death", data, "nhị"))
    assert (again.status_code, again.json()["event_no"]) == (200, first.json()["event_no"])


def test_of_a_batch_each_event_is_answered_by_itself(
    partner: Callable[..., Any], register_site: RegisterSite
) -> None:
    one = partner()
    sent = [event("death", told_of(register_site, "death", 31 + n), f"b{n}") for n in range(4)]
    sent[1]["data"]["death_date"] = "mai"
    sent[3]["id"], sent[3]["source"] = "b0", "/bv"
    answer = one.send(sent, BATCH)
    assert answer.status_code == 207
    assert [a["status"] for a in answer.json()] == [201, 422, 201, 409]
    assert answer.json()[1]["problem"]["errors"][0]["field"] == "death_date"
    sent = [sent[0], sent[2]]
    again = one.send(sent, BATCH)
    assert again.status_code == 200 and [a["new"] for a in again.json()] == [False, False]


def test_a_key_opens_its_kinds_and_units_and_no_more(
    partner: Callable[..., Any], register_site: RegisterSite
) -> None:
    data = told_of(register_site, "death", 40)
    wrong_kind = partner(kinds=["birth"]).send(event("death", data))
    assert wrong_kind.status_code == 403
    outside = partner(units=[register_site.communes[0]]).send(event("death", data))
    assert outside.status_code == 403 and outside.json()["type"].endswith("outside")
    ((unit,),) = register_site.ask(
        "SELECT unit_code FROM register.person WHERE personal_number = %s", data["personal_number"]
    )
    assert partner(units=[unit]).send(event("death", data)).status_code == 201
    mover = told_of(register_site, "move", 41) | {"commune_code": register_site.communes[0]}
    assert partner(units=[register_site.communes[0]]).send(event("move", mover)).status_code == 201


def test_a_key_ends_and_nobody_else_has_one(
    partner: Callable[..., Any], register_site: RegisterSite
) -> None:
    from dancu.platform.events import keys

    one = partner()
    assert one.get("/api/outbox").status_code == 200
    assert one.get("/api/openapi.json").status_code == 200
    keys.do_revoke(key=one.key, by="test", reason="hết hợp tác")
    refused = one.get("/api/outbox")
    assert refused.status_code == 401 and "Bearer" in refused["WWW-Authenticate"]
    assert Client().get("/api/outbox", headers={"authorization": "Bearer dancu_x"}).status_code == 401  # fmt: skip
    assert Client().get("/api/outbox").status_code == 401
    stored = register_site.ask("SELECT digest, prefix FROM events_apikey WHERE id = %s", one.key.pk)
    assert one.secret.encode() not in bytes(stored[0][0]) and len(stored[0][1]) < 15


def test_the_outbox_tells_of_the_own_territory_alone(
    partner: Callable[..., Any], register_site: RegisterSite
) -> None:
    """And each system under identifiers of its own: the one that sent the event has them from its answer."""
    all_of_it = partner()
    data = told_of(register_site, "death", 50)
    ((unit,),) = register_site.ask(
        "SELECT unit_code FROM register.person WHERE personal_number = %s", data["personal_number"]
    )
    other = next(c for c in register_site.communes if c != unit)
    readers = {"own": all_of_it, "theirs": partner(units=[unit]), "others": partner(units=[other])}
    lasts = {name: _to_the_end(one) for name, one in readers.items()}
    made = all_of_it.send(event("death", data, "out")).json()
    found = {name: one.get(f"/api/outbox?after={lasts[name]}") for name, one in readers.items()}
    told = {name: [n["data"]["person"] for n in answer.json()] for name, answer in found.items()}
    assert told["own"] == made["citizens"] and len(told["theirs"]) == 1 and told["others"] == []
    assert {n["type"] for n in found["own"].json()} == {"vn.dancu.person.changed.v1"}
    assert not set(told["own"]) & set(told["theirs"])
    assert found["others"]["Dancu-Next"] not in lasts.values()
    assert readers["theirs"].get(f"/api/outbox?after={lasts['own']}").status_code == 422


def _to_the_end(one: Partner) -> str:
    last = ""
    while (answer := one.get(f"/api/outbox?after={last}"))["Dancu-Next"] != last:
        last = answer["Dancu-Next"]
    return last


def test_a_system_means_a_person_by_the_identifier_it_was_given(
    partner: Callable[..., Any], register_site: RegisterSite
) -> None:
    one, other = partner(), partner()
    data = told_of(register_site, "card_lost", 60)
    known = one.send(event("card_lost", data, "s1")).json()["citizens"]
    later = event("card_found", data | {"event_date": "8/6/2024"}, "s2")
    made = one.send(later | {"subject": known[0]})
    assert (made.status_code, made.json()["citizens"]) == (201, known)
    assert other.send(later | {"subject": known[0]}).json()["errors"][0]["field"] == "subject"
    listed = one.get("/api/events").json()["events"]
    assert [e["citizens"] for e in listed] == [known, known]


def test_calls_are_counted_and_the_answer_says_how_many_are_left(
    partner: Callable[..., Any],
) -> None:
    one = partner(a_minute=3)
    left = [one.get("/api/outbox") for _ in range(4)]
    assert [a.status_code for a in left] in ([200, 200, 200, 429], [200] * 4)
    if left[-1].status_code == 429:
        assert left[-1]["Retry-After"] and left[2]["RateLimit-Remaining"] == "0"
    at = 1_000_000.0 * 60
    assert [limits.take("x", 5, 3, now=at).passed for _ in range(2)] == [True, False]
    assert limits.take("x", 5, 3, now=at + 61).passed


def test_late_and_reordered_events_are_put_right_by_their_days(
    partner: Callable[..., Any], register_site: RegisterSite
) -> None:
    """A death sent before the birth, two moves in the wrong order: the same person as in the right order."""
    one, homes = partner(), register_site.communes[:2]
    stories = {
        ("Quàng Văn Thuận", "1/6/2024", "Lường Thị Phúc"): ["birth", "first", "second", "death"],
        ("Hà Công Nghịch", "3/6/2024", "Bế Thu Sương"): ["death", "second", "first", "birth"],
    }
    rows = []
    for (name, day, mother), order in stories.items():
        who = {"full_name": name, "birth_date": day, "sex": "Nam"}
        first = {"event_date": "5/6/2024", "commune_code": homes[0], "address": "Số 1"}
        second = {"event_date": "9/6/2024", "commune_code": homes[1], "address": "Số 2"}
        told = {
            "birth": event("birth", who | {"mother_name": mother}, f"{name} b"),
            "death": event("death", who | {"death_date": "20/6/2024"}, f"{name} d"),
            "first": event("move", who | first, f"{name} 1"),
            "second": event("move", who | second, f"{name} 2"),
        }
        citizens = set()
        for step in order:
            answer = one.send(told[step])
            assert answer.status_code == 201, answer.content.decode()
            citizens |= {one.citizen(c) for c in answer.json()["citizens"]}
        rows += register_site.ask(
            "SELECT unit_code, life_status, death_date, address_head, n_records FROM register.person"
            " WHERE citizen_id = ANY(%s::uuid[])", [*citizens],
        )  # fmt: skip
    assert len(rows) == 2 and rows[0] == rows[1], rows
    assert rows[0][0] == homes[1] and rows[0][1] == "2"


def test_an_officer_records_over_the_api_with_the_token_of_the_page(
    client_as: Callable[..., Any], register_site: RegisterSite
) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client_as("justice_officer", unit=register_site.communes[0]).cookies
    body = json.dumps(event("birth", GOOD["birth"], "o1"))
    assert strict.post("/api/events", body, content_type=STRUCTURED).status_code == 403
    loose = Client()
    loose.cookies = strict.cookies
    assert loose.post("/api/events", body, content_type=STRUCTURED).status_code == 201
    moved = loose.post("/api/events", json.dumps(event("move", GOOD["move"])), STRUCTURED)
    assert moved.status_code == 403
