"""The verification API: who may ask, what is answered and signed, what is logged, and what nobody learns."""

from __future__ import annotations

import base64
import hashlib
import json
import ssl
import statistics
import time
import uuid
from typing import Any
from urllib.parse import quote

import psycopg
import pytest
from joserfc import jws
from joserfc.jwk import KeySet
from tests.web.register import RegisterSite
from tests.web.verify import OFFICER, Asker, partner

GOOD = (
    "personal_number ~ '^9' AND birth_day IS NOT NULL AND full_name IS NOT NULL AND life_status = '1'"
    " AND number_status IS NULL AND card_issued IS NOT NULL"
)


@pytest.fixture(scope="module")
def asker(register_site: RegisterSite) -> Asker:
    del register_site
    return partner(a_minute=100_000, a_day=1_000_000)


@pytest.fixture(scope="module")
def token(asker: Asker) -> str:
    return asker.token()


def someone(site: RegisterSite, n: int = 0, where: str = GOOD, unit: int = 0) -> dict[str, Any]:
    citizen = site.citizen(site.communes[unit], n, where)
    ((row,),) = site.ask("SELECT to_jsonb(p) FROM register.person p WHERE citizen_id = %s", citizen)
    found: dict[str, Any] = row
    return found


def claims(person: dict[str, Any], **changed: str) -> dict[str, str]:
    told = {"full_name": person["full_name"], "birth_date": person["birth_date"]}
    return told | changed


def lines(site: RegisterSite, where: str, *given: Any) -> list[tuple[Any, ...]]:
    return site.ask(
        "SELECT receipt::text, by, partner, officer, channel, purpose, basis, fields, outcome"
        f" FROM register.access_log WHERE {where} ORDER BY access_no", *given,
    )  # fmt: skip


# --- what is answered -----------------------------------------------------------------------------------------------


def test_an_answer_is_signed_and_its_receipt_is_the_line_of_the_log(
    register_site: RegisterSite, asker: Asker, token: str
) -> None:
    person = someone(register_site)
    told = asker.ask(token, number=person["personal_number"], claims=claims(person)).json()
    said = told["answer"]
    assert (
        said["result"] == "confirmed" and said["number"] == "in_force" and said["person"] == "alive"
    )
    assert [a["verdict"] for a in said["attributes"]] == ["match", "match"]
    ((_, by, partner_, officer, channel, purpose, basis, fields, outcome),) = lines(
        register_site, "receipt = %s", told["receipt"]
    )
    assert (by, partner_, channel, purpose) == (asker.client_id, asker.client_id, "api", "health_care")  # fmt: skip
    assert officer == "Nguyễn Thị Mẫu (CB-001)" and "Luật Bảo hiểm y tế" in basis
    assert fields == ["birth_date", "full_name"] and outcome == "compared"
    keys = KeySet.import_key_set(asker.http.get("/api/v1/jwks.json").json())
    checked = jws.deserialize_compact(told["jws"], keys, algorithms=["EdDSA"])
    assert json.loads(checked.payload) == said and said["jti"] == told["receipt"]
    whole = json.dumps(told, ensure_ascii=False)
    assert person["personal_number"] not in whole and person["full_name"] not in whole


def test_an_answer_that_was_changed_does_not_check(
    register_site: RegisterSite, asker: Asker, token: str
) -> None:
    person = someone(register_site)
    signed = asker.ask(token, number=person["personal_number"], claims=claims(person)).json()["jws"]
    head, body, mark = signed.split(".")
    said = json.loads(base64.urlsafe_b64decode(body + "==")) | {"result": "mismatch"}
    other = base64.urlsafe_b64encode(json.dumps(said).encode()).rstrip(b"=").decode()
    keys = KeySet.import_key_set(asker.http.get("/api/v1/jwks.json").json())
    with pytest.raises(Exception, match="bad_signature"):
        jws.deserialize_compact(f"{head}.{other}.{mark}", keys, algorithms=["EdDSA"])


