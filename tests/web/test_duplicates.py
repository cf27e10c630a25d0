"""Duplicates to judge: the queue, who sees it, what a verdict does and undoes, and the second officer."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import psycopg
import pyarrow.parquet as pq
import pytest
from tests.web.register import RegisterSite

OPEN = "SELECT duplicate_no, record_a, record_b, unit_a, unit_b FROM register.duplicate WHERE settled_at IS NULL"


@contextmanager
def as_pages(client: Any) -> Iterator[Callable[..., Any]]:
    """Asks as the pages' role within the territory of who is logged in; nothing of it stays."""
    from django.db import connection, transaction

    from dancu.platform.access import claims

    def ask(query: str, *given: Any) -> list[tuple[Any, ...]]:
        with transaction.atomic(), connection.cursor() as cursor:
            claims.use(client.cookies["dancu"].value)
            cursor.execute(query, given)
            rows: list[tuple[Any, ...]] = cursor.fetchall() if cursor.description else []
            return rows

    with transaction.atomic():
        yield ask
        transaction.set_rollback(True)


def text(answer: Any) -> str:
    return html.unescape(answer.content.decode())


def test_the_queue_is_the_clerks_pairs_of_the_batch(register_site: RegisterSite) -> None:
    pairs = pq.read_table(register_site.run / "link" / "pairs.parquet").to_pylist()
    names = ("record_a", "record_b", "score", "probability", "joined", "blocked_by")
    wanted = {tuple(p[n] for n in names) for p in pairs if p["clerk"]}
    found = register_site.ask(
        f"SELECT {', '.join(names)} FROM register.duplicate WHERE opened_by IS NULL"
    )
    assert wanted and set(found) == wanted


@pytest.fixture
def apart(register_site: RegisterSite) -> Iterator[dict[str, Any]]:
    """A pair of two persons in the queue; what is concluded on it is taken back afterwards."""
    row = _pair(register_site, "NOT joined AND unit_a = unit_b AND unit_a <> '?'")
    yield row
    _forget(register_site, row)


@pytest.fixture
def across(register_site: RegisterSite) -> Iterator[dict[str, Any]]:
    """A pair of persons in two communes: the second one is put into the next commune for as long as the test runs."""
    row = _pair(register_site, "NOT joined AND unit_a = unit_b AND unit_a <> '?'")
    other = next(unit for unit in register_site.communes if unit != row["unit_a"])
    _put(register_site, row, other)
    yield row | {"unit_b": other}
    _forget(register_site, row)
    _put(register_site, row, row["unit_b"])


def _pair(site: RegisterSite, where: str) -> dict[str, Any]:
    names = ("number", "a", "b", "unit_a", "unit_b")
    return dict(
        zip(names, site.ask(f"{OPEN} AND {where} ORDER BY duplicate_no LIMIT 1")[0], strict=True)
    )


def _put(site: RegisterSite, row: dict[str, Any], unit: str) -> None:
    own = "(SELECT person_id FROM register.standard WHERE record_id = %(b)s)"
    given = {"b": row["b"], "unit": unit, "number": row["number"]}
    with psycopg.connect(site.dsn) as con:
        for table in ("person", "standard"):
            con.execute(
                f"UPDATE register.{table} SET unit_code = %(unit)s WHERE person_id = {own}", given
            )
        con.execute(
            "UPDATE register.duplicate SET unit_b = %(unit)s WHERE duplicate_no = %(number)s", given
        )


def _forget(site: RegisterSite, row: dict[str, Any]) -> None:
    from dancu.platform.events.writer import desk
    from dancu.store.register.told import Answer, Incoming

    answer = Answer(row["a"], row["b"], "withdrawn")
    desk().submit(
        Incoming(
            "test", str(uuid4()), "judgement", "test", b"-", {"what": "test"}, judgement=answer
        )
    )
    with psycopg.connect(site.dsn, autocommit=True) as con:
        con.execute("DELETE FROM register.proposal")


def _judge(client: Any, number: int, verdict: str, **more: str) -> Any:
    return client.post(
        f"/trung/{number}/ket-luan/", {"verdict": verdict, "event_id": str(uuid4()), **more}, follow=True
    )  # fmt: skip


