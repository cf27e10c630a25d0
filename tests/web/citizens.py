"""Citizens in tests: a log-in through the page, and the raw SQL that their session could reach."""

from __future__ import annotations

import html
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.contrib.auth.hashers import make_password
from django.db import connection, transaction
from django.test import Client
from tests.web.register import RegisterSite

from dancu.platform.access import claims

COOKIE = "dancu-cong-dan"
PASSWORD = "mat-khau-mau-cho-phep-thu"
ADULT = (
    "personal_number IS NOT NULL AND life_status = '1' AND death_date IS NULL AND birth_year < 2000"
    " AND number_status IS DISTINCT FROM 'cancelled' AND household_number IS NOT NULL"
    " AND (SELECT count(*) FROM register.person o WHERE o.personal_number = person.personal_number) = 1"
    " AND (SELECT count(*) FROM register.person o WHERE o.household_number = person.household_number) > 1"
)
"""Somebody who can log in and does not live alone."""


def number_of(register: RegisterSite, citizen: str) -> str:
    ((number,),) = register.ask(
        "SELECT personal_number FROM register.person WHERE citizen_id = %s", citizen
    )
    return str(number)


def come_in(register: RegisterSite, citizen: str) -> Client:
    """Django's test client after the sample log-in of a demo."""
    with psycopg.connect(register.dsn, autocommit=True) as con:
        con.execute("INSERT INTO access.setting VALUES ('demo', 'true') ON CONFLICT DO NOTHING")
        con.execute(
            "INSERT INTO citizen_sample VALUES (%s, %s) ON CONFLICT DO NOTHING",
            [citizen, make_password(PASSWORD)],
        )
    client = Client()
    given = {"number": number_of(register, citizen), "password": PASSWORD}
    answer = client.post("/cong-dan/dang-nhap/mau/", given)
    assert answer.status_code == 302, text(answer)
    return client


@contextmanager
def as_app(client: Client) -> Iterator[Any]:
    """A cursor of the pages' role within the citizen's claim; nothing of it stays."""
    with transaction.atomic(), connection.cursor() as cursor:
        claims.use(client.cookies[COOKIE].value)
        yield cursor
        transaction.set_rollback(True)


def text(answer: Any) -> str:
    return html.unescape(answer.content.decode())


@pytest.fixture(scope="module")
def two(register_site: RegisterSite) -> tuple[str, str]:
    """Two citizens of one commune, of different households."""
    unit = register_site.communes[0]
    first = register_site.citizen(unit, 0, ADULT)
    other = register_site.citizen(
        unit, 0, f"{ADULT} AND household_number <> (SELECT household_number FROM register.person"
        f" WHERE citizen_id = '{first}')",
    )  # fmt: skip
    return first, other


@pytest.fixture
def me(register_site: RegisterSite, two: tuple[str, str]) -> Client:
    return come_in(register_site, two[0])


def log_line(register: RegisterSite, citizen: str, **columns: Any) -> str:
    """A line of the access log as the owner would find it; its receipt."""
    row = {"citizen_id": citizen, "by": "ai.do", "role": "commune_police", "unit_code": register.communes[0],
           "purpose": "residence", "basis": "Luật Cư trú", "fields": ["identity"], **columns}  # fmt: skip
    with psycopg.connect(register.dsn, autocommit=True) as con:
        query = (
            f"INSERT INTO register.access_log ({', '.join(row)}) VALUES"
            f" ({', '.join(['%s'] * len(row))}) RETURNING receipt"
        )
        found = con.execute(query.encode(), list(row.values())).fetchone()
    assert found
    return str(found[0])