def test_a_card_s_qr_is_enough(register_site: RegisterSite, asker: Asker, token: str) -> None:
    person = someone(register_site)
    year, month, day = person["birth_date"].split("-")
    issued = "".join(reversed(person["card_issued"].split("-")))
    sex = {"1": "Nam", "2": "Nữ"}[person["sex"]]
    qr = f"{person['personal_number']}||{person['full_name']}|{day}{month}{year}|{sex}|Bắc Giang|{issued}"  # fmt: skip
    said = asker.ask(token, qr=qr).json()["answer"]
    told = {a["attribute"]: a["verdict"] for a in said["attributes"]}
    assert told.pop("address") in ("unknown", "mismatch", "match")
    assert told == dict.fromkeys(("full_name", "birth_date", "sex", "card_issued"), "match")
    assert said["card"] in ("valid", "expired")


def test_a_slip_is_told_by_its_class_and_never_by_the_value(
    register_site: RegisterSite, asker: Asker, token: str
) -> None:
    from dancu.lib.text import strip_marks

    person = someone(register_site)
    year, month, day = person["birth_date"].split("-")
    slips = claims(person, full_name=strip_marks(person["full_name"]), birth_date=year)
    answer = asker.ask(token, number=person["personal_number"], claims=slips)
    told = {a["attribute"]: (a["verdict"], a.get("reason")) for a in answer.json()["answer"]["attributes"]}  # fmt: skip
    assert told["birth_date"] == ("close", "year_only")
    assert told["full_name"] in (("close", "no_marks"), ("match", None))
    assert (
        f"{day}/{month}" not in answer.content.decode() and "value" not in answer.content.decode()
    )


def test_a_name_of_before_and_a_home_of_before_are_known(
    register_site: RegisterSite, asker: Asker, token: str
) -> None:
    person = someone(register_site, 3)
    with psycopg.connect(register_site.dsn) as con:
        con.execute(
            "INSERT INTO register.contested (person_id, field, value, reason) VALUES (%s, 'full_name', %s, 'date')",
            [person["person_id"], "Tên Xưa Cũ"],
        )
    said = asker.ask(
        token, number=person["personal_number"], claims=claims(person, full_name="Tên Xưa Cũ")
    ).json()["answer"]
    assert said["attributes"][0] == {"attribute": "full_name", "verdict": "close", "reason": "former_name"}  # fmt: skip


# --- what nobody learns ---------------------------------------------------------------------------------------------


def test_nobody_another_and_out_of_reach_are_answered_alike(register_site: RegisterSite) -> None:
    near, far = register_site.communes[0], register_site.communes[1]
    asker = partner(units=(near,))
    token = asker.token()
    inside, outside = someone(register_site), someone(register_site, unit=1)
    assert far != near
    mine = {"full_name": "Trần Quốc Mẫu", "birth_date": "1900-02-03"}
    asked = {
        "nobody": {"number": "924099999999", "claims": mine},
        "another's name": {"number": inside["personal_number"], "claims": mine},
        "out of reach": {"number": outside["personal_number"], "claims": claims(outside)},
        "out of reach, another's name": {"number": outside["personal_number"], "claims": mine},
    }
    shapes = []
    for body in asked.values():
        answer = asker.ask(token, body)
        told = answer.json()
        said = told["answer"]
        assert uuid.UUID(told["receipt"]) and said.pop("jti") == told["receipt"]
        said.pop("iat")
        shapes.append((answer.status_code, sorted(told), said, len(told["jws"])))
    assert all(shape == shapes[0] for shape in shapes), shapes
    assert shapes[0][2]["result"] == "not_identified"
    right = asker.ask(token, number=inside["personal_number"], claims=claims(inside)).json()
    assert right["answer"]["result"] == "confirmed"


