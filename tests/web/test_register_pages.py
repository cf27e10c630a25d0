"""The door and the pages behind it: who sees what, and that every look leaves its line in the log."""

from __future__ import annotations

import html
import json
import re
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from tests.web import person_queries
from tests.web.register import RegisterSite

from dancu.platform.access import claims
from dancu.platform.register.door import NoCitizen, access_citizen
from dancu.reference.errors import ReferenceDataError
from dancu.reference.rights import CITIZEN, roles

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def as_app(client: Any) -> Iterator[Any]:
    """A cursor of the pages' role within the territory of who is logged in; nothing of it stays."""
    with transaction.atomic(), connection.cursor() as cursor:
        claims.use(client.cookies["dancu"].value if "dancu" in client.cookies else None)
        yield cursor
        transaction.set_rollback(True)


def text(answer: Any) -> str:
    return html.unescape(answer.content.decode())


def lines(site: RegisterSite, citizen: str) -> list[tuple[Any, ...]]:
    """The log of a citizen, in order."""
    return site.ask(
        "SELECT by, purpose, fields FROM register.access_log WHERE citizen_id = %s ORDER BY access_no", citizen,
    )  # fmt: skip


# --- a look leaves a line -------------------------------------------------------------------------------------------


def test_each_look_writes_a_line_that_the_page_shows(
    client_as: Callable[..., Any], register_site: RegisterSite
) -> None:
    unit = register_site.communes[0]
    client, citizen = client_as("commune_police", unit=unit), register_site.citizen(unit, 3)
    before = len(lines(register_site, citizen))
    page = text(client.get(f"/nguoi/{citizen}/"))
    (by, purpose, fields) = lines(register_site, citizen)[before]
    assert (by, purpose) == (client.user.username, "residence")
    assert {"identity", "contact", "residence"} <= set(fields)
    assert client.user.username in page and "Luật Cư trú" in page


def test_a_number_is_masked_until_asked_for_and_asking_is_a_line_of_its_own(
    client_as: Callable[..., Any], register_site: RegisterSite
) -> None:
    unit = register_site.communes[0]
    client = client_as("commune_police", unit=unit)
    citizen = register_site.citizen(unit, 0, "personal_number IS NOT NULL AND phone IS NOT NULL")
    ((number, phone),) = register_site.ask(
        "SELECT personal_number, phone FROM register.person WHERE citizen_id = %s", citizen
    )
    page = text(client.get(f"/nguoi/{citizen}/"))
    assert number not in page and phone not in page and f"{number[:3]}•••••{number[-4:]}" in page
    address = f"/nguoi/{citizen}/hien-so/"
    assert client.get(address).status_code == 405
    shown = client.post(address, {"field": "personal_number"}, headers={"HX-Request": "true"})
    assert number in text(shown) and phone not in text(shown)
    assert lines(register_site, citizen)[-1] == (client.user.username, "residence", ["personal_number"])  # fmt: skip
    assert phone in text(client.post(address, {"field": "phone"}))
    assert client.post(address, {"field": "full_name"}).status_code == 400


def test_a_role_without_the_right_never_sees_a_whole_number(
    client_as: Callable[..., Any], register_site: RegisterSite
) -> None:
    unit = register_site.communes[0]
    client = client_as("one_stop_officer", unit=unit)
    citizen = register_site.citizen(unit, 0, "personal_number IS NOT NULL")
    assert "Hiện số" not in text(client.get(f"/nguoi/{citizen}/"))
    assert client.post(f"/nguoi/{citizen}/hien-so/", {"field": "personal_number"}).status_code == 403  # fmt: skip


def test_fields_follow_the_role(client_as: Callable[..., Any], register_site: RegisterSite) -> None:
    unit = register_site.communes[0]
    citizen = register_site.citizen(unit, 0, "mother_name IS NOT NULL AND phone IS NOT NULL")
    ((mother,),) = register_site.ask(
        "SELECT mother_name FROM register.person WHERE citizen_id = %s", citizen
    )
    seen = {
        role: text(client_as(role, unit=unit).get(f"/nguoi/{citizen}/"))
        for role in ("commune_police", "one_stop_officer", "justice_officer")
    }
    assert [role for role, page in seen.items() if mother in page] == ["commune_police", "justice_officer"]  # fmt: skip
    phones = [role for role, page in seen.items() if "Số điện thoại" in page]
    assert phones == ["commune_police", "one_stop_officer"]
    assert [role for role, page in seen.items() if 'id="da-xem"' in page] == ["commune_police"]


