"""Papers of dossiers: what they say, which action makes them, who opens them; nothing is asked for twice."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction
from tests.web import papers
from tests.web.citizens import as_app, come_in
from tests.web.citizens import two as two
from tests.web.papers import LEADER, OFFICER, PLACE, as_officer, at, do, filed, finished
from tests.web.register import RegisterSite

from dancu.sectors.public_services.acting import Actor
from dancu.sectors.public_services.errors import ServiceError
from dancu.sectors.public_services.papers import filling, making, store
from dancu.sectors.public_services.system import as_system
from dancu.store import signing_port, typesetting
from dancu.store.errors import StoreError

pytestmark = pytest.mark.skipif(not shutil.which("pdftotext"), reason="poppler-utils")
REFUSED = {
    "reason": "Không thuộc thẩm quyền giải quyết",
    "law": "Khoản 2 Điều 17 Nghị định 61/2018/NĐ-CP",
}
DATA: dict[str, dict[str, Any]] = {
    "receipt": {}, "control_slip": {}, "result": {}, "refusal": REFUSED, "stop": REFUSED,
    "supplement": {"reason": "Thiếu giấy chứng sinh", "papers": "Giấy chứng sinh; Cam đoan về việc sinh"},
    "apology": {"reason": "Cần xác minh nơi cư trú của cha, mẹ"},
}  # fmt: skip


@pytest.fixture
def owner(site: str) -> Iterator[None]:
    """The owner's connection stands in for a page's; nothing stays."""
    del site
    with as_system():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def officer(account: Callable[..., Any]) -> Actor:
    user = account("one_stop_officer", unit=PLACE)
    return Actor(user.username, "officer", user)


@pytest.fixture
def leader(account: Callable[..., Any]) -> Actor:
    user = account("unit_head", unit=PLACE)
    return Actor(user.username, "leader", user)


# --- what they say ---


@pytest.mark.usefixtures("owner")
@pytest.mark.parametrize("kind", DATA)
def test_each_paper_says_what_its_model_asks_for(
    kind: str, officer: Actor, golden: Callable[[str, str], None]
) -> None:
    one = do(filed(), officer, "accept", at(0, 1))
    by = LEADER if kind == "result" else OFFICER
    made = making.make(one, kind, data=DATA[kind] | {"electronic": False}, by=by, at=at(1))
    said = papers.words(store.read(made)).replace(one.code, "<mã hồ sơ>")
    said = re.sub(r"Người thử \d+", "Người thử", said)
    said = re.sub(r"(\d\d/\d\d/\d{4}) +\d+$", r"\1", said, flags=re.M)  # a long one's number wraps
    golden(f"papers/{kind}.txt", re.sub(r"[ \t]+\n", "\n", said))


@pytest.mark.usefixtures("owner")
def test_the_same_data_and_moment_make_the_same_bytes() -> None:
    given = filling.filled(filed(), "refusal", number="1/TCHS", data=REFUSED, by=OFFICER, at=at())
    first, again, later = (
        typesetting.pdf(making.TEMPLATES / "refusal.typ", given, at=moment)
        for moment in (at(), at(), at(1))
    )
    assert first == again and first != later


# --- which action makes which ---


@pytest.mark.usefixtures("owner")
def test_each_action_makes_its_paper_once_and_numbers_run_by_unit_kind_and_year(
    officer: Actor, leader: Actor
) -> None:
    one = do(do(filed(), officer, "accept", at(0, 1)), officer, "take", at(0, 2))
    asked = {"papers": "Giấy chứng sinh"}
    one = do(one, officer, "ask_supplement", at(0, 3), "Thiếu giấy", **asked)
    one = do(do(one, officer, "supplement", at(1)), officer, "propose", at(1, 1))
    one = do(one, leader, "sign", at(1, 2))
    do(filed(), officer, "refuse", at(2), "Sai thẩm quyền", law="Điều 17")
    do(
        do(filed(), officer, "accept", at(2)),
        officer,
        "stop",
        at(3),
        "Không đủ điều kiện",
        law="Điều 16",
    )
    made = store.of_dossier(one.dossier_no)
    assert [(p.kind, p.signed) for p in made] == [
        ("receipt", ""),
        ("supplement", ""),
        ("result", "B-LT"),
    ]
    with connection.cursor() as cursor:
        cursor.execute("SELECT kind, number FROM services.paper ORDER BY paper_no")
        assert cursor.fetchall() == [
            ("receipt", "1/TNHS"), ("supplement", "1/HDHS"), ("result", "1/TLKS"), ("refusal", "1/TCHS"),
            ("receipt", "2/TNHS"), ("stop", "1/DHS"),
        ]  # fmt: skip


@pytest.mark.usefixtures("owner")
def test_a_result_that_cannot_be_signed_undoes_the_signature(
    officer: Actor, leader: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_a: Any, **_k: Any) -> None:
        raise StoreError("Thiết bị ký số không trả lời.\nNo answer.")

    monkeypatch.setattr(signing_port, "signatory", gone)
    with pytest.raises(ServiceError, match="không trả lời"), transaction.atomic():
        finished(filed(), officer, leader)
    signed_by_hand = finished(filed(), officer, leader, electronic=False)
    assert not signed_by_hand.electronic_result
    assert store.of_dossier(signed_by_hand.dossier_no)[-1].signed == ""


# --- nothing is asked for twice ---


@pytest.fixture
def kept(
    register_site: RegisterSite,
    two: tuple[str, str],
    account: Callable[..., Any],
) -> dict[str, Any]:
    """A finished birth registration of a real row of the register, with its papers."""
    unit = register_site.communes[0]
    people = {role: account(role, unit=unit) for role in ("one_stop_officer", "unit_head")}
    officer, leader = (
        Actor(user.username, role, user)
        for user, role in zip(people.values(), ("officer", "leader"), strict=True)
    )
    with as_system():
        one = finished(filed(applicant=UUID(two[0]), unit=unit), officer, leader)
        made = store.of_dossier(one.dossier_no)
    return {"dossier": one, "papers": made, "unit": unit, "citizen": two[0], "other": two[1]}


def test_a_kept_result_proves_itself_to_the_person_and_to_who_handles_their_next_dossier(
    kept: dict[str, Any], register_site: RegisterSite, client_as: Callable[..., Any]
) -> None:
    citizen, elsewhere = kept["citizen"], register_site.communes[1]
    mine, theirs = (come_in(register_site, kept[who]) for who in ("citizen", "other"))
    with as_app(mine):
        found = store.proves(citizen, "result:BG.ES12")
        assert found and found.number.endswith("/TLKS")
        assert store.proves(citizen, "result:BG.ES13") is None
    with as_app(theirs):
        assert store.proofs(citizen) == [] and store.of_person(citizen) == []
    handler = client_as("one_stop_officer", unit=elsewhere)
    with as_officer(handler):
        assert store.proves(citizen, "result:BG.ES12") is None
    with as_system():
        filed("1.004222", applicant=UUID(citizen), unit=elsewhere)
    with as_officer(handler):
        assert store.proves(citizen, "result:BG.ES12") == found


# --- who opens them ---


def test_papers_open_where_the_dossier_does_and_every_opening_is_told(
    kept: dict[str, Any], register_site: RegisterSite, client_as: Callable[..., Any]
) -> None:
    paper = kept["papers"][-1]
    address, own = f"/giay-to/{paper.paper}/", f"/cong-dan/giay-to/{paper.paper}/"
    here = client_as("one_stop_officer", unit=kept["unit"])
    away = client_as("one_stop_officer", unit=register_site.communes[1])
    shown = here.get(address)
    assert (
        shown.content == _bytes(register_site, paper) and shown["Content-Type"] == "application/pdf"
    )
    assert shown["Cache-Control"] == "private, no-store" and kept["citizen"] not in str(
        shown.headers
    )
    assert away.get(address).status_code == 404
    assert client_as("clinic_clerk").get(address).status_code == 403
    mine, theirs = (come_in(register_site, kept[who]) for who in ("citizen", "other"))
    assert mine.get(own).content == shown.content
    assert theirs.get(own).status_code == 404
    assert "Trích lục khai sinh" in mine.get("/cong-dan/giay-to/").content.decode()
    assert "Trích lục khai sinh" not in theirs.get("/cong-dan/giay-to/").content.decode()
    opened = register_site.ask(
        "SELECT by, citizen::text FROM services.paper_opening WHERE paper = %s ORDER BY 1",
        str(paper.paper),
    )
    assert sorted(opened, key=str) == sorted(
        [(here.user.username, None), ("công dân", kept["citizen"])], key=str
    )
    ((basis,),) = register_site.ask(
        "SELECT basis FROM register.access_log WHERE by = %s AND citizen_id = %s",
        here.user.username, kept["citizen"],
    )  # fmt: skip
    assert kept["dossier"].code in basis and paper.number in basis


def test_no_page_changes_a_paper_and_no_citizen_makes_a_result(
    kept: dict[str, Any], register_site: RegisterSite, client_as: Callable[..., Any]
) -> None:
    here, mine = (
        client_as("one_stop_officer", unit=kept["unit"]),
        come_in(register_site, kept["citizen"]),
    )
    for statement in ("UPDATE services.paper SET number = 'x'", "DELETE FROM services.paper_file"):
        with pytest.raises(DatabaseError, match="permission denied"), as_officer(here) as cursor:
            cursor.execute(statement)
    with pytest.raises(DatabaseError, match="row-level security"), as_app(mine) as cursor:
        cursor.execute(
            "INSERT INTO services.paper (paper, dossier_no, kind, proves, number, title, unit_code, at, by,"
            " sha256, size) VALUES (%s, %s, 'result', 'result:BG.ES14', '9/X', 'X', %s, now(), 'x', sha256('x'), 1)",
            [uuid4(), kept["dossier"].dossier_no, kept["unit"]],
        )


def test_a_form_made_while_a_relative_is_logged_in_is_the_applicants(
    register_site: RegisterSite, two: tuple[str, str]
) -> None:
    applicant, relative = two
    with as_system():
        one = filed(
            applicant=UUID(applicant), unit=register_site.communes[0], filed_by=UUID(relative)
        )
    with as_app(come_in(register_site, relative)) as cursor:
        made = making.make(one, "stop", data=REFUSED, by=papers.SYSTEM, at=at(1))
        assert store.get(made.paper) == made and store.of_person(applicant) == [made]
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            store.belongs(made.paper, uuid4())
        cursor.execute("SELECT 1")


def test_bytes_changed_in_the_database_are_not_handed_out(
    kept: dict[str, Any], register_site: RegisterSite, client_as: Callable[..., Any]
) -> None:
    paper = kept["papers"][0]
    here = client_as("one_stop_officer", unit=kept["unit"])
    with psycopg.connect(register_site.dsn, autocommit=True) as con:
        con.execute(
            "UPDATE services.paper_file SET body = body || '%%' WHERE paper = %s", [paper.paper]
        )
    assert here.get(f"/giay-to/{paper.paper}/").status_code == 404


def test_the_control_slip_is_made_when_it_is_asked_for(
    kept: dict[str, Any], client_as: Callable[..., Any]
) -> None:
    here = client_as("one_stop_officer", unit=kept["unit"])
    answer = here.post(f"/giay-to/kiem-soat/{kept['dossier'].dossier_no}/")
    said = papers.words(here.get(answer["Location"]).content)
    assert all(
        f" {word}" in said for word in ("Tiếp nhận", "Trình ký", "Ký, kết thúc xử lý", "Đúng hạn")
    )


def _bytes(register: RegisterSite, paper: store.Paper) -> bytes:
    ((body,),) = register.ask(
        "SELECT body FROM services.paper_file WHERE paper = %s", str(paper.paper)
    )
    return bytes(body)