def test_a_look_that_ended_in_nothing_is_a_line_all_the_same(
    register_site: RegisterSite, asker: Asker, token: str
) -> None:
    person = someone(register_site, 1)
    wrong = {"full_name": "Trần Quốc Mẫu", "birth_date": "1900-02-03"}
    receipt = asker.ask(token, number=person["personal_number"], claims=wrong).json()["receipt"]
    ((_, *_, outcome),) = lines(register_site, "receipt = %s", receipt)
    assert outcome in ("compared", "not_identified")
    vain = asker.ask(token, number="924099999998", claims=wrong).json()["receipt"]
    ((by, block, last),) = register_site.ask(
        "SELECT by, block, last_digits FROM lookup.vain WHERE receipt = %s", vain
    )
    assert by == asker.client_id and last == 998 and b"924099999" not in bytes(block)
    assert lines(register_site, "receipt = %s", vain) == []


def test_the_time_tells_nothing_about_who_exists(
    register_site: RegisterSite, asker: Asker, token: str
) -> None:
    """Medians of the same number of questions of both kinds, in turn, so that the machine's moods hit both."""
    numbers = [
        number for (number,) in register_site.ask(
            "SELECT personal_number FROM register.person WHERE personal_number ~ '^9' ORDER BY person_id LIMIT 120"
        )
    ]  # fmt: skip
    wrong = {"full_name": "Trần Quốc Mẫu", "birth_date": "1900-02-03"}
    spent: dict[bool, list[float]] = {True: [], False: []}
    for place, number in enumerate(numbers):
        for exists in (True, False) if place % 2 else (False, True):
            asked = number if exists else f"924098{place:06d}"
            start = time.perf_counter()
            assert asker.ask(token, number=asked, claims=wrong).status_code == 200
            spent[exists].append(time.perf_counter() - start)
    middle = {exists: statistics.median(times) for exists, times in spent.items()}
    spread = statistics.median([abs(t - middle[True]) for t in spent[True]])
    apart = abs(middle[True] - middle[False])
    assert apart < max(0.25 * middle[True], 3 * spread), (middle, spread)


# --- who may ask ----------------------------------------------------------------------------------------------------


def test_an_assertion_opens_once_and_only_its_own(asker: Asker) -> None:
    now = int(time.time())
    assertion = asker.assertion()
    assert asker.log_in(assertion).status_code == 200
    again = asker.log_in(assertion)
    assert again.status_code == 401 and again.json() == {"error": "invalid_client"}
    wrong: list[dict[str, Any]] = [
        {"aud": "https://elsewhere.example/token"}, {"aud": None}, {"exp": now - 120}, {"exp": None},
        {"exp": now + 86_400}, {"iat": now + 3600}, {"iat": now - 86_400}, {"iat": None}, {"jti": None},
        {"jti": ""}, {"jti": 5}, {"iss": "nobody"}, {"sub": "nobody"}, {"exp": "x"}, {"exp": True}, {"aud": 5},
    ]  # fmt: skip
    for changed in wrong:
        assert asker.log_in(asker.assertion(**changed)).status_code == 401, changed
    other = partner()
    stolen = Asker(asker.client_id, other.key, asker.http)
    assert stolen.log_in().status_code == 401
    head = base64.urlsafe_b64encode(b'{"alg":"none"}').rstrip(b"=").decode()
    body = asker.assertion().split(".")[1]
    for forged in (f"{head}.{body}.", "", "a.b.c", "x" * 9000, f"{head}.{body}.AAAA"):
        assert asker.log_in(forged or "x").status_code == 401


def test_a_token_is_for_the_purposes_asked_for_alone(
    asker: Asker, register_site: RegisterSite
) -> None:
    person = someone(register_site)
    assert asker.log_in(scope="residence").json() == {"error": "invalid_scope"}
    assert asker.log_in(scope="health_care").json()["scope"] == "health_care"
    assert asker.log_in(grant_type="password").json() == {"error": "unsupported_grant_type"}
    token = asker.token()
    for purpose in ("exam", "residence", "nothing", 5, None):
        answer = asker.ask(token, purpose=purpose, number=person["personal_number"], claims=claims(person))  # fmt: skip
        assert answer.status_code == 403, purpose
    for bad in ("", "x" * 43, "dancu_" + "x" * 43):
        assert asker.ask(bad, number=person["personal_number"]).status_code == 401