def test_members_of_a_household_are_looks_too(
    client_as: Callable[..., Any], register_site: RegisterSite
) -> None:
    unit = register_site.communes[0]
    client = client_as("commune_police", unit=unit)
    citizen = register_site.citizen(
        unit, 0, "household_number IS NOT NULL AND relation_to_head = 'CH'"
    )
    members = register_site.ask(
        "SELECT m.citizen_id, m.full_name FROM register.person p JOIN register.person m"
        " ON m.household_number = p.household_number AND m.unit_code = p.unit_code WHERE p.citizen_id = %s", citizen,
    )  # fmt: skip
    page = text(client.get(f"/ho/{citizen}/"))
    assert len(members) > 1 and all(name in page for _, name in members)
    for member, _ in members:
        by, _, fields = lines(register_site, str(member))[-1]
        assert by == client.user.username and set(fields) & {"household", "household_number"}


def test_the_line_goes_with_the_transaction_of_the_look(
    client_as: Callable[..., Any], register_site: RegisterSite
) -> None:
    unit = register_site.communes[0]
    client, citizen = client_as("commune_police", unit=unit), register_site.citizen(unit, 5)
    before = lines(register_site, citizen)
    with as_app(client):
        seen = access_citizen(citizen_id=citizen, by=client.user, purpose="residence")
        assert seen.citizen_id == citizen and seen.full == frozenset()
    assert lines(register_site, citizen) == before


def test_the_door_asks_for_a_purpose_of_the_day_and_for_open_fields(
    client_as: Callable[..., Any], register_site: RegisterSite
) -> None:
    unit = register_site.communes[0]
    client, citizen = client_as("one_stop_officer", unit=unit), register_site.citizen(unit)
    with as_app(client):
        with pytest.raises(ReferenceDataError, match="Mục đích"):
            access_citizen(citizen_id=citizen, by=client.user, purpose="curiosity")
        with pytest.raises(PermissionDenied, match="mother_name"):
            access_citizen(
                citizen_id=citizen, by=client.user, purpose="procedure", fields=["mother_name"]
            )
        with pytest.raises(NoCitizen):
            access_citizen(citizen_id=uuid.uuid4(), by=client.user, purpose="procedure")
    nobody = client_as()
    with as_app(nobody), pytest.raises(PermissionDenied):
        access_citizen(citizen_id=citizen, by=nobody.user, purpose="procedure")


def test_nobody_writes_the_log_in_another_s_name_or_changes_it(
    client_as: Callable[..., Any], register_site: RegisterSite
) -> None:
    client, citizen = client_as("commune_police", unit=register_site.communes[0]), uuid.uuid4()
    put = "INSERT INTO register.access_log (citizen_id, by, purpose) VALUES (%s, %s, 'residence')"
    with as_app(client) as cursor:
        cursor.execute(put, [citizen, client.user.username])
    forbidden = [
        (put, [citizen, "mau.auditor"]),
        ("UPDATE register.access_log SET by = 'x'", []),
        ("DELETE FROM register.access_log", []),
        ("UPDATE register.person SET full_name = 'x'", []),
        ("INSERT INTO register.finding (rule_id, level, subject_id, unit_code) VALUES ('x', 'person', 1, 'x')", []),
        ("SELECT * FROM register.outbox", []),
        ("SELECT * FROM link.record", []),
    ]  # fmt: skip
    for statement, given in forbidden:
        with as_app(client) as cursor, pytest.raises(Exception, match=r"permission denied|row-level"):  # fmt: skip
            cursor.execute(statement, given)


# --- nothing leaks to a neighbour -----------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [role for role in roles() if role != CITIZEN])
def test_a_neighbour_of_any_role_sees_nothing(
    client_as: Callable[..., Any], register_site: RegisterSite, role: str
) -> None:
    """Every page, and raw SQL as the pages' role."""
    own, other = register_site.communes[0], register_site.communes[1]
    client = client_as(role, unit=own)
    citizen = register_site.citizen(other, 0, "personal_number IS NOT NULL AND n_records > 1")
    ((person, name, number),) = register_site.ask(
        "SELECT person_id, full_name, personal_number FROM register.person WHERE citizen_id = %s",
        citizen,
    )
    before = lines(register_site, citizen)
    for path in (f"/nguoi/{citizen}/", f"/ho/{citizen}/", f"/nguoi/{citizen}/doi-sanh/"):
        answer = client.get(path)
        assert answer.status_code in (403, 404) and name not in text(answer)
        assert number[-4:] not in re.sub(r'value="[^"]*"', "", text(answer))
    shown = client.post(f"/nguoi/{citizen}/hien-so/", {"field": "personal_number"})
    assert shown.status_code in (403, 404) and number not in text(shown)
    for given in (name, number):
        found = client.post(
            "/tra-cuu/", {"text": given, "purpose": "verification", "commune": other}
        )
        assert found.status_code in (403, 422) and citizen not in text(found)
        found = client.post("/tra-cuu/", {"text": given, "purpose": "verification"})
        assert found.status_code in (200, 403) and citizen not in text(found)
    assert lines(register_site, citizen) == before
    with as_app(client) as cursor:
        for query in raw_queries(person, citizen, name, number):
            cursor.execute(query[0], query[1])
            assert cursor.fetchall() == [], query[0]


