"""Partners as the administrator registers them, and what looks odd in how they ask."""

from __future__ import annotations

import datetime as dt
import html
import json
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from joserfc.jwk import OKPKey
from tests.web.register import RegisterSite
from tests.web.test_verify_api import claims, someone
from tests.web.verify import partner

from dancu.platform.partners import services, watch

NOW = dt.datetime(2026, 3, 3, 4, 0, tzinfo=dt.UTC)


def text(answer: Any) -> str:
    return html.unescape(answer.content.decode())


def form(**changed: str) -> dict[str, Any]:
    key = OKPKey.generate_key("Ed25519", private=True).as_dict(private=False)
    told = {"client_id": "benh-vien-1", "name_vi": "Bệnh viện 1", "purposes": ["health_care"],
            "fields_only": "full_name", "units": "*", "jwks": json.dumps({"keys": [key]}),
            "a_minute": "60", "a_day": "1000", "a_subject_day": "5",
            "requires_officer": "on"}  # fmt: skip
    return told | changed


def test_the_administrator_registers_suspends_and_resumes(
    client_as: Callable[..., Any], register_site: RegisterSite
) -> None:
    client = client_as("administrator")
    answer = client.post("/quan-tri/doi-tac/moi/", form(), follow=True)
    assert answer.status_code == 200 and "Bệnh viện 1" in text(answer) and "Đang hoạt động" in text(answer)  # fmt: skip
    assert "Bệnh viện 1" in text(client.get("/quan-tri/doi-tac/"))
    client.post("/quan-tri/doi-tac/benh-vien-1/dung/", {"why": "hết hợp đồng"})
    assert "hết hợp đồng" in text(client.get("/quan-tri/doi-tac/benh-vien-1/"))
    client.post("/quan-tri/doi-tac/benh-vien-1/dung/", {"why": "ký lại hợp đồng"})
    done = register_site.ask(
        "SELECT what, by FROM partners_change WHERE client_id = 'benh-vien-1' ORDER BY id"
    )
    assert done == [(w, client.user.username) for w in ("registered", "suspended", "resumed")]
    assert client.post("/quan-tri/doi-tac/moi/", form()).status_code == 422  # the code is taken


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"jwks": '{"keys": [{"kty": "OKP", "crv": "Ed25519", "x": "a", "d": "b"}]}'}, "công khai"),
        ({"jwks": '{"keys": [{"kty": "oct", "k": "abc"}]}'}, "OKP"),
        ({"jwks": "["}, "JWKS"), ({"jwks": ""}, "Cần khoá công khai"), ({"certificate": "abc"}, "Vân tay"),
        ({"units": "99999"}, "đơn vị trong ngày"), ({"fields_only": "phone"}, "Ngoài phạm vi"),
        ({"purposes": "residence"}, "residence"), ({"client_id": "có dấu"}, "error-summary"),
    ],
)  # fmt: skip
def test_what_cannot_be_registered(
    client_as: Callable[..., Any], register_site: RegisterSite, changed: dict[str, str], said: str
) -> None:
    del register_site
    answer = client_as("administrator").post("/quan-tri/doi-tac/moi/", form(client_id="x-1") | changed)  # fmt: skip
    assert answer.status_code == 422 and said in text(answer)


def test_receipts_of_a_day_are_listed_without_whom_they_are_about(
    client_as: Callable[..., Any], register_site: RegisterSite
) -> None:
    asker, person = partner(), someone(register_site)
    token = asker.token()
    found = asker.ask(token, number=person["personal_number"], claims=claims(person)).json()
    vain = asker.ask(token, number="924099999999", claims=claims(person)).json()
    page = text(client_as("administrator").get(f"/quan-tri/doi-tac/{asker.client_id}/"))
    assert found["receipt"] in page and vain["receipt"] in page
    assert person["citizen_id"] not in page and person["full_name"] not in page
    unit = register_site.communes[0]
    for path in ("/quan-tri/doi-tac/", f"/quan-tri/doi-tac/{asker.client_id}/"):
        assert client_as("commune_police", unit=unit).get(path).status_code == 403