def test_a_certificate_counts_only_from_the_proxy(
    monkeypatch: pytest.MonkeyPatch, register_site: RegisterSite
) -> None:
    del register_site
    from django.conf import settings
    from django.test import Client

    mark = "ab" * 32
    asker = partner(certificate=":".join(mark[i : i + 2].upper() for i in range(0, 64, 2)))
    form = {"grant_type": "client_credentials", "client_id": asker.client_id}
    shown = {"Dancu-Client-Certificate": mark}
    assert Client().post("/api/v1/token", form, headers=shown).status_code == 401
    monkeypatch.setattr(settings, "BEHIND_TLS", True)
    assert Client().post("/api/v1/token", form, headers=shown).status_code == 200
    pem = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
    whole = partner(certificate=hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem)).hexdigest())
    told = {"Dancu-Client-Certificate": quote(pem)}
    own = form | {"client_id": whole.client_id}
    assert Client().post("/api/v1/token", own, headers=told).status_code == 200
    assert Client().post("/api/v1/token", form, headers=told).status_code == 401
    for wrong in ({}, {"Dancu-Client-Certificate": "cd" * 32}, {"Dancu-Client-Certificate": ""}):
        assert Client().post("/api/v1/token", form, headers=wrong).status_code == 401


def test_the_officer_of_the_partner_is_named(
    register_site: RegisterSite, asker: Asker, token: str
) -> None:
    person = someone(register_site)
    for officer in (None, {}, {"name": "A"}, {"name": " ", "number": "1"}, "A (1)", OFFICER["name"]):  # fmt: skip
        answer = asker.ask(token, number=person["personal_number"], claims=claims(person), officer=officer)  # fmt: skip
        assert answer.status_code == 422 and answer.json()["errors"][0]["field"] == "officer"


def test_what_is_outside_the_registration_is_refused(
    register_site: RegisterSite, asker: Asker, token: str
) -> None:
    person = someone(register_site)
    answer = asker.ask(token, number=person["personal_number"], claims=claims(person, phone="0912345678"))  # fmt: skip
    assert answer.status_code == 403 and answer.json()["type"].endswith("field")


def test_a_suspended_partner_is_refused_at_once_also_with_its_token(
    register_site: RegisterSite,
) -> None:
    from dancu.platform.partners import services, tokens

    asker = partner()
    token, person = asker.token(), someone(register_site)
    body = {"number": person["personal_number"], "claims": claims(person)}
    assert asker.ask(token, body).status_code == 200
    kept = dict(tokens._known)
    assert services.do_suspend(client_id=asker.client_id, by="kiểm tra", why="bất thường")
    tokens._known.update(kept)  # another process has not heard of it yet: the database has
    assert asker.ask(token, body).status_code == 401 and asker.log_in().status_code == 401
    services.do_resume(client_id=asker.client_id, by="kiểm tra", why="đã giải trình")
    assert asker.ask(asker.token(), body).status_code == 200


# --- how often ------------------------------------------------------------------------------------------------------


