"""Events on forms: every kind once, what is wrong stays in the form, one entry however often sent, taken back again."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from tests.web.register import RegisterSite
from tests.web.test_events_api import GOOD

from dancu.engine.events import entered
from dancu.platform.events import kinds, writer

ROLE = {"civil_status": "justice_officer", "residence_moves": "commune_police", "cards": "id_officer"}  # fmt: skip
ALIVE = (
    "life_status = '1' AND personal_number IS NOT NULL AND birth_date IS NOT NULL AND sex IS NOT NULL"
    " AND event_no IS NULL"
)


@pytest.fixture(scope="module")
def people(register_site: RegisterSite) -> Iterator[RegisterSite]:
    yield register_site
    writer.close()


def text(answer: Any) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


def hidden(answer: Any) -> dict[str, str]:
    """The hidden fields of a page, as a browser would send them."""
    body = answer.content.decode()
    found = re.findall(r"<input type=\"hidden\" name=\"(\w+)\" value=\"([^\"]*)\"", body)
    return {name: html.unescape(value) for name, value in found if name != "next"}


def somebody(site: RegisterSite, n: int, which: str = "true") -> tuple[str, str]:
    """A living person and its commune; a different one for each n."""
    return tuple(
        str(v) for v in site.ask(
            f"SELECT citizen_id, unit_code FROM register.person WHERE {ALIVE} AND unit_code IS NOT NULL AND {which}"
            " ORDER BY md5(personal_number) LIMIT 1 OFFSET %s", n,
        )[0]
    )  # type: ignore[return-value]  # fmt: skip


@pytest.mark.parametrize("kind", [k for k in GOOD if k != "birth"])
def test_every_kind_is_recorded_about_a_person_of_the_register(
    client_as: Callable[..., Any], people: RegisterSite, kind: str
) -> None:
    citizen, unit = somebody(people, 0)
    client = client_as(ROLE.get(entered.forms()[kind].source, "commune_police"), unit=unit)
    address = f"/su-kien/ghi/{kind}/{citizen}/"
    data = dict(GOOD[kind])
    if kind == "move":
        data |= {"commune_code": unit}
    if kind == "name_correction":
        data |= {"full_name": "Tên Mới Đổi"}
    if kind in ("number_correction", "number_reestablished"):
        data |= {"personal_number": "924 099 123 456"}
    if kind == "correction":
        data |= {"full_name": "Tên Đã Sửa"} if "full_name" not in known(client, address) else {}
    form = client.get(address)
    assert form.status_code == 200 and kinds.law_of(kind) in text(form)
    check = client.post(address, data | hidden(form))
    assert check.status_code == 200, text(check)[-900:]
    assert "Xem lại trước khi ghi" in text(check)
    done = client.post(address, hidden(check) | {"step": "record"})
    assert done.status_code == 302, text(done)[-900:]
    told = client.get(done["Location"])
    assert "Đã ghi sự kiện" in text(told) and f"/nguoi/{citizen}/" in told.content.decode()
    number = int(re.search(r"/da-ghi/(\d+)/", done["Location"])[1])  # type: ignore[index]
    ((recorded, result),) = people.ask(
        "SELECT recorded_by, result FROM register.event WHERE event_no = %s", number
    )
    assert recorded == client.user.username and citizen in result["citizens"]


def known(client: Any, address: str) -> str:
    return "" if 'name="full_name"' in client.get(address).content.decode() else "full_name"


def test_a_birth_on_an_empty_form_makes_a_person_and_shows_what_was_repaired(
    client_as: Callable[..., Any], people: RegisterSite
) -> None:
    unit = people.communes[0]
    client = client_as("justice_officer", unit=unit)
    form = client.get("/su-kien/ghi/birth/")
    data = {
        "full_name": "  lò THỊ  mới sinh ",
        "sex": "Nữ",
        "birth_date": "3.6.2024",
        "commune_code": unit,
    }
    check = client.post("/su-kien/ghi/birth/", data | hidden(form))
    assert "Lò Thị Mới Sinh" in text(check) and "03/06/2024" in text(check)
    assert "Sẽ lập hồ sơ mới" in text(check)
    done = client.post("/su-kien/ghi/birth/", hidden(check) | {"step": "record"})
    assert "Đã lập hồ sơ mới: Lò Thị Mới Sinh" in text(client.get(done["Location"]))


def test_what_cannot_be_read_is_told_at_its_field_and_nothing_typed_is_lost(
    client_as: Callable[..., Any], people: RegisterSite
) -> None:
    client = client_as("justice_officer", unit=people.communes[0])
    form = client.get("/su-kien/ghi/death/")
    data = {
        "full_name": "Vi Văn An",
        "death_date": "31/2/2024",
        "personal_number": "9240990",
        "note": "<b>ốm</b>",
    }
    answer = client.post("/su-kien/ghi/death/", data | hidden(form))
    body = answer.content.decode()
    assert (
        answer.status_code == 422
        and 'href="#id_death_date"' in body
        and 'href="#id_personal_number"' in body
    )
    assert all(html.escape(v) in body for v in data.values())
    assert hidden(answer)["entry"] == hidden(form)["entry"]


def test_an_entry_sent_twice_is_one_event(
    client_as: Callable[..., Any], people: RegisterSite
) -> None:
    citizen, unit = somebody(people, 40)
    client = client_as("justice_officer", unit=unit)
    address = f"/su-kien/ghi/death/{citizen}/"
    sent = hidden(client.get(address)) | {"death_date": "5/6/2024", "step": "record"}
    first, second = client.post(address, sent), client.post(address, sent)
    assert first.status_code == second.status_code == 302
    assert first["Location"] == second["Location"]
    other = client.post(address, sent | {"death_date": "6/6/2024"})
    assert other.status_code == 422 and "đã ghi một lần" in text(other)
    back = client.post(address, sent | {"step": "edit"})
    assert back.status_code == 200 and "5/6/2024" in back.content.decode()


def test_about_people_elsewhere_an_officer_records_only_what_brings_them_here(
    client_as: Callable[..., Any], people: RegisterSite
) -> None:
    citizen, theirs = somebody(people, 41)
    mine = next(c for c in people.communes if c != theirs)
    police = client_as("commune_police", unit=mine)
    name, number = people.ask(
        "SELECT full_name, personal_number FROM register.person WHERE citizen_id = %s", citizen
    )[0]
    assert police.get(f"/su-kien/ghi/absence/{citizen}/").status_code == 404
    who = {"full_name": name, "personal_number": number}
    absence = hidden(police.get("/su-kien/ghi/absence/")) | who | {"event_date": "1/6/2024"}
    refused = police.post("/su-kien/ghi/absence/", absence)
    assert refused.status_code == 422 and "thuộc đơn vị khác" in text(refused)
    move = (
        hidden(police.get("/su-kien/ghi/move/"))
        | who
        | {"event_date": "1/6/2024", "commune_code": mine}
    )
    check = police.post("/su-kien/ghi/move/", move | {"address": "Số 1"})
    assert check.status_code == 200 and "Một người thuộc đơn vị khác" in text(check)
    done = police.post("/su-kien/ghi/move/", hidden(check) | {"step": "record"})
    assert done.status_code == 302
    assert people.ask("SELECT unit_code FROM register.person WHERE citizen_id = %s", citizen) == [(mine,)]  # fmt: skip


def test_kinds_belong_to_offices(client_as: Callable[..., Any], people: RegisterSite) -> None:
    clients = {
        role: client_as(role) for role in ("justice_officer", "commune_police", "id_officer")
    }
    assert clients["justice_officer"].get("/su-kien/ghi/birth/").status_code == 200
    assert clients["commune_police"].get("/su-kien/ghi/birth/").status_code == 403
    assert clients["commune_police"].get("/su-kien/ghi/death/").status_code == 200
    assert clients["id_officer"].get("/su-kien/ghi/move/").status_code == 403
    assert clients["id_officer"].get("/su-kien/ghi/khong-co/").status_code == 404
    listed = text(clients["justice_officer"].get("/su-kien/"))
    assert "Khai tử" in listed and "Luật Hộ tịch" in listed and "tạm trú" not in listed


def test_an_event_is_taken_back_while_nothing_stands_on_it(
    client_as: Callable[..., Any], people: RegisterSite
) -> None:
    citizen, unit = somebody(people, 42)
    row = "SELECT life_status, death_date, n_records FROM register.person WHERE citizen_id = %s"
    before = people.ask(row, citizen)
    client, other = client_as("justice_officer", unit=unit), client_as("justice_officer", unit=unit)
    address = f"/su-kien/ghi/death/{citizen}/"
    places = [
        client.post(address, hidden(client.get(address)) | {"death_date": f"{d}/6/2024", "step": "record"})["Location"]
        for d in (5, 6)
    ]  # fmt: skip
    assert people.ask(row, citizen) != before
    assert other.get(places[0]).status_code == 404
    assert other.post(f"{places[0]}rut-lai/").status_code == 404
    client.post(f"{places[0]}rut-lai/")
    assert "dựa vào sự kiện này" in text(client.get(places[0]))
    for place in reversed(places):
        assert client.post(f"{place}rut-lai/").status_code == 302
    assert people.ask(row, citizen) == before
    assert "Đã rút lại sự kiện" in text(client.get(places[0]))
    assert text(client.get("/su-kien/da-ghi/")).count("đã rút lại") == 2


def test_a_look_at_a_person_leaves_a_trace_and_masks_the_number(
    client_as: Callable[..., Any], people: RegisterSite
) -> None:
    citizen, unit = somebody(people, 43)
    client = client_as("justice_officer", unit=unit)
    count = "SELECT count(*) FROM register.access_log WHERE citizen_id = %s AND by = %s"
    page = client.get(f"/su-kien/ghi/death/{citizen}/")
    assert people.ask(count, citizen, client.user.username)[0][0] == 1
    ((number,),) = people.ask(
        "SELECT personal_number FROM register.person WHERE citizen_id = %s", citizen
    )
    assert number not in page.content.decode() and number[:3] + "•••••" in page.content.decode()


def test_keys_are_made_shown_once_and_revoked_by_the_administrator(
    client_as: Callable[..., Any], account: Callable[..., Any]
) -> None:
    admin, owner = client_as("administrator"), account()
    sent = {"name": "Bệnh viện tỉnh", "username": owner.username, "kinds": ["birth", "death"], "units": "07204",
            "days": "30", "a_minute": "60"}  # fmt: skip
    wrong = admin.post("/quan-tri/khoa-api/moi/", sent | {"units": "99999"})
    assert wrong.status_code == 422 and "Bệnh viện tỉnh" in wrong.content.decode()
    made = admin.post("/quan-tri/khoa-api/moi/", sent)
    secret = re.search(r"dancu_[\w-]{40,}", made.content.decode())[0]  # type: ignore[index]
    listed = admin.get("/quan-tri/khoa-api/")
    assert secret not in listed.content.decode() and "Khai tử" in text(listed)
    number = re.search(r"/khoa-api/(\d+)/thu-hoi/", listed.content.decode())[1]  # type: ignore[index]
    assert admin.get("/api/openapi.json").status_code == 200
    from django.test import Client

    head = {"authorization": f"Bearer {secret}"}
    assert Client().get("/api/outbox", headers=head).status_code == 200
    assert (
        admin.post(f"/quan-tri/khoa-api/{number}/thu-hoi/", {"reason": "hết hợp tác"}).status_code
        == 302
    )
    assert Client().get("/api/outbox", headers=head).status_code == 401
