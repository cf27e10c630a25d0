"""The citizen's page: one person and no other, two kinds of sessions, the household, a copy, corrections."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.utils import ProgrammingError
from django.test import Client
from django.urls import get_resolver
from tests.web.citizens import COOKIE, as_app, come_in, log_line, me, number_of, text, two
from tests.web.register import RegisterSite

from dancu.platform.access.pages import declared
from dancu.platform.citizen import entering

__all__ = ["me", "two"]


# --- one person, and no other ---------------------------------------------------------------------------------------


def test_the_own_record_says_where_each_field_came_from(
    me: Client, register_site: RegisterSite, two: tuple[str, str]
) -> None:
    ((name, source),) = register_site.ask(
        "SELECT p.full_name, s.spec ->> 'name_vi' FROM register.person p"
        " JOIN register.standard t ON t.record_id = p.full_name_from JOIN register.source s ON s.source = t.source"
        " WHERE p.citizen_id = %s", two[0],
    )  # fmt: skip
    page = text(me.get("/cong-dan/toi/du-lieu/"))
    assert name in page and f"Theo «{source}»" in page
    number = number_of(register_site, two[0])
    assert number not in page and f"{number[:3]}•••••{number[-4:]}" in page


def test_a_number_is_shown_whole_when_asked_for_and_a_relatives_never(
    me: Client, register_site: RegisterSite, two: tuple[str, str]
) -> None:
    address = "/cong-dan/toi/du-lieu/hien-so/"
    assert number_of(register_site, two[0]) in text(me.post(address, {"field": "personal_number"}))
    for field in ("father_number", "mother_number", "spouse_number", "full_name", "x"):
        assert me.post(address, {"field": field}).status_code == 400, field


def test_each_own_look_is_a_line_in_ones_own_name(
    me: Client, register_site: RegisterSite, two: tuple[str, str]
) -> None:
    me.get("/cong-dan/toi/du-lieu/")
    ((by, role, purpose),) = register_site.ask(
        "SELECT by, role, purpose FROM register.access_log WHERE citizen_id = %s ORDER BY access_no DESC LIMIT 1",
        two[0],
    )
    assert (by, role, purpose) == ("công dân", "citizen", "own")
    assert "Bạn đã tự xem dữ liệu của mình." in text(me.get("/cong-dan/toi/ai-xem/"))


def _people(cursor: Any) -> list[tuple[str, str]]:
    """Every table and view that the pages' role reads and that has a column that names a person."""
    cursor.execute(
        "SELECT table_schema || '.' || table_name, column_name FROM information_schema.columns c"
        " WHERE column_name IN ('citizen_id', 'person_id') AND table_schema NOT IN ('pg_catalog', 'information_schema')"
        " AND has_column_privilege(quote_ident(table_schema) || '.' || quote_ident(table_name), column_name, 'SELECT')"
    )
    return list(cursor.fetchall())


def test_raw_sql_from_a_citizens_session_reaches_this_person_alone(
    me: Client, register_site: RegisterSite, two: tuple[str, str]
) -> None:
    ((person,),) = register_site.ask(
        "SELECT person_id FROM register.person WHERE citizen_id = %s", two[0]
    )
    own = {"citizen_id": two[0], "person_id": str(person)}
    with as_app(me) as cursor:
        tables = _people(cursor)
        assert len(tables) > 12
        for table, column in tables:
            cursor.execute(
                f"SELECT DISTINCT {column}::text FROM {table} WHERE {column} IS NOT NULL"
            )
            assert {row[0] for row in cursor.fetchall()} <= {own[column]}, table
        cursor.execute("SELECT count(*) FROM register.person")
        assert cursor.fetchone() == (1,)
        for table in ("register.access_log", "register.event", "register.judgement", "register.duplicate",
                      "register.proposal", "worklists_task", "accounts_user", "accounts_grant",
                      "accounts_accountevent", "access_notice"):  # fmt: skip
            cursor.execute(f"SELECT count(*) FROM {table}")
            assert cursor.fetchone() == (0,), table


def test_records_and_findings_of_others_are_not_there_either(
    me: Client, register_site: RegisterSite, two: tuple[str, str]
) -> None:
    mine = {
        row[0] for row in register_site.ask(
            "SELECT s.record_id FROM register.standard s JOIN register.person p USING (person_id)"
            " WHERE p.citizen_id = %s", two[0],
        )
    }  # fmt: skip
    with as_app(me) as cursor:
        cursor.execute("SELECT record_id FROM register.record")
        assert {row[0] for row in cursor.fetchall()} == mine
        cursor.execute("SELECT level, subject_id FROM register.finding")
        ((person,),) = register_site.ask(
            "SELECT person_id FROM register.person WHERE citizen_id = %s", two[0]
        )
        assert set(cursor.fetchall()) <= {("person", person), *(("record", r) for r in mine)}


