"""A parent on the citizen's page for a child, and what the province must tell whom an incident touched."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
from django.test import Client
from django.utils import timezone
from tests.web import consents
from tests.web.citizens import ADULT, as_app, come_in, text
from tests.web.register import RegisterSite

from dancu.platform.access import terms
from dancu.platform.consent import breaches
from dancu.reference.terms import term


@dataclass(frozen=True)
class Family:
    """A mother with two children and a grown one; somebody else."""

    mother: str
    child: str
    sister: str
    grown: str
    other: str


@pytest.fixture(scope="module")
def family(register_site: RegisterSite) -> Family:
    consents.make_partner(register_site)
    unit, year = register_site.communes[0], timezone.localdate().year
    mother, other = (register_site.citizen(unit, n, ADULT) for n in (0, 4))
    young = "birth_date > DATE '2012-01-01' AND full_name IS NOT NULL"
    child, sister = (register_site.citizen(unit, n, young) for n in (0, 1))
    grown = register_site.citizen(unit, 0, "birth_year BETWEEN 2000 AND 2005 AND life_status = '1'")
    register_site.do(
        "UPDATE register.person SET mother_number = NULL, father_number = NULL WHERE mother_number ="
        " (SELECT personal_number FROM register.person WHERE citizen_id = %s)", mother,
    )  # fmt: skip
    for one, born in ((child, year - 9), (sister, year - 4), (grown, year - 19)):
        register_site.do(
            "UPDATE register.person c SET mother_number = m.personal_number, father_number = NULL, birth_latest = %s"
            " FROM register.person m WHERE c.citizen_id = %s AND m.citizen_id = %s", dt.date(born, 1, 1), one, mother,
        )  # fmt: skip
    return Family(mother, child, sister, grown, other)


def name(site: RegisterSite, who: str) -> str:
    return str(site.ask("SELECT full_name FROM register.person WHERE citizen_id = %s", who)[0][0])


def looks(site: RegisterSite, who: str) -> int:
    return int(site.ask("SELECT count(*) FROM register.access_log WHERE citizen_id = %s AND by = 'công dân'"
                        " AND fields = '{household}'", who)[0][0])  # fmt: skip


def agree(client: Client, who: str) -> Any:
    address = f"/cong-dan/toi/con/{who}/dong-y/bank/{consents.PARTNER}/"
    page = client.get(address)
    seen = re.findall(r'name="seen" value="([^"]+)"', text(page))
    return client.post(address, {"event_id": uuid.uuid4(), "seen": seen[0] if seen else ""})


def test_a_mother_agrees_withdraws_and_asks_for_a_child(
    register_site: RegisterSite, family: Family
) -> None:
    me = come_in(register_site, family.mother)
    listed = text(me.post("/cong-dan/toi/con/"))
    assert name(register_site, family.child) in listed and family.sister in listed
    assert family.grown not in listed and me.get("/cong-dan/toi/con/").status_code == 405
    assert name(register_site, family.child) in text(me.get(f"/cong-dan/toi/con/{family.child}/dong-y/"))  # fmt: skip
    given = agree(me, family.child)
    receipt = given["Location"]
    assert "Đồng ý này là của con bạn." in text(me.get(receipt))
    page = text(me.get(f"/cong-dan/toi/con/{family.child}/"))
    assert "Đang có hiệu lực" in page and receipt in page
    assert receipt not in text(me.get("/cong-dan/toi/dong-y/")), "it is the child's, not one's own"
    assert me.post(f"{receipt}rut/", {"event_id": uuid.uuid4()}).status_code == 302
    assert "Đã rút" in text(me.get(receipt))
    sent = me.post(
        f"/cong-dan/toi/con/{family.child}/yeu-cau/restriction/",
        {"event_id": uuid.uuid4(), "purposes": ["bank"]},
    )
    wrong = me.post(
        f"/cong-dan/toi/con/{family.child}/sua/ethnic/", {"event_id": uuid.uuid4(), "said": "Tày"}
    )
    for answer in (sent, wrong):
        assert answer.status_code == 302 and me.get(answer["Location"]).status_code == 200
    cancel = sent["Location"].split("?")[0] + "rut/"
    assert me.post(cancel, {"event_id": uuid.uuid4()}).status_code == 302
    rows = register_site.ask(
        "SELECT g.relation, g.given_by::text, w.given_by::text FROM consent.granted g JOIN consent.withdrawn w"
        " USING (consent_no) WHERE g.citizen_id = %s", family.child,
    )  # fmt: skip
    assert rows == [("mother", family.mother, family.mother)]
    asked = register_site.ask(
        "SELECT kind, relation, given_by::text FROM consent.request WHERE citizen_id = %s ORDER BY request_no",
        family.child,
    )
    assert asked == [(kind, "mother", family.mother) for kind in ("restriction", "correction")]


def test_each_page_that_names_a_child_is_a_line_in_this_childs_log_alone(
    register_site: RegisterSite, family: Family
) -> None:
    me = come_in(register_site, family.mother)
    before = looks(register_site, family.child), looks(register_site, family.sister)
    pages = ("", "dong-y/", f"dong-y/bank/{consents.PARTNER}/", "yeu-cau/access/", "sua/", "sua/ethnic/")  # fmt: skip
    for page in pages:
        assert name(register_site, family.child) in text(
            me.get(f"/cong-dan/toi/con/{family.child}/{page}")
        )
    after = looks(register_site, family.child), looks(register_site, family.sister)
    assert after == (before[0] + len(pages), before[1])


def test_of_a_childs_record_a_parent_is_shown_the_name_alone(
    register_site: RegisterSite, family: Family
) -> None:
    me = come_in(register_site, family.mother)
    ((number, born),) = register_site.ask(
        "SELECT personal_number, birth_date FROM register.person WHERE citizen_id = %s",
        family.child,
    )
    page = text(me.get(f"/cong-dan/toi/con/{family.child}/sua/birth_date/"))
    assert f"{born:%d/%m/%Y}" not in page and (not number or number not in page)


def test_a_grown_child_a_stranger_and_nobody_are_the_same_page_that_does_not_exist(
    register_site: RegisterSite, family: Family
) -> None:
    mother = come_in(register_site, family.mother)
    given = agree(mother, family.sister)["Location"]
    cases = (
        (mother, family.grown), (mother, family.other), (mother, str(uuid.uuid4())), (mother, family.mother),
        (come_in(register_site, family.other), family.child),
    )  # fmt: skip
    for client, who in cases:
        lines = looks(register_site, who)
        for page in (
            "",
            "dong-y/",
            f"dong-y/bank/{consents.PARTNER}/",
            "yeu-cau/access/",
            "sua/ethnic/",
        ):
            assert client.get(f"/cong-dan/toi/con/{who}/{page}").status_code == 404, page
        assert agree(client, who).status_code == 404 and looks(register_site, who) == lines
    stranger = come_in(register_site, family.other)
    for page in ("", "rut/", "bien-nhan/"):
        assert stranger.get(f"{given}{page}").status_code == 404
    assert stranger.post(f"{given}rut/", {"event_id": uuid.uuid4()}).status_code == 404


def test_what_a_child_agreed_to_is_not_the_parents_to_read_once_it_is_grown(
    register_site: RegisterSite, family: Family
) -> None:
    """Neither by a page nor by SQL of the parent's session."""
    with consents.citizen(family.grown) as me:
        from dancu.platform.consent import services

        asked = services.asked(purpose="bank", partner=consents.PARTNER, on=timezone.localdate())
        made = services.grant(
            citizen_id=family.grown, purpose="bank", partner=consents.PARTNER, by=me, at=timezone.now(),
            event_id=uuid.uuid4(), seen=asked.text.version,
        )  # fmt: skip
    mother = come_in(register_site, family.mother)
    assert mother.get(f"/cong-dan/toi/dong-y/{made.receipt}/").status_code == 404
    with as_app(mother) as cursor:
        cursor.execute("SELECT DISTINCT citizen_id::text FROM consent.granted")
        assert {row[0] for row in cursor.fetchall()} <= {family.mother, family.child, family.sister}
        cursor.execute("SELECT consent.is_parent(%s, %s)", [family.mother, family.grown])
        assert cursor.fetchone() == (False,)


