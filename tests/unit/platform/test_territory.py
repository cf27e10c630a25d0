"""Row-level security by an unforgeable claim: what raw SQL as the pages' role can and cannot do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from django.test import Client

from dancu.platform.access import claims, extraordinary, sql, territory
from dancu.platform.access.models import Notice
from dancu.platform.accounts import services
from dancu.site import addresses

OWN, NEIGHBOUR = "07204", "07210"
ROWS = [(OWN, "Nguyễn Văn Mẫu"), (NEIGHBOUR, "Trần Thị Thử")]


@pytest.fixture(scope="module")
def table(site: str) -> Iterator[str]:
    """A table of two people with the policy of the register's tables."""
    with psycopg.connect(site, autocommit=True) as con:
        con.execute(
            "CREATE TABLE somebody (id text DEFAULT gen_random_uuid(), unit_code text, name text)"
        )
        con.execute(sql.policy("somebody", person="id"))
        con.execute("GRANT SELECT, INSERT ON somebody TO dancu_app")
        with con.cursor() as cursor:
            cursor.executemany("INSERT INTO somebody (unit_code, name) VALUES (%s, %s)", ROWS)
        yield site
        con.execute("DROP TABLE somebody")


@pytest.fixture
def raw(table: str) -> Iterator[psycopg.Connection[Any]]:
    """A connection as the pages' role, as somebody who smuggles SQL into a page would have it."""
    with psycopg.connect(addresses.urls(table)["default"], autocommit=True) as con:
        yield con


def secret(client: Client) -> str:
    return claims.token(client.cookies["dancu"].value)


def seen(con: psycopg.Connection[Any], token: str | None = None) -> list[str]:
    """The units of the rows that a request with this token sees."""
    with con.transaction():
        if token is not None:
            con.execute("SELECT set_config('dancu.token', %s, true)", [token])
        return sorted(row[0] for row in con.execute("SELECT unit_code FROM somebody"))


def test_without_a_token_there_is_nothing(raw: psycopg.Connection[Any]) -> None:
    assert seen(raw) == [] and seen(raw, "") == []


def test_an_officer_sees_the_own_commune_alone(
    raw: psycopg.Connection[Any], client_as: Callable[..., Any]
) -> None:
    assert seen(raw, secret(client_as("commune_police", unit=OWN))) == [OWN]


def test_a_province_opens_all_its_communes(
    raw: psycopg.Connection[Any], client_as: Callable[..., Any]
) -> None:
    assert seen(raw, secret(client_as("id_officer", unit="24"))) == [OWN, NEIGHBOUR]


def test_a_row_for_the_neighbour_cannot_be_written(
    raw: psycopg.Connection[Any], client_as: Callable[..., Any]
) -> None:
    token = secret(client_as("commune_police", unit=OWN))
    with pytest.raises(psycopg.errors.InsufficientPrivilege), raw.transaction():
        raw.execute("SELECT set_config('dancu.token', %s, true)", [token])
        raw.execute("INSERT INTO somebody (unit_code, name) VALUES (%s, 'x')", [NEIGHBOUR])


def test_the_token_ends_with_its_transaction(
    raw: psycopg.Connection[Any], client_as: Callable[..., Any]
) -> None:
    assert seen(raw, secret(client_as("commune_police"))) == [OWN]
    assert seen(raw) == []


ATTEMPTS = {
    "reads the claims": "SELECT * FROM access.claim",
    "writes a claim": "INSERT INTO access.claim (token_hash, user_id, all_units, register_day, expires_at)"
    " VALUES (sha256('x'), 1, true, now(), now() + interval '1 day')",
    "widens a claim": "UPDATE access.claim SET all_units = true",
    "opens access outside": "INSERT INTO access.extraordinary DEFAULT VALUES",
    "becomes the owner": "SET ROLE dancu",
    "becomes the gate": "SET ROLE dancu_gate",
    "changes session": "SET SESSION AUTHORIZATION dancu",
    "switches the policy off": "ALTER TABLE somebody DISABLE ROW LEVEL SECURITY",
    "drops the policy": "DROP POLICY own_territory ON somebody",
    "makes a policy": "CREATE POLICY mine ON somebody USING (true)",
    "turns row security off": "SET row_security = off; SELECT * FROM somebody",
    "replaces a function": "CREATE OR REPLACE FUNCTION access.all_units() RETURNS bool LANGUAGE sql AS 'SELECT true'",
    "makes a function": "CREATE FUNCTION public.f() RETURNS bool LANGUAGE sql AS 'SELECT true'",
    "shadows a table": "CREATE TEMPORARY TABLE claim (x int)",
    "grants a right": "INSERT INTO accounts_grant (user_id, role) VALUES (1, 'data_steward')",
    "makes an account": "UPDATE accounts_user SET is_active = true",
    "reads passwords": "SELECT password FROM accounts_credential",
    "reads recovery codes": "SELECT digest FROM accounts_recoverycode",
    "links a subject": "INSERT INTO accounts_identity (user_id, issuer, subject) VALUES (1, 'x', 'y')",
    "rewrites the log of accounts": "UPDATE accounts_accountevent SET by = 'x'",
    "empties the log of accounts": "DELETE FROM accounts_accountevent",
    "empties the notices": "DELETE FROM access_notice",
    "moves the register's day": "UPDATE access.setting SET value = '2030-01-01'",
}