def _citizens(site: RegisterSite, row: dict[str, Any]) -> list[tuple[Any, ...]]:
    return site.ask(
        "SELECT s.record_id, p.citizen_id, p.n_records FROM register.standard s"
        " JOIN register.person p USING (person_id) WHERE s.record_id IN (%s, %s) ORDER BY 1", row["a"], row["b"],
    )  # fmt: skip


def test_the_page_shows_two_sides_and_leaves_two_lines_in_the_log(
    register_site: RegisterSite, apart: dict[str, Any], client_as: Callable[..., Any]
) -> None:
    police = client_as("commune_police", unit=apart["unit_a"])
    answer = police.get(f"/trung/{apart['number']}/")
    page = text(answer)
    assert answer.status_code == 200
    assert "Bên A" in page and "Bên B" in page and "Vì sao máy chấm điểm như vậy" in page
    numbers = register_site.ask(
        "SELECT personal_number FROM register.standard WHERE record_id IN (%s, %s)", apart["a"], apart["b"]
    )  # fmt: skip
    assert not any(number in page for (number,) in numbers if number)
    seen = {c for _, c, _ in _citizens(register_site, apart)}
    logged = register_site.ask(
        "SELECT citizen_id FROM register.access_log WHERE by = %s", police.user.username
    )
    assert seen <= {c for (c,) in logged}


def test_every_page_of_the_queue_opens(
    register_site: RegisterSite, client_as: Callable[..., Any]
) -> None:
    officer = client_as("data_steward", unit="24")
    seen = 0
    for number, *_ in register_site.ask(OPEN):
        answer = officer.get(f"/trung/{number}/")
        assert answer.status_code == 200, number
        seen += 1
    assert seen > 5
    for path in (
        "/trung/",
        "/trung/?loai=mau-thuan&muc=cao&tt=tat-ca",
        "/trung/vi-sao/",
        "/trung/cho-duyet/",
        "/",
    ):
        assert officer.get(path).status_code == 200, path


def test_a_neighbour_sees_nothing_and_one_side_sees_the_other_by_name_alone(
    register_site: RegisterSite, across: dict[str, Any], client_as: Callable[..., Any]
) -> None:
    stranger = next(
        u for u in register_site.communes if u not in (across["unit_a"], across["unit_b"])
    )
    assert (
        client_as("commune_police", unit=stranger).get(f"/trung/{across['number']}/").status_code
        == 404
    )
    page = text(
        client_as("commune_police", unit=across["unit_a"]).get(f"/trung/{across['number']}/")
    )
    ((phone, number, name),) = register_site.ask(
        "SELECT phone, personal_number, full_name FROM register.standard WHERE record_id = %s", across["b"]
    )  # fmt: skip
    assert "Thuộc đơn vị khác" in page and name in page
    assert not number or number not in page
    assert not phone or phone not in page


def test_raw_sql_of_the_pages_role_does_not_reach_a_neighbours_pair(
    register_site: RegisterSite, across: dict[str, Any], client_as: Callable[..., Any]
) -> None:
    stranger = next(
        u for u in register_site.communes if u not in (across["unit_a"], across["unit_b"])
    )
    with as_pages(client_as("commune_police", unit=stranger)) as ask:
        assert (
            ask("SELECT 1 FROM register.duplicate WHERE duplicate_no = %s", across["number"]) == []
        )
        told = ask("SELECT register.other_side(%s, 'b', 'residence', 'x')", across["number"])
        assert told == [(None,)]
    with as_pages(client_as("commune_police", unit=across["unit_a"])) as ask:
        assert ask("SELECT 1 FROM register.duplicate WHERE duplicate_no = %s", across["number"])
        with pytest.raises(Exception, match="permission denied"):
            ask("UPDATE register.duplicate SET settled_at = now()")