def raw_queries(person: int, citizen: str, name: str, number: str) -> list[tuple[str, list[Any]]]:
    """What SQL smuggled into a page would try about one person."""
    of_person = ("person", "contested", "life_event", "residence", "standard")
    mine = "SELECT record_id FROM register.standard WHERE person_id = %s"
    return [
        *((f"SELECT 1 FROM register.{table} WHERE person_id = %s", [person]) for table in of_person),
        (f"SELECT 1 FROM register.record WHERE record_id IN ({mine})", [person]),
        ("SELECT 1 FROM register.finding WHERE level = 'person' AND subject_id = %s", [person]),
        ("SELECT 1 FROM register.person_history WHERE citizen_id = %s", [citizen]),
        ("SELECT 1 FROM register.person WHERE full_name = %s AND personal_number = %s", [name, number]),
        ("SELECT 1 FROM register.search_number(ARRAY[%s], NULL, NULL, 10)", [number]),
        ("SELECT 1 FROM register.search_number(ARRAY[%s], ARRAY['24','27'], NULL, 10)", [number]),
        ("SELECT 1 FROM register.shown(ARRAY[0], ARRAY[%s::bigint])", [person]),
        ("SELECT 1 FROM register.access_log WHERE citizen_id = %s AND NOT access.has_role('auditor')", [citizen]),
    ]  # fmt: skip


def test_without_a_claim_the_pages_role_sees_no_row_at_all(
    client_as: Callable[..., Any], register_site: RegisterSite
) -> None:
    tables = [
        name for (name,) in register_site.ask(
            "SELECT relname FROM pg_class WHERE relnamespace = 'register'::regnamespace AND relrowsecurity"
            " AND has_table_privilege('dancu_app', oid, 'SELECT') ORDER BY 1"
        )
    ]  # fmt: skip
    some = {"person", "standard", "record", "finding", "access_log", "event", "person_history"}
    assert some <= set(tables)
    with as_app(client_as(None)) as cursor:
        for table in tables:
            cursor.execute(f"SELECT count(*) FROM register.{table}")
            assert cursor.fetchone() == (0,), table


def test_an_officer_sees_exactly_the_people_of_the_commune(
    client_as: Callable[..., Any], register_site: RegisterSite
) -> None:
    unit = register_site.communes[2]
    with as_app(client_as("commune_police", unit=unit)) as cursor:
        for table in ("person", "finding"):
            query = (
                f"SELECT unit_code, count(*) FROM register.{table} WHERE unit_code = %s GROUP BY 1"
            )
            cursor.execute(query, [unit])
            mine = cursor.fetchall()
            assert mine == register_site.ask(query, unit)
        cursor.execute("SELECT count(*) FROM register.person WHERE unit_code IS DISTINCT FROM %s", [unit])  # fmt: skip
        assert cursor.fetchone() == (0,)
        cursor.execute("SELECT count(DISTINCT person_id) FROM register.standard")
        assert cursor.fetchone()[0] >= mine[0][1] > 0


def test_access_outside_the_unit_opens_the_person_and_says_so(
    client_as: Callable[..., Any], register_site: RegisterSite
) -> None:
    client = client_as("commune_police", unit=register_site.communes[0])
    citizen = register_site.citizen(register_site.communes[3])
    away = client.get(f"/nguoi/{citizen}/")
    assert away.status_code == 404 and f"target={citizen}" in text(away)
    reason = "Xác minh theo công văn 12 của công an tỉnh"
    client.post("/truy-cap/ngoai-dia-ban/", {"kind": "person", "target": citizen, "reason": reason})
    page = client.get(f"/nguoi/{citizen}/")
    assert page.status_code == 200 and reason in text(page)
    ((told,),) = register_site.ask(
        "SELECT extraordinary FROM register.access_log WHERE citizen_id = %s AND by = %s",
        citizen, client.user.username,
    )  # fmt: skip
    assert told == reason