_LINE = "INSERT INTO register.access_log (citizen_id, by, role, purpose) VALUES"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE register.person SET full_name = 'x'",
        "DELETE FROM register.access_log",
        "SELECT * FROM citizen_identify('924000000017')",
        "SELECT * FROM citizen_sample",
        "SELECT * FROM access.claim",
        f"{_LINE} ('{{other}}', 'công dân', 'citizen', 'own')",
        f"{_LINE} ('{{me}}', 'ai.do', 'citizen', 'own')",
        f"{_LINE} ('{{me}}', 'công dân', 'citizen', 'traffic')",
        "INSERT INTO citizen_question (code, event_id, citizen_id, about, words, at, due_on, state, answer,"
        " answered_by) VALUES ('x', gen_random_uuid(), '{other}', '', 'x', now(), now(), 'sent', '', '')",
    ],
)
def test_what_a_citizens_session_may_not_do_in_the_database(
    me: Client, two: tuple[str, str], statement: str
) -> None:
    with (
        as_app(me) as cursor,
        pytest.raises(ProgrammingError, match=r"permission denied|row-level security"),
    ):
        cursor.execute(statement.format(me=two[0], other=two[1]))


# --- two kinds of sessions ------------------------------------------------------------------------------------------


def citizens_addresses() -> list[str]:
    """Every address below cong-dan/, with somebody's identifiers in it."""
    found = []
    for outer in get_resolver().url_patterns:
        for entry in getattr(outer, "url_patterns", ()):
            said = declared(entry.callback)
            if said and said.citizen:
                found.append(str(outer.pattern) + str(entry.pattern))
    return found


def test_every_page_of_a_citizen_refuses_a_stranger_and_an_officer(
    client_as: Callable[..., Any], register_site: RegisterSite, two: tuple[str, str]
) -> None:
    officer = client_as("commune_police", unit=register_site.communes[0])
    officer.cookies[COOKIE] = officer.cookies["dancu"].value
    pages = citizens_addresses()
    assert len(pages) > 15
    for name in pages:
        path = "/" + re.sub(r"<uuid:\w+>", two[0], re.sub(r"<(str|slug):\w+>", "x", name))
        for client in (Client(), officer):
            for answer in (client.get(path), client.post(path)):
                assert answer.status_code == 302 and answer["Location"].startswith("/cong-dan/"), (
                    path
                )


def test_a_citizen_is_a_stranger_on_officials_pages(me: Client, two: tuple[str, str]) -> None:
    me.cookies["dancu"] = me.cookies[COOKIE].value
    for path in ("/", f"/nguoi/{two[0]}/", "/viec/", "/cong-dan-hoi/", "/tra-cuu/"):
        answer = me.get(path)
        assert answer.status_code == 302 and answer["Location"].startswith("/dang-nhap/"), path


def test_one_browser_holds_both_sessions_and_neither_acts_for_the_other(
    client_as: Callable[..., Any], register_site: RegisterSite, me: Client
) -> None:
    officer = client_as("auditor")
    officer.cookies[COOKIE] = me.cookies[COOKIE].value
    assert officer.get("/cong-dan/toi/").status_code == 200
    assert officer.get("/cong-dan-hoi/").status_code == 200
    officer.post("/cong-dan/thoat/")
    assert officer.get("/cong-dan/toi/").status_code == 302
    assert officer.get("/cong-dan-hoi/").status_code == 200


def test_with_anothers_identifiers_nothing_opens(
    me: Client, register_site: RegisterSite, two: tuple[str, str]
) -> None:
    """Receipts, codes and numbers of B in A's session: the same answer as for what does not exist."""
    other = come_in(register_site, two[1])
    line = log_line(register_site, two[1])
    asked = other.post(
        f"/cong-dan/toi/ai-xem/{line}/hoi/", {"event_id": uuid.uuid4(), "words": "Ai đây ạ?"}
    )
    code = asked["Location"].rstrip("/").rsplit("/", 1)[1]
    sent = other.post(
        "/cong-dan/toi/sua/full_name/", {"event_id": uuid.uuid4(), "said": "Nguyễn Văn Đúng"}
    )
    request = sent["Location"].split("/")[4]
    mine = {
        f"/cong-dan/toi/ai-xem/{line}/": 200, f"/cong-dan/toi/hoi/{code}/": 200,
        f"/cong-dan/toi/yeu-cau/{request}/": 200, f"/cong-dan/toi/ai-xem/{line}/hoi/": 200,
    }  # fmt: skip
    assert {path: other.get(path).status_code for path in mine} == mine
    for path in [*mine, f"/cong-dan/toi/yeu-cau/{request}/rut/", f"/cong-dan/toi/dong-y/{request}/",
                 f"/cong-dan/toi/dong-y/{request}/rut/", f"/cong-dan/toi/dong-y/{request}/bien-nhan/"]:  # fmt: skip
        assert {me.get(path).status_code, me.post(path).status_code} <= {404, 405}, path
    assert register_site.ask("SELECT count(*) FROM consent.request_step s JOIN consent.request r USING (request_no)"
                             " WHERE r.receipt = %s", request) == [(0,)]  # fmt: skip