def test_whoever_is_grown_is_so_by_the_age_of_the_law_on_the_day(
    register_site: RegisterSite, family: Family
) -> None:
    """A law that made people grown at 21 from a day on; a table without the day opens nothing."""

    def parent() -> bool:
        return bool(
            register_site.ask("SELECT consent.is_parent(%s, %s)", family.mother, family.grown)[0][0]
        )

    today = timezone.localdate()
    try:
        for since, grown in ((today + dt.timedelta(days=1), True), (today, False)):
            terms.write_down()
            register_site.do(
                "UPDATE access.term_years SET valid_to = %s WHERE code = 'adult' AND valid_to = 'infinity'",
                since - dt.timedelta(days=1),
            )  # fmt: skip
            register_site.do(
                "INSERT INTO access.term_years VALUES ('adult', 21, %s, 'infinity')", since
            )
            assert parent() is not grown
        register_site.do("DELETE FROM access.term_years WHERE code = 'adult'")
        with pytest.raises(psycopg.errors.RaiseException, match="adult"):
            parent()
    finally:
        terms.write_down()
    assert parent() is False


def test_the_database_has_the_ages_of_the_reference_data(register_site: RegisterSite) -> None:
    for code in ("adult", "child"):
        for day in (dt.date(2017, 6, 1), dt.date(2024, 6, 21), dt.date(2030, 1, 1)):
            found = register_site.ask("SELECT access.years(%s, %s)", code, day)
            assert found == [(term(code, on=day).amount,)]


def test_whom_an_incident_touched_reads_it_on_the_own_page_and_nobody_else(
    register_site: RegisterSite, family: Family, client_as: Callable[..., Any]
) -> None:
    words, at = "Tài khoản một cán bộ bị lợi dụng; họ tên của bạn đã bị xem.", timezone.now()
    with consents.officer(client_as("auditor")) as by:
        made = breaches.report(
            discovered_at=at, content={"what": "Tài khoản bị lợi dụng"}, by=by, at=at, event_id=uuid.uuid4()
        )  # fmt: skip
    register_site.do(
        "INSERT INTO consent.breach_person (breach_no, citizen_id, by) VALUES (%s, %s, 'test')",
        made.breach_no, family.mother,
    )  # fmt: skip
    touched, other = (come_in(register_site, who) for who in (family.mother, family.other))
    note = "Có sự cố liên quan đến dữ liệu của bạn."
    assert note not in text(touched.get("/cong-dan/toi/")), "not before they are to be told"
    register_site.do(
        "INSERT INTO consent.breach_step (breach_no, n, event_id, action, state_before, state_after, by, detail)"
        " VALUES (%s, 1, gen_random_uuid(), 'tell_people', 'notified', 'people_told', 'test',"
        " jsonb_build_object('words', %s::text))", made.breach_no, words,
    )  # fmt: skip
    assert note in text(touched.get("/cong-dan/toi/"))
    page = text(touched.get("/cong-dan/toi/su-co/"))
    assert words in page and "Tài khoản bị lợi dụng" not in page
    assert note not in text(other.get("/cong-dan/toi/"))
    assert "Không có sự cố nào được thông báo cho bạn." in text(other.get("/cong-dan/toi/su-co/"))