@pytest.mark.parametrize("statement", ATTEMPTS.values(), ids=ATTEMPTS.keys())
def test_smuggled_sql_is_refused(
    raw: psycopg.Connection[Any], client_as: Callable[..., Any], statement: str
) -> None:
    token = secret(client_as("commune_police"))
    with pytest.raises(psycopg.errors.InsufficientPrivilege), raw.transaction():
        raw.execute("SELECT set_config('dancu.token', %s, true)", [token])
        raw.execute(statement)  # type: ignore[call-overload]


def test_a_guessed_token_and_what_stands_in_the_tables_open_nothing(
    raw: psycopg.Connection[Any], client_as: Callable[..., Any]
) -> None:
    client_as("id_officer", unit="24")
    known = [
        str(v) for row in raw.execute("SELECT * FROM accounts_session").fetchall() for v in row
    ]
    hashes = [claims.hashed(secret(client_as("id_officer", unit="24"))).hex()]
    for guess in ["0" * 64, "admin", *known, *hashes]:
        assert seen(raw, guess.replace("\0", "")) == []


def test_an_ended_and_an_expired_token_open_nothing(
    raw: psycopg.Connection[Any], client_as: Callable[..., Any], table: str
) -> None:
    left, old = client_as("commune_police"), client_as("commune_police")
    tokens = [secret(left), secret(old)]
    left.post("/dang-xuat/")
    with psycopg.connect(table, autocommit=True) as con:
        con.execute(
            "UPDATE access.claim SET expires_at = now() - interval '1 second' WHERE token_hash = %s",
            [claims.hashed(tokens[1])],
        )
    assert [seen(raw, token) for token in tokens] == [[], []]
    assert old.get("/").status_code == 302


def test_a_session_pointed_at_another_user_is_nobodys(client_as: Callable[..., Any]) -> None:
    """The session's own table is the pages' to write; the claim decides who it is."""
    client, other = client_as("commune_police"), client_as("administrator")
    session = client.session
    session["user"] = other.user.pk
    session.save()
    assert client.get("/").status_code == 302


def test_a_grant_that_is_revoked_closes_what_is_open(
    raw: psycopg.Connection[Any], client_as: Callable[..., Any]
) -> None:
    client = client_as("commune_police")
    token = secret(client)
    services.do_revoke(grant=client.user.grants.get(), by="test", reason="chuyển công tác")
    assert seen(raw, token) == []
    assert client.get("/").status_code == 302