def test_the_same_request_is_one_look_and_another_under_its_number_a_conflict(
    register_site: RegisterSite, asker: Asker, token: str
) -> None:
    person, request = someone(register_site, 2), str(uuid.uuid4())
    body = {"number": person["personal_number"], "claims": claims(person), "request_id": request}
    first, second = (asker.ask(token, body).json() for _ in range(2))
    assert first["receipt"] == second["receipt"]
    assert (first["repeated"], second["repeated"]) == (False, True)
    assert len(lines(register_site, "request_id = %s", request)) == 1
    other = body | {"claims": claims(person, full_name="Trần Quốc Mẫu")}
    assert asker.ask(token, other).status_code == 409
    vain = {"number": "924099999997", "claims": claims(person), "request_id": str(uuid.uuid4())}
    first, second = (asker.ask(token, vain).json() for _ in range(2))
    assert first["receipt"] == second["receipt"] and second["repeated"]
    with psycopg.connect(register_site.dsn) as con:
        con.execute(
            "UPDATE register.access_log SET at = at - interval '25 hours' WHERE request_id = %s",
            [request],
        )
    assert asker.ask(token, body).status_code == 409


def test_one_person_is_asked_about_only_so_often_and_nobody_too(
    register_site: RegisterSite,
) -> None:
    asker = partner(a_subject_day=3)
    token, person = asker.token(), someone(register_site, 4)
    for number in (person["personal_number"], "924099999996"):
        body = {"number": number, "claims": claims(person)}
        assert [asker.ask(token, body).status_code for _ in range(4)] == [200, 200, 200, 429]
    other = partner(a_subject_day=3)
    body = {"number": person["personal_number"], "claims": claims(person)}
    assert other.ask(other.token(), body).status_code == 200


def test_the_quota_of_a_day_holds_over_several_processes(register_site: RegisterSite) -> None:
    from dancu.platform.partners import quota

    asker = partner(a_day=10)
    token, person = asker.token(), someone(register_site, 5)
    body = {"number": "924099999995", "claims": claims(person)}
    codes = []
    for _ in range(12):
        codes.append(asker.ask(token, body).status_code)
        quota._lent.clear()  # as another process would: it knows of no lot yet
    assert codes == [200] * 10 + [429] * 2
    lent = "SELECT taken FROM partners_lease WHERE client_id = %s"
    assert register_site.ask(lent, asker.client_id) == [(10,)]


def test_a_minute_has_its_limit(register_site: RegisterSite) -> None:
    del register_site
    asker = partner(a_minute=2)
    token = asker.token()
    answers = [asker.ask(token, number="924099999994") for _ in range(3)]
    assert answers[-1].status_code == 429 and int(answers[-1]["Retry-After"]) > 0
    assert answers[0]["RateLimit-Limit"] == "2"


# --- consent --------------------------------------------------------------------------------------------------------


def test_without_consent_a_purpose_by_consent_is_not_answered(register_site: RegisterSite) -> None:
    asker = partner(purposes={"bank": ("personal_number", "full_name", "birth_date")})
    token, person = asker.token(), someone(register_site, 6)
    body = {"purpose": "bank", "number": person["personal_number"], "claims": claims(person)}
    refused = asker.ask(token, body)
    assert refused.status_code == 403 and refused.json()["type"].endswith("no-consent")
    wrong = body | {"claims": {"full_name": "Trần Quốc Mẫu", "birth_date": "1900-02-03"}}
    assert asker.ask(token, wrong).json()["answer"]["result"] == "not_identified"
    consented(register_site, person["citizen_id"], "bank", asker.client_id)
    assert asker.ask(token, body).json()["answer"]["result"] == "confirmed"
    with psycopg.connect(register_site.dsn) as con:
        con.execute(
            "INSERT INTO consent.withdrawn (consent_no, event_id, citizen_id, channel, given_by, recorded_by)"
            " SELECT consent_no, gen_random_uuid(), citizen_id, 'page', citizen_id, 'test' FROM consent.granted"
            " WHERE citizen_id = %s", [person["citizen_id"]],
        )  # fmt: skip
    assert asker.ask(token, body).status_code == 403
    mine = "citizen_id = %s AND partner = %s"
    outcomes = [
        row[-1] for row in lines(register_site, mine, person["citizen_id"], asker.client_id)
    ]
    assert outcomes == ["no_consent", "not_identified", "compared", "no_consent"]