def test_one_person_is_one_person_until_it_is_taken_back(
    register_site: RegisterSite, apart: dict[str, Any], client_as: Callable[..., Any]
) -> None:
    """Whether the machine's queue or a second officer applies it, the answer can be undone and nothing is left."""
    before = _citizens(register_site, apart)
    first = client_as("id_officer", unit="24")
    answer = _judge(first, apart["number"], "same", reason="Đối chiếu giấy khai sinh")
    assert answer.status_code == 200
    waiting = register_site.ask(
        "SELECT proposal_no, fields, by FROM register.proposal WHERE outcome IS NULL"
    )
    if waiting:
        _confirm(register_site, client_as, waiting[0][0], first)
    assert len({c for _, c, _ in _citizens(register_site, apart)}) == 1
    ((verdict, by, reason, event),) = register_site.ask(
        "SELECT verdict, by, reason, event_no FROM register.judgement WHERE record_a = %s AND record_b = %s"
        " ORDER BY judgement_no DESC LIMIT 1", apart["a"], apart["b"],
    )  # fmt: skip
    assert (verdict, by, reason) == ("same", first.user.username, "Đối chiếu giấy khai sinh")
    first.post(f"/trung/hoan-tac/{event}/", {"event_id": str(uuid4())})
    waiting = register_site.ask("SELECT proposal_no FROM register.proposal WHERE outcome IS NULL")
    if waiting:
        _confirm(register_site, client_as, waiting[0][0], first)
    assert _citizens(register_site, apart) == before


def _confirm(site: RegisterSite, client_as: Callable[..., Any], number: int, first: Any) -> None:
    """The first officer cannot; a second one can."""
    page = first.post(f"/trung/cho-duyet/{number}/duyet/", {"outcome": "confirmed"})
    assert page.status_code == 409 and "không được tự duyệt" in text(page)
    second = client_as("data_steward", unit="24")
    assert second.get(f"/trung/cho-duyet/{number}/").status_code == 200
    assert (
        second.post(f"/trung/cho-duyet/{number}/duyet/", {"outcome": "confirmed"}).status_code
        == 302
    )
    ((outcome, by),) = site.ask(
        "SELECT outcome, decided_by FROM register.proposal WHERE proposal_no = %s", number
    )  # fmt: skip
    assert (outcome, by) == ("confirmed", second.user.username)


def test_people_of_two_communes_need_two_officers(
    register_site: RegisterSite, across: dict[str, Any], client_as: Callable[..., Any]
) -> None:
    first = client_as("commune_police", unit=across["unit_a"])
    before = _citizens(register_site, across)
    assert _judge(first, across["number"], "same").status_code == 200
    assert _citizens(register_site, across) == before
    ((number, fields, units),) = register_site.ask(
        "SELECT proposal_no, fields, unit_codes FROM register.proposal WHERE outcome IS NULL"
    )  # fmt: skip
    assert "unit_code" in fields and set(units) == {across["unit_a"], across["unit_b"]}
    # No right: another commune's police, though the pair is theirs too.
    other = client_as("commune_police", unit=across["unit_b"])
    assert (
        other.post(f"/trung/cho-duyet/{number}/duyet/", {"outcome": "confirmed"}).status_code == 403
    )
    assert "chờ người thứ hai" in text(first.get("/"))
    second = client_as("id_officer", unit="24")
    assert "chờ bạn duyệt" in text(second.get("/"))
    assert (
        second.post(f"/trung/cho-duyet/{number}/duyet/", {"outcome": "refused"}).status_code == 302
    )
    assert _citizens(register_site, across) == before


def test_the_database_itself_refuses_a_second_officer_who_is_the_first(
    register_site: RegisterSite, across: dict[str, Any], client_as: Callable[..., Any]
) -> None:
    first = client_as("id_officer", unit="24")
    _judge(first, across["number"], "same")
    with as_pages(first) as ask, pytest.raises(Exception, match="check constraint"):
        ask(
            "UPDATE register.proposal SET outcome = 'confirmed', decided_by = by, decided_at = now()"
            " WHERE by = %s RETURNING 1", first.user.username,
        )  # fmt: skip


def test_a_proposal_that_nobody_confirmed_in_time_is_void(
    register_site: RegisterSite, across: dict[str, Any], client_as: Callable[..., Any]
) -> None:
    _judge(client_as("id_officer", unit="24"), across["number"], "same")
    with psycopg.connect(register_site.dsn, autocommit=True) as con:
        con.execute("UPDATE register.proposal SET expires_at = now()")
    ((number,),) = register_site.ask("SELECT proposal_no FROM register.proposal")
    second = client_as("data_steward", unit="24")
    answer = second.post(f"/trung/cho-duyet/{number}/duyet/", {"outcome": "confirmed"})
    assert answer.status_code == 409 and "hết hạn" in text(answer)
    assert second.get(f"/trung/{across['number']}/").status_code == 200