def test_the_session_is_short_and_ends_with_log_out(
    me: Client, register_site: RegisterSite
) -> None:
    cookie = me.cookies[COOKIE]
    assert cookie["httponly"] and cookie["samesite"] == "Lax" and not cookie["max-age"]
    ((idle, hours),) = register_site.ask(
        "SELECT idle_minutes, round(extract(epoch FROM ends_at - seen_at) / 3600) FROM citizen_citizensession"
        " ORDER BY seen_at DESC LIMIT 1"
    )
    assert (idle, hours) == (15, 1)
    key = cookie.value
    me.post("/cong-dan/thoat/")
    me.cookies[COOKIE] = key
    assert me.get("/cong-dan/toi/").status_code == 302


def test_an_idle_session_is_nobodys(me: Client, register_site: RegisterSite) -> None:
    with psycopg.connect(register_site.dsn, autocommit=True) as con:
        con.execute("UPDATE citizen_citizensession SET seen_at = now() - interval '16 minutes'")
    answer = me.get("/cong-dan/toi/du-lieu/")
    assert answer.status_code == 302 and "het-phien" in answer["Location"]
    assert "Phiên làm việc đã kết thúc" in text(me.get(answer["Location"]))


# --- who comes in ---------------------------------------------------------------------------------------------------


@pytest.fixture
def changed(register_site: RegisterSite, two: tuple[str, str]) -> Iterator[Callable[..., str]]:
    """``changed("life_status = '2'")``: the second citizen's row so, until the test is over; the number."""
    keep = register_site.ask(
        "SELECT life_status, death_date, number_status, personal_number FROM register.person WHERE citizen_id = %s",
        two[1],
    )[0]

    def make(columns: str) -> str:
        with psycopg.connect(register_site.dsn, autocommit=True) as con:
            con.execute(
                f"UPDATE register.person SET {columns} WHERE citizen_id = %s".encode(), [two[1]]
            )
        return str(keep[3])

    yield make
    with psycopg.connect(register_site.dsn, autocommit=True) as con:
        con.execute(
            "UPDATE register.person SET life_status = %s, death_date = %s, number_status = %s, personal_number = %s"
            " WHERE citizen_id = %s", [*keep, two[1]],
        )  # fmt: skip


@pytest.mark.parametrize(
    ("columns", "outcome"),
    [
        ("life_status = '1'", "in"),
        ("life_status = '2'", "dead"),
        ("death_date = '2024-01-01'", "dead"),
        ("number_status = 'cancelled'", "cancelled"),
        ("personal_number = NULL", "none"),
    ],
)
def test_exactly_one_living_person_comes_in(
    changed: Callable[..., str], two: tuple[str, str], columns: str, outcome: str
) -> None:
    found = entering.identify(changed(columns))
    assert found == (outcome, two[1] if outcome == "in" else None)


def test_of_two_candidates_nobody_comes_in(
    changed: Callable[..., str], register_site: RegisterSite, two: tuple[str, str]
) -> None:
    number = number_of(register_site, two[0])
    changed(f"personal_number = '{number}'")
    assert entering.identify(number) == ("several", None)


def test_who_dies_or_is_merged_is_out_with_the_next_click(
    changed: Callable[..., str], register_site: RegisterSite, two: tuple[str, str]
) -> None:
    client = come_in(register_site, two[1])
    assert client.get("/cong-dan/toi/").status_code == 200
    changed("life_status = '2'")
    assert client.get("/cong-dan/toi/").status_code == 302


def test_without_a_demo_there_is_no_sample_log_in(register_site: RegisterSite, me: Client) -> None:
    with psycopg.connect(register_site.dsn, autocommit=True) as con:
        con.execute("DELETE FROM access.setting WHERE name = 'demo'")
    try:
        assert Client().get("/cong-dan/dang-nhap/mau/").status_code == 404
        assert (
            Client().post("/cong-dan/dang-nhap/mau/", {"number": "1", "password": "x"}).status_code
            == 404
        )
        assert "tài khoản mẫu" not in text(Client().get("/cong-dan/"))
    finally:
        with psycopg.connect(register_site.dsn, autocommit=True) as con:
            con.execute("INSERT INTO access.setting VALUES ('demo', 'true')")