# --- what looks odd -------------------------------------------------------------------------------------------------


def used(site: RegisterSite, client: str, hour: dt.datetime, **counted: int) -> None:
    with psycopg.connect(site.dsn) as con:
        for outcome, n in counted.items():
            con.execute(
                "INSERT INTO partners_usage (client_id, hour, outcome, n) VALUES (%s, %s, %s, %s)",
                [client, hour, outcome, n],
            )  # fmt: skip


def kinds(site: RegisterSite, client: str) -> list[str]:
    rows = site.ask("SELECT kind FROM partners_flag WHERE client_id = %s ORDER BY kind", client)
    return [kind for (kind,) in rows]


def is_stopped(site: RegisterSite, client: str) -> bool:
    ((at,),) = site.ask("SELECT suspended_at FROM partners_partner WHERE client_id = %s", client)
    return at is not None


@pytest.mark.parametrize(
    ("counted", "expected", "stopped"),
    [
        ({"confirmed": 900, "not_identified": 60}, [], False),
        ({"confirmed": 20, "not_identified": 25}, [], False),
        ({"confirmed": 20, "not_identified": 60}, ["vain"], False),
        ({"confirmed": 20, "not_identified": 600}, ["vain"], True),
    ],
)
def test_many_questions_about_nobody(
    register_site: RegisterSite, counted: dict[str, int], expected: list[str], stopped: bool
) -> None:
    client = partner().client_id
    used(register_site, client, NOW.replace(minute=0), **counted)
    watch.look(at=NOW)
    watch.look(at=NOW)
    assert kinds(register_site, client) == expected and is_stopped(register_site, client) is stopped


def test_nights_are_told(register_site: RegisterSite) -> None:
    night, day = partner().client_id, partner().client_id
    used(register_site, night, NOW.replace(hour=18), confirmed=150)  # one o'clock in Viet Nam
    used(register_site, day, NOW.replace(hour=3), confirmed=150)  # ten in the morning
    watch.look(at=NOW + dt.timedelta(hours=16))
    assert (kinds(register_site, night), kinds(register_site, day)) == (["night"], [])


def test_numbers_counted_through_stop_the_partner(register_site: RegisterSite) -> None:
    few, many = partner(), partner()
    for asker, n in ((few, 9), (many, 55)):
        token = asker.token()
        for place in range(n):
            asker.ask(token, number=f"924099888{place:03d}", claims={"full_name": "Trần Quốc Mẫu"})
    at = dt.datetime.now(tz=dt.UTC) + dt.timedelta(seconds=5)
    watch.look(at=at)
    assert "counted" not in kinds(register_site, few.client_id)
    assert "counted" in kinds(register_site, many.client_id)
    assert is_stopped(register_site, many.client_id) and many.log_in().status_code == 401


def test_an_auditor_sees_what_is_odd_and_may_stop_the_partner(
    client_as: Callable[..., Any], register_site: RegisterSite
) -> None:
    asker, person = partner(), someone(register_site, 9)
    others = [partner() for _ in range(watch.MANY_ASKERS - 1)]
    for one in (asker, *others):
        one.ask(one.token(), number=person["personal_number"], claims=claims(person))
    watch.look(at=dt.datetime.now(tz=dt.UTC) + dt.timedelta(seconds=5))
    auditor = client_as("auditor")
    assert asker.client_id in text(auditor.get("/quan-tri/doi-tac/bat-thuong/"))
    ((number,),) = register_site.ask(
        "SELECT id FROM partners_flag WHERE client_id = %s AND kind = 'many_askers'",
        asker.client_id,
    )
    auditor.post(f"/quan-tri/doi-tac/bat-thuong/{number}/da-xem/", {"suspend": "1"})
    assert is_stopped(register_site, asker.client_id)
    assert services.do_suspend(client_id=asker.client_id, by="x", why="lần nữa") is False
    assert client_as("administrator").get("/quan-tri/doi-tac/bat-thuong/").status_code == 403