# --- identifiers and times ------------------------------------------------------------------------------------------


def test_a_merged_identifier_leads_to_where_it_went(
    client_as: Callable[..., Any], register_site: RegisterSite
) -> None:
    unit = register_site.communes[0]
    client, citizen = client_as("commune_police", unit=unit), register_site.citizen(unit, 7)
    first, second = uuid.uuid4(), uuid.uuid4()
    with psycopg.connect(register_site.dsn) as con:
        put = "INSERT INTO register.merged (person_id, citizen_id, into_id) VALUES (%s, %s, %s)"
        con.execute(put, [-1, first, second])
        con.execute(put, [-2, second, citizen])
    answer = client.get(f"/nguoi/{first}/")
    assert answer.status_code == 302 and answer["Location"].startswith(f"/nguoi/{citizen}/?gop-tu=")
    assert "đã được gộp" in text(client.get(answer["Location"]))
    neighbour = client_as("commune_police", unit=register_site.communes[1])
    assert neighbour.get(f"/nguoi/{first}/", follow=True).status_code == 404
    with as_app(neighbour) as cursor:
        cursor.execute("SELECT 1 FROM register.merged WHERE citizen_id = %s", [first])
        assert cursor.fetchall() == []


def test_the_page_shows_what_was_known_then_and_what_changed(
    client_as: Callable[..., Any], register_site: RegisterSite
) -> None:
    unit = register_site.communes[0]
    client = client_as("commune_police", unit=unit)
    citizen = register_site.citizen(unit, 8)
    ((row, name, since),) = register_site.ask(
        "SELECT to_jsonb(p), full_name, recorded_from FROM register.person p WHERE citizen_id = %s", citizen
    )  # fmt: skip
    with psycopg.connect(register_site.dsn) as con:
        con.execute(
            "INSERT INTO register.person_history (person_id, citizen_id, recorded, row) VALUES"
            " (%s, %s, tstzrange(%s::timestamptz - interval '1 day', %s), %s)",
            [row["person_id"], citizen, since, since,
             json.dumps({**row, "full_name": "Tên Xưa Cũ", "name_key": "ten xua cu"})],
        )  # fmt: skip
    page = text(client.get(f"/nguoi/{citizen}/"))
    assert "Tên Xưa Cũ" in page and f"<b>{name}</b>" in page
    began = "SELECT lower(recorded) FROM register.person_history WHERE citizen_id = %s"
    ((then,),) = register_site.ask(began, citizen)
    past = text(client.get(f"/nguoi/{citizen}/", {"biet": then.isoformat()}))
    assert "không phải hiện tại" in past and re.search(r"<td>Tên Xưa Cũ", past)
    found = text(client.post("/tra-cuu/", {"text": "ten xua cu", "purpose": "residence"}))
    assert citizen in found and "Tên khác từng được ghi" in found
    day = text(client.get(f"/nguoi/{citizen}/", {"ngay": "1890-01-01"}))
    assert "chưa sinh" in day
    assert client.get(f"/nguoi/{citizen}/", {"ngay": "x", "biet": "y"}).status_code == 200


def test_why_the_records_are_one_person_is_told(
    client_as: Callable[..., Any], register_site: RegisterSite
) -> None:
    unit = register_site.communes[0]
    citizen = register_site.citizen(unit, 0, "n_records = 3")
    page = text(client_as("commune_police", unit=unit).get(f"/nguoi/{citizen}/doi-sanh/"))
    assert page.count("<tbody>") == 2 and "Cộng dồn" in page
    away = client_as("commune_police", unit=register_site.communes[1])
    assert away.get(f"/nguoi/{citizen}/doi-sanh/").status_code == 404
    assert client_as("one_stop_officer", unit=unit).get(f"/nguoi/{citizen}/doi-sanh/").status_code == 403  # fmt: skip


# --- the house ------------------------------------------------------------------------------------------------------