# --- the household, a copy, corrections -----------------------------------------------------------------------------


def test_of_the_household_names_are_shown_and_a_childs_to_its_parents_alone(
    register_site: RegisterSite,
) -> None:
    found = register_site.ask(
        "SELECT a.citizen_id::text, c.full_name, c.citizen_id::text FROM register.person a JOIN register.person c"
        " ON c.household_number = a.household_number AND c.unit_code = a.unit_code AND c.birth_year > 2010"
        " WHERE a.personal_number IN (c.father_number, c.mother_number) AND a.life_status = '1'"
        " AND a.personal_number NOT IN (SELECT o.personal_number FROM register.person o"
        "  WHERE o.personal_number IS NOT NULL GROUP BY 1 HAVING count(*) > 1) LIMIT 1"
    )
    assert found, "the invented province has families"
    parent, child, child_id = found[0]
    client = come_in(register_site, parent)
    assert child in text(client.post("/cong-dan/toi/ho/"))
    assert client.get("/cong-dan/toi/ho/").status_code == 405
    with psycopg.connect(register_site.dsn, autocommit=True) as con:
        con.execute("UPDATE register.person SET father_number = NULL, mother_number = NULL WHERE citizen_id = %s",
                    [child_id])  # fmt: skip
    page = text(client.post("/cong-dan/toi/ho/"))
    assert child not in page and "Người chưa thành niên" in page
    ((by, fields),) = register_site.ask(
        "SELECT by, fields FROM register.access_log WHERE citizen_id = %s ORDER BY access_no DESC LIMIT 1",
        child_id,
    )
    assert (by, fields) == ("công dân", ["household"])


def test_the_copy_holds_the_whole_number_and_none_of_a_relative(
    me: Client, register_site: RegisterSite, two: tuple[str, str]
) -> None:
    answer = me.post("/cong-dan/toi/ban-sao/tai-ve/")
    told = json.loads(answer.content)
    fields = {f["field"]: f["in_words"] for f in told["fields"]}
    assert fields["personal_number"] == number_of(register_site, two[0])
    assert not {"father_number", "mother_number", "spouse_number"} & set(fields)
    assert (
        "attachment" in answer["Content-Disposition"]
        and me.get("/cong-dan/toi/ban-sao/tai-ve/").status_code == 405
    )


def test_a_correction_becomes_the_communes_task_and_is_followed_by_its_code(
    me: Client, client_as: Callable[..., Any], register_site: RegisterSite, two: tuple[str, str]
) -> None:
    sent = me.post(
        "/cong-dan/toi/sua/ethnic/",
        {"event_id": uuid.uuid4(), "said": "Tày", "words": "Theo giấy khai sinh"},
    )
    assert sent.status_code == 302, text(sent)
    page = text(me.get(sent["Location"]))
    assert "Đã gửi" in page and "Mã của bạn" in page and "Tày" in page
    ((task,),) = register_site.ask(
        "SELECT id FROM worklists_task WHERE citizen_id = %s AND state <> 'fixed'", two[0]
    )
    officer = client_as("commune_police", unit=register_site.communes[0])
    assert "Công dân đề nghị sửa" in text(officer.get(f"/viec/{task}/"))
    for field in ("father_number", "khong-co", "record_id"):
        assert me.get(f"/cong-dan/toi/sua/{field}/").status_code == 404


def test_a_file_that_is_no_picture_is_refused_and_nothing_is_sent(me: Client) -> None:
    file = SimpleUploadedFile("giay.jpg", b"MZ not a picture", "image/jpeg")
    answer = me.post(
        "/cong-dan/toi/sua/religion/", {"event_id": uuid.uuid4(), "said": "Không", "paper": file}
    )
    assert (
        answer.status_code == 422
        and "Tệp không phải ảnh" in text(answer)
        and "Không" in text(answer)
    )


def test_a_restriction_is_sent_with_its_deadline_and_taken_back(me: Client) -> None:
    empty = me.post("/cong-dan/toi/yeu-cau/moi/restriction/", {"event_id": uuid.uuid4()})
    assert empty.status_code == 422
    sent = me.post(
        "/cong-dan/toi/yeu-cau/moi/restriction/",
        {"event_id": uuid.uuid4(), "purposes": ["verification"]},
    )
    page = text(me.get(sent["Location"]))
    assert "Xác minh theo yêu cầu" in page and "Trả lời chậm nhất" in page
    address = sent["Location"].split("?")[0]
    assert me.post(f"{address}rut/", {"event_id": uuid.uuid4()}).status_code == 302
    assert "Công dân rút yêu cầu" in text(me.get(address))