def test_the_gate_sees_no_citizen(table: str) -> None:
    with (
        psycopg.connect(addresses.urls(table)["gate"]) as con,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        con.execute("SELECT * FROM somebody")


ASKED = {
    "kind": "unit",
    "target": NEIGHBOUR,
    "reason": "Xác minh theo công văn 12 của Công an tỉnh",
}


def test_access_outside_opens_the_unit_shows_a_clock_and_tells_the_auditor(
    raw: psycopg.Connection[Any], client_as: Callable[..., Any]
) -> None:
    client, auditor = client_as("commune_police"), client_as("auditor", unit="24")
    assert client.post("/truy-cap/ngoai-dia-ban/", ASKED).status_code == 302
    assert seen(raw, secret(client)) == [OWN, NEIGHBOUR]
    home = client.get("/").content.decode()
    assert "Đang truy cập ngoài địa bàn" in home and "data-until" in home
    told = auditor.get("/").content.decode()
    assert client.user.username in told and ASKED["reason"] in told
    assert client.get("/truy-cap/thong-bao/").status_code == 403


def test_access_outside_ends_by_the_button_and_by_the_clock(
    raw: psycopg.Connection[Any], client_as: Callable[..., Any], table: str
) -> None:
    client = client_as("commune_police")
    for ending in ("button", "clock"):
        client.post("/truy-cap/ngoai-dia-ban/", ASKED)
        assert seen(raw, secret(client)) == [OWN, NEIGHBOUR]
        with psycopg.connect(table, autocommit=True) as con:
            row = con.execute("SELECT max(id) FROM access.extraordinary").fetchone()
            if ending == "clock":
                con.execute(
                    "UPDATE access.extraordinary SET valid_from = now() - interval '31 minutes',"
                    " valid_until = now() - interval '1 minute' WHERE id = %s", row,
                )  # fmt: skip
        if ending == "button":
            client.post(f"/truy-cap/ngoai-dia-ban/{row[0]}/ket-thuc/")  # type: ignore[index]
        assert seen(raw, secret(client)) == [OWN]


def test_one_person_is_opened_without_the_commune(
    raw: psycopg.Connection[Any], client_as: Callable[..., Any], table: str
) -> None:
    with psycopg.connect(table) as con:
        row = con.execute("SELECT id FROM somebody WHERE unit_code = %s", [NEIGHBOUR]).fetchone()
    client = client_as("commune_police")
    client.post("/truy-cap/ngoai-dia-ban/", ASKED | {"kind": "person", "target": row[0]})  # type: ignore[index]
    with raw.transaction():
        raw.execute("SELECT set_config('dancu.token', %s, true)", [secret(client)])
        assert raw.execute("SELECT access.units()").fetchone() == ([OWN],)
        assert len(raw.execute("SELECT * FROM somebody").fetchall()) == 2


@pytest.mark.parametrize(
    "change", [{"reason": "cần"}, {"target": "99999"}, {"reason": "xem số 924299000017 giúp bạn"}]
)
def test_access_outside_needs_a_reason_a_place_and_no_number_in_the_reason(
    client_as: Callable[..., Any], change: dict[str, str]
) -> None:
    before = Notice.objects.using("owner").count()
    assert (
        client_as("commune_police").post("/truy-cap/ngoai-dia-ban/", ASKED | change).status_code
        == 422
    )
    assert Notice.objects.using("owner").count() == before


def test_a_notice_is_seen_by_its_role_alone(
    raw: psycopg.Connection[Any], client_as: Callable[..., Any]
) -> None:
    client_as("commune_police").post("/truy-cap/ngoai-dia-ban/", ASKED)
    counts = []
    for role in ("auditor", "administrator"):
        with raw.transaction():
            raw.execute("SELECT set_config('dancu.token', %s, true)", [secret(client_as(role))])
            counts.append(len(raw.execute("SELECT * FROM access_notice").fetchall()))
    assert counts[0] > 0 and counts[1] == 0


def test_somebody_elses_access_cannot_be_ended(client_as: Callable[..., Any], table: str) -> None:
    client, other = client_as("commune_police"), client_as("commune_police")
    client.post("/truy-cap/ngoai-dia-ban/", ASKED)
    with psycopg.connect(table) as con:
        row = con.execute("SELECT max(id) FROM access.extraordinary").fetchone()
    extraordinary.do_end(by=other.user, opening_id=row[0])  # type: ignore[index]
    assert "Đang truy cập ngoài địa bàn" in client.get("/").content.decode()


@pytest.mark.parametrize(
    ("unit", "then", "on", "count"),
    [
        ("24", dt.date(2024, 6, 21), dt.date(2024, 6, 21), 209),
        ("07204", dt.date(2024, 6, 21), dt.date(2024, 6, 21), 1),
        ("99999", dt.date(2024, 6, 21), dt.date(2024, 6, 21), 0),
        ("24", dt.date(2024, 6, 21), dt.date(2025, 8, 1), 58),
    ],
)
def test_a_grants_unit_is_read_on_its_own_day_and_carried_to_the_registers(
    unit: str, then: dt.date, on: dt.date, count: int
) -> None:
    """Bắc Giang's grant of 2024 does not widen to Bắc Ninh when the provinces merge."""

    class Given:
        unit_code, unit_on = unit, then

    assert len(territory.of_grant(Given, on=on)) == count
