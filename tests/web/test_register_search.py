"""Searching people: what is typed, and who is found; nothing personal in an address."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from tests.web.register import RegisterSite
from tests.web.test_register_pages import text


@pytest.fixture(scope="module")
def people(register_site: RegisterSite) -> Iterator[RegisterSite]:
    """A few persons with names and numbers of their own in the first commune, and one in the second."""
    from dancu.formats import person_name
    from dancu.lib.text import fold

    made = [
        ("Lò Thị Quỳnh Như", "924180000019", 1980, 0), ("Lò Thị Quỳnh Nhu", None, 1981, 0),
        ("Lò Văn Như Quỳnh", None, 1990, 0), ("Lò Thị Quỳnh Như", None, 1995, 1),
    ]  # fmt: skip
    others = ["121212121", "0912345670", "HK-99", "2400000001"]
    with psycopg.connect(register_site.dsn) as con:
        for place, (name, number, year, unit) in enumerate(made):
            con.execute(
                "INSERT INTO register.person (person_id, full_name, name_key, sort_key, personal_number, birth_year,"
                " unit_code, old_number, phone, household_number, bhxh_number) VALUES"
                " (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
                [9_000_000 + place, name, fold(name), person_name.list_key(name), number, year,
                 register_site.communes[unit], *(others if number else [None] * 4)],
            )  # fmt: skip
        con.execute(
            "INSERT INTO register.contested (person_id, field, value, reason) VALUES"
            " (9000001, 'full_name', 'Lò Thị Mộng Mơ', 'trust'), (9000001, 'phone', '0987000111', 'date')"
        )
    yield register_site
    with psycopg.connect(register_site.dsn) as con:
        con.execute("DELETE FROM register.person WHERE person_id >= 9000000")
        con.execute("DELETE FROM register.contested WHERE person_id >= 9000000")


BOTH = {"Lò Thị Quỳnh Như", "Lò Thị Quỳnh Nhu"}
ALL = BOTH | {"Lò Văn Như Quỳnh"}
CASES = {
    "without marks": ("lo thi quynh nhu", BOTH),
    "capitals and many blanks": ("  LO  THI   QUYNH NHU ", BOTH),
    "with marks": ("Lò Thị Quỳnh Như", {"Lò Thị Quỳnh Như"}),
    "some marks": (
        "lò thi quynh như",
        {"Lò Thị Quỳnh Như", "Lò Văn Như Quỳnh"} - {"Lò Văn Như Quỳnh"},
    ),
    "marks that nobody has": ("lỏ thị quỳnh như", BOTH),
    "part of it": ("quynh nhu", ALL),
    "the beginning of the given name": ("lo thi quynh nh", BOTH),
    "the words elsewhere": ("như quỳnh lò", {"Lò Thị Quỳnh Như", "Lò Văn Như Quỳnh"}),
    "with a birth year": ("lo thi quynh nhu 1981", {"Lò Thị Quỳnh Nhu"}),
    "personal number": ("924180000019", {"Lò Thị Quỳnh Như"}),
    "personal number with blanks": ("924 180 000 019", {"Lò Thị Quỳnh Như"}),
    "old number": ("121212121", {"Lò Thị Quỳnh Như"}),
    "telephone": ("+84 912.345.670", {"Lò Thị Quỳnh Như"}),
    "insurance number": ("2400000001", {"Lò Thị Quỳnh Như"}),
    "household number": ("HK-99", {"Lò Thị Quỳnh Như"}),
    "number that was not chosen": ("0987000111", {"Lò Thị Quỳnh Nhu"}),
    "a name that was not chosen": ("lo thi mong mo", {"Lò Thị Quỳnh Nhu"}),
    "nobody": ("zzyzx khong co", set()),
}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("wide", [False, True])
def test_search_finds(
    client_as: Callable[..., Any], people: RegisterSite, case: str, wide: bool
) -> None:
    """In one commune, and in a province (another way through the indexes), the same persons of the commune."""
    asked, expected = CASES[case]
    own = people.communes[0]
    client = client_as("id_officer", unit="24") if wide else client_as("commune_police", unit=own)
    given = {"text": asked, "purpose": "residence"}
    page = text(client.post("/tra-cuu/", given, headers={"HX-Request": "true"}))
    names = set(re.findall(r'<a href="/nguoi/[^"]+">([^<]+)</a>', page))
    assert {name for name in names if name.startswith("Lò")} == expected
    assert "924180000019" not in page


def test_results_are_in_the_order_of_lists_and_page_on(
    client_as: Callable[..., Any], people: RegisterSite
) -> None:
    client = client_as("id_officer", unit="24")
    given: dict[str, Any] = {"text": "nguyen", "purpose": "identity"}
    seen: list[str] = []
    for _ in range(40):
        page = text(client.post("/tra-cuu/", given, headers={"HX-Request": "true"}))
        seen += re.findall(r'<a href="/nguoi/([^"]+)/">', page.split("Tên khác từng")[0])
        more = dict(re.findall(r'name="(after_\w+)" value="([^"]*)"', page))
        if not more:
            break
        given |= more
    everybody = people.ask(
        "SELECT citizen_id FROM register.person WHERE (' ' || name_key) LIKE '%% nguyen%%' AND unit_code LIKE '0%%'"
    )
    assert len(seen) == len(set(seen)) == len(everybody) > 200


def test_the_address_of_a_search_holds_no_personal_data(
    client_as: Callable[..., Any], register_site: RegisterSite
) -> None:
    own = register_site.communes[0]
    client = client_as("commune_police", unit=own)
    page = text(client.get("/tra-cuu/", {"xa": own, "text": "Nguyễn Văn Hùng"}))
    assert f'value="{own}" selected' in page and "Nguyễn Văn Hùng" not in page
    assert "được ghi lại" in page
    assert client.post("/tra-cuu/", {"text": "n", "purpose": "residence"}).status_code == 422


def test_who_is_shown_in_a_list_has_a_line(
    client_as: Callable[..., Any], people: RegisterSite
) -> None:
    client = client_as("commune_police", unit=people.communes[0])
    client.post("/tra-cuu/", {"text": "lo thi quynh nhu", "purpose": "residence"})
    told = people.ask(
        "SELECT p.full_name, l.purpose, l.channel, l.fields FROM register.access_log l"
        " JOIN register.person p ON p.citizen_id = l.citizen_id WHERE l.by = %s", client.user.username,
    )  # fmt: skip
    assert {row[0] for row in told} == BOTH and len(told) == 2
    assert {row[1:3] for row in told} == {("residence", "search")} and told[0][3] == ["listed"]
    client.post("/tra-cuu/", {"text": "lo thi quynh nhu", "purpose": "bank"})
    client.post("/tra-cuu/", {"text": "zzyzx khong co", "purpose": "residence"})
    ((n,),) = people.ask("SELECT count(*) FROM register.access_log WHERE by = %s", client.user.username)  # fmt: skip
    assert n == 2