LOGGED = {
    "consent/children.sql": "consent/children.sql",
    "register/door.py": "register/door.py",
    "register/search.sql": "register/search.py",
    "worklists/closed.py": "worklists/closed.py",
    "duplicates/closed.sql": "duplicates/closed.sql",
    "duplicates/sides.py": "duplicates/closed.sql",
    "consent/schema.sql": "consent/schema.sql",
    "lookup/closed.py": "lookup/closed.py",
    "citizen/closed.sql": "citizen/closed.sql",
    "feed/notes.sql": "feed/notes.sql",
    "offline/people.py": "offline/making.py",
}
"""A file that takes values out of persons -> the file in which their line of the log, or the set's, is written."""
WITHOUT_A_LINE = {
    "register/parts.py": "what hangs on a person, for who holds the door's view (see below)",
    "citizen/own.py": "the log-in of the citizen: is this card's holder alive and of this name",
    "completeness/compare.sql": "counts",
    "events/migrations/0001_initial.py": "identifiers of what changed; a policy",
    "offline/migrations/0002_found.py": "whether somebody on a list died since: no value comes out",
    "reports/kept.sql": "counts by unit, day of birth and of death; a unit's counts of a day or a month come out",
    "reports/indicators.py": "facts of indicators: counted; opened one by one they go through the door",
    "sectors/public_services/online/schema.sql": "whether somebody lives in the officer's communes; the officer saw"
    " the person through the door on the same page",
    "site/demo_loading.py": "applicants of an invented province's dossiers",
    "site/demo.py": "sample accounts of an invented province",
}
"""Files that take a value and write no line, each with its reason; every other file takes keys and communes alone."""


def test_only_the_door_and_the_search_ask_about_persons() -> None:
    """A query that takes a value out of a person goes through a log, or is a decision added here with its reason."""
    takers = {
        name.removeprefix("src/dancu/").removeprefix("platform/"): path
        for name, path in person_queries.files().items() if person_queries.values_taken(path)
    }  # fmt: skip
    assert set(takers) == set(LOGGED) | set(WITHOUT_A_LINE)
    writes = re.compile(r"INSERT INTO register\.access_log|\blog\.write\(|\bbulk\.record\(")
    for taker, logger in LOGGED.items():
        text = (ROOT / "src/dancu/platform" / logger).read_text(encoding="utf-8")
        assert writes.search(text), f"{taker}: {logger} writes no line"


def test_what_hangs_on_a_person_is_given_only_for_a_view_of_the_door() -> None:
    for name in ("parts", "history", "match"):
        path = ROOT / f"src/dancu/platform/register/{name}.py"
        asking = list(person_queries.functions_asking(path))
        assert asking and all(given[0] == "of" for _, given in asking), (name, asking)


def test_the_check_on_queries_sees_what_is_taken(tmp_path: Path) -> None:
    """That test could pass because its reader is blind: it is shown queries of each kind."""
    told = {
        'x = "SELECT person_id, unit_code FROM register.person p"': set(),
        'x = "SELECT count(*) FROM register.person"': set(),
        'x = ("SELECT p.full_name " "FROM register.person p")': {"full_name"},
        'x = f"SELECT p.phone FROM register.person WHERE {y}"': {"phone"},
        'x = "SELECT p.* FROM register.person p"': {"*"},
        'x = "SELECT 1 FROM a JOIN (SELECT to_jsonb(h) FROM register.person_history h) b"': {"*"},
        'x = "SELECT value FROM register.contested"': {"*"},
    }  # fmt: skip
    for source, taken in told.items():
        (tmp_path / "one.py").write_text(source, encoding="utf-8")
        assert person_queries.values_taken(tmp_path / "one.py") == taken, source


def test_the_number_of_statements_of_each_page(
    client_as: Callable[..., Any], register_site: RegisterSite, golden: Callable[[str, str], None]
) -> None:
    unit = register_site.communes[0]
    client = client_as("commune_police", unit=unit)
    citizen = register_site.citizen(unit, 0, "n_records > 1 AND household_number IS NOT NULL")
    asked: dict[str, Callable[[], Any]] = {
        "search form": lambda: client.get("/tra-cuu/"),
        "search by name": lambda: client.post("/tra-cuu/", {"text": "nguyen", "purpose": "residence"}),
        "search by number": lambda: client.post("/tra-cuu/", {"text": "924180000019", "purpose": "residence"}),
        "person": lambda: client.get(f"/nguoi/{citizen}/"),
        "household": lambda: client.get(f"/ho/{citizen}/"),
        "number shown": lambda: client.post(
            f"/nguoi/{citizen}/hien-so/", {"field": "personal_number"}, headers={"HX-Request": "true"}
        ),
    }  # fmt: skip
    asked["search form"](), asked["search by name"]()  # the session and the caches are warm
    counted = []
    for name, ask in asked.items():
        with CaptureQueriesContext(connection) as queries:
            assert ask().status_code == 200
        counted.append(f"{name}: {len(queries)}\n")
    golden("register_sql_counts.txt", "".join(counted))