def test_not_clear_stays_for_later_and_not_the_same_is_settled(
    register_site: RegisterSite, apart: dict[str, Any], client_as: Callable[..., Any]
) -> None:
    police = client_as("commune_police", unit=apart["unit_a"])
    _judge(police, apart["number"], "unsure")
    line = f'href="/trung/{apart["number"]}/'
    assert line not in text(police.get("/trung/"))
    assert line in text(police.get("/trung/?tt=chua-ro"))
    _judge(police, apart["number"], "different")
    assert police.get(f"/trung/{apart['number']}/").status_code == 410
    undo = re.search(r"/trung/hoan-tac/\d+/", text(police.get("/trung/")))
    assert undo
    police.post(undo[0], {"event_id": str(uuid4())})
    ((verdict,),) = register_site.ask(
        "SELECT verdict FROM register.judgement WHERE record_a = %s AND record_b = %s"
        " ORDER BY judgement_no DESC LIMIT 1", apart["a"], apart["b"],
    )  # fmt: skip
    assert verdict == "unsure"
    assert register_site.ask(f"{OPEN} AND record_a = %s AND record_b = %s", apart["a"], apart["b"])


def test_why_two_people_are_two(
    register_site: RegisterSite, apart: dict[str, Any], client_as: Callable[..., Any]
) -> None:
    (_, a, _), (_, b, _) = _citizens(register_site, apart)
    police = client_as("commune_police", unit=apart["unit_a"])
    page = text(police.get(f"/trung/vi-sao/?a={a}&b={b}"))
    assert "Cặp này đang chờ kết luận" in page and "Vì sao máy chấm điểm như vậy" in page
    unlike = [register_site.citizen(apart["unit_a"], n) for n in range(2)]
    answer = police.get(f"/trung/vi-sao/?a={unlike[0]}&b={unlike[1]}")
    assert answer.status_code == 200 and "Vì sao máy chấm điểm như vậy" in text(answer)
    stranger = next(u for u in register_site.communes if u != apart["unit_a"])
    outside = register_site.citizen(stranger)
    assert police.get(f"/trung/vi-sao/?a={a}&b={outside}").status_code == 404


def test_a_record_is_taken_out_of_a_person_and_put_back(
    register_site: RegisterSite, client_as: Callable[..., Any]
) -> None:
    """What was split off bears a code of its own; taken back, the person is whole under the old code."""
    ((person, citizen),) = register_site.ask(
        "SELECT person_id, citizen_id FROM register.person WHERE n_records = 3 AND unit_code IS NOT NULL"
        " ORDER BY person_id LIMIT 1"
    )  # fmt: skip
    members = (
        "SELECT record_id, person_id FROM register.standard WHERE record_id = ANY(%s) ORDER BY 1"
    )
    ids = [r for (r,) in register_site.ask(
        "SELECT record_id FROM register.standard WHERE person_id = %s ORDER BY 1", person
    )]  # fmt: skip
    officer = client_as("id_officer", unit="24")
    where = f"/trung/ho-so/{citizen}/"
    nothing = officer.post(f"{where}tach/", {"event_id": str(uuid4()), "record": ids})
    assert nothing.status_code == 422 and "ít nhất một bản ghi" in text(nothing)
    officer.post(
        f"{where}tach/",
        {"event_id": str(uuid4()), "record": ids[-1], "reason": "Số của người khác"},
    )
    _second(register_site, client_as, officer)
    after = dict(register_site.ask(members, ids))
    assert after[ids[0]] == after[ids[1]] == person and after[ids[-1]] == ids[-1]
    page = text(officer.get(where))
    assert "Không phải một người" in page and "Số của người khác" in page
    undo = re.search(r"/trung/hoan-tac/\d+/", page)
    assert undo
    officer.post(undo[0], {"event_id": str(uuid4()), "citizen": str(citizen)})
    _second(register_site, client_as, officer)
    assert set(dict(register_site.ask(members, ids)).values()) == {person}
    assert register_site.ask("SELECT 1 FROM register.person WHERE citizen_id = %s", citizen)


def _second(site: RegisterSite, client_as: Callable[..., Any], first: Any) -> None:
    """Whatever waits is confirmed."""
    for (number,) in site.ask("SELECT proposal_no FROM register.proposal WHERE outcome IS NULL"):
        _confirm(site, client_as, number, first)