def consented(site: RegisterSite, citizen: str, purpose: str, client: str) -> None:
    with psycopg.connect(site.dsn) as con:
        con.execute(
            "INSERT INTO consent.granted (event_id, citizen_id, purpose, partner, fields, text_version, text_sha256,"
            " granted_at, expires_at, channel, given_by, relation, recorded_by) VALUES (gen_random_uuid(), %s, %s, %s,"
            " '{full_name}', 'bank-1', 'x', now() - interval '1 second', now() + interval '1 day', 'page', %s, 'self',"
            " 'test')", [citizen, purpose, client, citizen],
        )  # fmt: skip


# --- the wall -------------------------------------------------------------------------------------------------------


def test_raw_sql_of_the_pages_role_gets_nobody_without_naming_them(
    register_site: RegisterSite, asker: Asker, token: str
) -> None:
    """The functions log as they answer, want the asker's own proof, and answer only who names the person."""
    from django.db import connection, transaction

    person = someone(register_site, 7)
    call = (
        "SELECT (s).state, (s).full_name FROM lookup.by_partner(%s, 'x', %s, '', '{}', false, %s, '', %s, NULL, NULL,"
        " NULL, 'x', 1::smallint) s"
    )
    number = person["personal_number"]
    tried = [
        ([token, "health_care", number, ""], ("none", None)),
        ([token, "health_care", number, "khong phai"], ("none", None)),
        (["x" * 43, "health_care", number, person["name_key"]], ("closed", None)),
        ([token, "exam", number, person["name_key"]], ("closed", None)),
        ([token, "health_care", number, person["name_key"]], ("found", person["full_name"])),
    ]
    for given, told in tried:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(call, given)
            assert cursor.fetchone() == told
    for forbidden in (
        "SELECT * FROM lookup.bearer('1', '', '')", "SELECT * FROM lookup.vain", "SELECT * FROM partners_token",
        "SELECT lookup.ask('a','b','',NULL,1,'','','','','{}',false,'1','','',NULL,NULL,NULL,'x',1::smallint)",
        "SELECT * FROM partners_assertion", "UPDATE partners_partner SET a_day = 1",
    ):  # fmt: skip
        with transaction.atomic(), connection.cursor() as cursor:
            with pytest.raises(Exception, match="permission denied"):
                cursor.execute(forbidden)
            transaction.set_rollback(True)


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"", 400), (b"{", 400), (b"[]", 400), (b"5", 400), (b"[" * 5000, 400), (b"\xff\xfe", 400), (b"x" * 20_000, 413)],
)  # fmt: skip
def test_what_cannot_be_read_is_refused(asker: Asker, token: str, body: bytes, status: int) -> None:
    answer = asker.http.post(
        "/api/v1/verify", body, content_type="application/json", headers={"Authorization": f"Bearer {token}"}
    )  # fmt: skip
    assert answer.status_code == status and answer["Content-Security-Policy"]


def test_what_is_wrong_is_told_by_its_field(asker: Asker, token: str) -> None:
    wrong: list[tuple[dict[str, Any], str]] = [
        ({}, "number"), ({"number": "1"}, "number"), ({"qr": "x|y"}, "qr"), ({"mrz": "IDVNM"}, "mrz"),
        ({"number": "924099999999", "qr": "x"}, "number"), ({"number": 5}, "number"),
        ({"number": "924099999999", "claims": []}, "claims"),
        ({"number": "924099999999", "claims": {"x": "y"}}, "claims"),
        ({"number": "924099999999", "claims": {"full_name": 5}}, "claims.full_name"),
        ({"number": "924099999999", "claims": {"full_name": ""}}, "claims.full_name"),
        ({"number": "924099999999", "request_id": "x"}, "request_id"),
    ]  # fmt: skip
    for body, field in wrong:
        answer = asker.ask(token, body)
        assert answer.status_code == 422 and answer.json()["errors"][0]["field"] == field, body
