"""Duties of who holds personal data: requests in time, what is stopped really stops, breaches with their clock."""

from __future__ import annotations

import datetime as dt
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4
from zipfile import ZipFile

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from joserfc import jws
from joserfc.jwk import OKPKey
from tests.web import consents
from tests.web.register import RegisterSite

from dancu.platform.access.rights import Refused
from dancu.platform.consent import (
    assessments,
    breaches,
    errors,
    receipts,
    requests,
    services,
    standing,
    states,
)
from dancu.platform.register.door import access_citizen
from dancu.reference import consent_texts, privacy, purposes
from dancu.store import keyring

# loại | ngày nhận | phản hồi trước hết ngày | thực hiện trước hết ngày | gia hạn thêm (ngày)
DEADLINES = """
access      2025-12-30  2026-01-02  2026-01-02   0
access      2026-03-02  2026-03-04  2026-03-12  10
correction  2026-03-06  2026-03-10  2026-03-16  10
restriction 2026-03-02  2026-03-04  2026-03-17  15
objection   2026-03-02  2026-03-04  2026-03-17  15
withdrawal  2026-03-02  2026-03-04  2026-03-17  15
deletion    2026-03-02  2026-03-04  2026-03-22  20
"""
# trạng thái | thao tác | sau đó («-»: không được)
REQUEST = """
new       acknowledge working
new       fulfil      done
new       refuse      refused
new       cancel      cancelled
new       extend      -
working   extend      working
working   fulfil      done
working   acknowledge -
done      lift        lifted
done      refuse      -
done      cancel      -
refused   fulfil      -
cancelled acknowledge -
lifted    lift        -
"""
BREACH = """
found       add         found
found       count       found
found       notify      notified
found       tell_people -
found       close       -
notified    tell_people people_told
notified    close       closed
notified    notify      -
people_told count       -
people_told close       closed
closed      add         -
"""


def table(text: str) -> list[list[str]]:
    return [line.split() for line in text.strip().splitlines()]


@pytest.mark.parametrize(("kind", "received", "respond", "due", "more"), table(DEADLINES))
def test_last_days(kind: str, received: str, respond: str, due: str, more: str) -> None:
    day = dt.date.fromisoformat(received)
    law = privacy.deadline(kind, on=day)
    assert (law.respond(day).isoformat(), law.due(day).isoformat()) == (respond, due)
    assert law.extension_days == int(more)


@pytest.mark.parametrize(("state", "action", "expected"), table(REQUEST))
def test_what_may_become_of_a_request(state: str, action: str, expected: str) -> None:
    assert (states.REQUEST.moves.after(state, action) or "-") == expected


@pytest.mark.parametrize(("state", "action", "expected"), table(BREACH))
def test_what_may_become_of_a_breach(state: str, action: str, expected: str) -> None:
    assert (states.BREACH.moves.after(state, action) or "-") == expected


def test_each_purpose_by_consent_has_its_text_and_asks_no_more_than_the_purpose_allows() -> None:
    for day in (dt.date(2024, 6, 21), dt.date(2026, 3, 2)):
        by_consent = {p.code: p for p in purposes.purposes(on=day).values() if p.by_consent}
        texts = consent_texts.texts(on=day)
        assert set(texts) == set(by_consent)
        for code, text in texts.items():
            assert set(text.fields) <= by_consent[code].fields, code
            for lang in ("vi", "en"):
                assert all(text.said(lang, recipient="A").values())


# --- requests ---


@pytest.fixture
def person(register_site: RegisterSite) -> str:
    """An adult about whom nothing was asked yet."""
    consents.make_partner(register_site)
    taken = "citizen_id NOT IN (SELECT citizen_id FROM consent.request UNION SELECT citizen_id FROM consent.granted)"
    return register_site.citizen(register_site.communes[0], 0, f"{consents.ADULT} AND {taken}")


@pytest.fixture
def police(register_site: RegisterSite, client_as: Callable[..., Any]) -> Any:
    return client_as("commune_police", unit=register_site.communes[0])


@pytest.fixture
def auditor(register_site: RegisterSite, client_as: Callable[..., Any]) -> Any:
    del register_site
    return client_as("auditor", unit="24")


def asks(who: str, kind: str, **more: Any) -> requests.Request:
    with consents.citizen(who) as me:
        return requests.submit(
            citizen_id=who, kind=kind, by=me, at=timezone.now(), event_id=uuid4(), **more
        )


def act(client: Any, one: requests.Request, action: str, **more: Any) -> requests.Request:
    at = more.pop("at", None) or timezone.now()
    n = more.pop("n", one.n)
    with consents.officer(client) as by:
        wanted = requests.Ask(action, uuid4(), n, **more)
        return requests.do_act(request_no=one.request_no, by=by, at=at, ask_for=wanted)


def test_an_objection_that_is_granted_stops_the_door_and_lifting_it_opens_it(
    register_site: RegisterSite, police: Any, person: str
) -> None:
    one = asks(person, "objection", purposes=["residence", "procedure"], words="Không đồng ý")
    assert standing.restricted(citizen_id=person, purpose="residence") is None
    one = act(police, one, "acknowledge")
    one = act(police, one, "fulfil", purposes=("residence",))
    assert standing.restricted(citizen_id=person, purpose="residence") == one.request_no
    assert standing.restricted(citizen_id=person, purpose="procedure") is None
    with consents.officer(police) as by, pytest.raises(PermissionDenied):
        access_citizen(citizen_id=person, by=by, purpose="residence", fields=["full_name"])
    act(police, one, "lift", reason="Công dân xin gỡ ngày 05/03")
    with consents.officer(police) as by:
        seen = access_citizen(citizen_id=person, by=by, purpose="residence", fields=["full_name"])
    assert seen.citizen_id == person
    del register_site


def test_a_withdrawn_consent_stops_the_door(register_site: RegisterSite, person: str) -> None:
    """By an officer too: a purpose by consent needs the person's word to the authority itself."""
    text = consent_texts.get("bank", on=timezone.localdate())
    asked = {"citizen_id": person, "by": None, "purpose": "bank", "fields": ["full_name"]}
    bank = client_of(register_site)

    def look() -> None:
        with consents.officer(bank) as by:
            access_citizen(**(asked | {"by": by}))

    with pytest.raises(PermissionDenied):
        look()
    with consents.citizen(person) as me:
        made = services.grant(
            citizen_id=person, purpose="bank", partner=None, by=me, at=timezone.now(), event_id=uuid4(),
            seen=text.version,
        )  # fmt: skip
    look()
    one = asks(person, "withdrawal", consent_no=made.consent_no)
    assert one.consent_no == made.consent_no
    assert standing.given(citizen_id=person, purpose="bank", partner=None) is None
    with pytest.raises(PermissionDenied):
        look()


def client_of(register: RegisterSite) -> Any:
    """An officer whom the catalogue lets ask for the purpose of banks."""
    from django.test import Client
    from tests.web.live import log_in

    from dancu.platform.access import territory
    from dancu.platform.accounts import services as accounts

    user, first = accounts.do_create_user(
        username=f"bank.{uuid4().hex[:6]}", display_name="Người thử", by="test", demo=True
    )
    for role in ("bank_officer", "commune_police"):
        accounts.do_grant(
            user=user, role=role, unit_code=register.communes[0], unit_on=territory.register_day(), by="test",
            reason="test",
        )  # fmt: skip
    client = Client()
    client.user = user
    log_in(client, user.username, first)
    return client


def test_an_extension_is_given_once_in_time_with_a_reason(police: Any, person: str) -> None:
    one = act(police, asks(person, "access"), "acknowledge")
    with pytest.raises(errors.ConsentError, match="lý do"):
        act(police, one, "extend")
    late = timezone.now() + dt.timedelta(days=11)
    with pytest.raises(errors.NotOpen, match="quá hạn"):
        act(police, one, "extend", reason="Chờ nguồn trả lời", at=late)
    longer = act(police, one, "extend", reason="Chờ nguồn trả lời")
    assert (longer.due_on - one.due_on).days == 10
    with pytest.raises(errors.NotOpen, match="gia hạn"):
        act(police, longer, "extend", reason="Lần thứ hai")


def test_a_refusal_names_its_law(police: Any, person: str) -> None:
    one = asks(person, "deletion", words="Xóa mọi dữ liệu")
    with pytest.raises(errors.ConsentError, match="căn cứ"):
        act(police, one, "refuse", reason="Dữ liệu theo luật")
    refused = act(
        police, one, "refuse", reason="Dữ liệu theo luật", law="Luật 91/2025/QH15 điều 14"
    )
    assert refused.state == "refused"


def test_of_two_officers_one_is_first_and_the_same_event_twice_is_one_step(
    police: Any, person: str
) -> None:
    one = asks(person, "access")
    event = uuid4()
    with consents.officer(police) as by:
        wanted = requests.Ask("acknowledge", event, 0)
        first = requests.do_act(request_no=one.request_no, by=by, at=timezone.now(), ask_for=wanted)
        again = requests.do_act(request_no=one.request_no, by=by, at=timezone.now(), ask_for=wanted)
    assert first.n == again.n == 1
    with pytest.raises(errors.NotOpen, match="người khác"):
        act(police, one, "fulfil", n=0)


def test_what_was_late_stays_late(register_site: RegisterSite, police: Any, person: str) -> None:
    one = asks(person, "access")
    register_site.do(
        "UPDATE consent.request SET respond_by = %s, due_on = %s WHERE request_no = %s",
        timezone.localdate() - dt.timedelta(days=2), timezone.localdate() - dt.timedelta(days=1), one.request_no,
    )  # fmt: skip
    with consents.officer(police):
        found = requests.find(one.request_no)
    assert found is not None and found.late(timezone.localdate())
    done = act(police, found, "fulfil")
    assert done.state == "done" and done.late(timezone.localdate() + dt.timedelta(days=400))


def test_a_person_takes_a_request_back_and_does_nothing_else_to_it(person: str) -> None:
    one = asks(person, "access")
    with consents.citizen(person) as me:
        with pytest.raises(errors.NotOpen):
            requests.do_act(
                request_no=one.request_no, by=me, at=timezone.now(), ask_for=requests.Ask("fulfil", uuid4(), 0)
            )  # fmt: skip
        back = requests.do_act(
            request_no=one.request_no, by=me, at=timezone.now(), ask_for=requests.Ask("cancel", uuid4(), 0)
        )  # fmt: skip
    assert back.state == "cancelled"


def test_a_request_is_seen_in_its_commune_and_by_the_auditor(
    register_site: RegisterSite, client_as: Callable[..., Any], auditor: Any, person: str
) -> None:
    one = asks(person, "access")
    elsewhere = client_as("commune_police", unit=register_site.communes[1])
    with consents.officer(elsewhere):
        assert requests.find(one.request_no) is None
    with consents.officer(auditor):
        assert requests.find(one.request_no) is not None
    other = register_site.citizen(register_site.communes[1], 0, consents.ADULT)
    with consents.citizen(other):
        assert requests.find(one.request_no) is None


def test_a_correction_is_a_task_until_it_is_answered(
    register_site: RegisterSite, police: Any, person: str
) -> None:
    from dancu.platform.worklists import making

    one = asks(person, "correction", fields={"ethnic": "Tày"}, words="Theo giấy khai sinh")
    ((task, state, asked, due),) = register_site.ask(
        "SELECT id, state, asked_fields, fix_due FROM worklists_task WHERE citizen_id = %s", person
    )
    assert (state, asked) == ("new", ["ethnic"])
    assert due <= one.due_on
    making.refresh_tasks([register_site.communes[0]])
    assert register_site.ask("SELECT state FROM worklists_task WHERE id = %s", task) == [("new",)]
    page = police.get(f"/viec/{task}/").content.decode()
    assert "f_ethnic" in page and "Theo giấy khai sinh" in page
    with pytest.raises(errors.NotOpen, match="Chưa sửa"):
        act(police, one, "fulfil")
    act(police, one, "refuse", reason="Giấy tờ không khớp", law="Luật 91/2025/QH15 điều 13")
    making.refresh_tasks([register_site.communes[0]])
    left = register_site.ask("SELECT cardinality(asked) FROM worklists_task WHERE id = %s", task)
    assert left == [(0,)]


# --- breaches ---


@pytest.fixture
def breach(auditor: Any) -> Iterator[breaches.Breach]:
    with consents.officer(auditor) as by:
        at = timezone.now()
        made = breaches.report(
            discovered_at=at - dt.timedelta(hours=1), content={"what": "Tài khoản bị dùng ngoài giờ"}, by=by, at=at,
            event_id=uuid4(),
        )  # fmt: skip
    yield made


def do(client: Any, one: breaches.Breach, action: str, **more: Any) -> breaches.Breach:
    with consents.officer(client) as by:
        return breaches.do_act(
            breach_no=one.breach_no, by=by, at=more.pop("at", None) or timezone.now(),
            ask_for=breaches.Ask(action, uuid4(), one.n, **more),
        )  # fmt: skip


REST = {
    "data": "Họ tên", "consequences": "Lộ nơi ở", "measures": "Khoá tài khoản", "contact": "Trưởng phòng",
}  # fmt: skip


def test_the_clock_runs_72_hours_from_the_discovery_and_a_late_notice_stays_late(
    auditor: Any, breach: breaches.Breach
) -> None:
    assert breach.notify_by - breach.discovered_at == dt.timedelta(hours=72)
    assert not breach.late(breach.notify_by)
    assert breach.late(breach.notify_by + dt.timedelta(seconds=1))
    with pytest.raises(errors.ConsentError, match="thiếu"):
        do(auditor, breach, "notify")
    whole = do(auditor, breach, "add", content=REST)
    assert whole.missing() == [] and whole.content["what"] == breach.content["what"]
    late = do(auditor, whole, "notify", at=breach.notify_by + dt.timedelta(hours=2))
    assert late.state == "notified"
    assert late.late(breach.discovered_at) and late.late(breach.notify_by + dt.timedelta(days=900))


def test_a_notice_cannot_be_said_to_have_gone_before_the_discovery(
    auditor: Any, breach: breaches.Breach
) -> None:
    whole = do(auditor, breach, "add", content=REST)
    with pytest.raises(errors.ConsentError):
        do(auditor, whole, "notify", sent_at=breach.discovered_at - dt.timedelta(minutes=1))


def test_whom_it_touched_is_told_by_the_log_and_they_read_it_themselves(
    register_site: RegisterSite, auditor: Any, police: Any, breach: breaches.Breach, person: str
) -> None:
    unit = register_site.communes[0]
    other = register_site.citizen(register_site.communes[1], 0, consents.ADULT)
    since = timezone.now() - dt.timedelta(minutes=1)
    with consents.officer(police) as by:
        access_citizen(citizen_id=person, by=by, purpose="residence", fields=["full_name"])
    found = do(
        auditor, breach, "count", who=police.user.username, since=since, until=timezone.now()
    )
    assert found.people == 1
    with consents.officer(auditor):
        assert breaches.units_of(found.breach_no) == [(unit, 1)]
    whole = do(auditor, found, "add", content=REST)
    sent = do(auditor, whole, "notify")
    with consents.citizen(person):
        assert breaches.mine() == []
    do(auditor, sent, "tell_people", words="Tài khoản cán bộ bị lợi dụng, họ tên đã bị xem.")
    with consents.citizen(person):
        told = breaches.mine()
        assert breaches.find(found.breach_no) is None
    assert [row["words"] for row in told] == ["Tài khoản cán bộ bị lợi dụng, họ tên đã bị xem."]
    with consents.citizen(other):
        assert breaches.mine() == []


def test_the_register_of_breaches_is_the_officers_of_data_protection_alone(
    police: Any, breach: breaches.Breach
) -> None:
    with consents.officer(police) as by:
        assert breaches.find(breach.breach_no) is None
        with pytest.raises(Refused):
            breaches.report(
                discovered_at=timezone.now(), content={"what": "x"}, by=by, at=timezone.now(), event_id=uuid4()
            )  # fmt: skip


# --- records, assessments, receipts, pages ---


def test_an_assessment_is_kept_in_versions_and_abroad_says_none(auditor: Any) -> None:
    today = timezone.localdate()
    with consents.officer(auditor) as by:
        needed = {"necessity": "Ít nhất"}
        first = assessments.keep(kind="processing", texts=needed, seen=0, by=by, on=today)
        with pytest.raises(errors.NotOpen, match="bản mới hơn"):
            assessments.keep(kind="processing", texts={}, seen=0, by=by, on=today)
        second = assessments.keep(kind="processing", texts={"purposes": "bịa"}, seen=1, by=by, on=today)  # fmt: skip
        abroad = assessments.keep(kind="transfer", texts={}, seen=0, by=by, on=today)
    assert (first.version, second.version) == (1, 2)
    assert second.content["parts"]["necessity"] == "Ít nhất"
    assert "bịa" not in second.content["parts"]["purposes"]
    assert "Quản lý cư trú" in second.content["parts"]["purposes"]
    assert set(abroad.content["parts"].values()) == {"Không chuyển"}


def test_records_of_processing_name_every_purpose_with_its_law(auditor: Any) -> None:
    told = json.loads(auditor.get("/du-lieu-ca-nhan/ho-so-xu-ly.json").content)["processing"]
    known = purposes.purposes(on=timezone.localdate())
    assert [row["code"] for row in told] == list(known)
    assert [row["law"] for row in told] == [p.law for p in known.values()]
    assert {row["transfer"] for row in told} == {"không chuyển"}
    bank = next(row for row in told if row["code"] == "bank")
    assert "Ngân hàng A" in bank["recipients"]
    sheet = auditor.get("/du-lieu-ca-nhan/ho-so-xu-ly.xlsx").content
    with ZipFile(io.BytesIO(sheet)) as book:
        assert "Quản lý cư trú" in book.read("xl/sharedStrings.xml").decode()


def test_a_receipt_can_be_checked_by_anyone_who_has_the_public_key(person: str) -> None:
    with consents.citizen(person) as me:
        made = services.grant(
            citizen_id=person, purpose="bank", partner=consents.PARTNER, by=me, at=timezone.now(), event_id=uuid4(),
            seen=consent_texts.get("bank", on=timezone.localdate()).version,
        )  # fmt: skip
    token = receipts.signed(made)
    key = OKPKey.import_key(dict(keyring.current("answer").jwk))
    read = jws.deserialize_compact(token, key, algorithms=["EdDSA"])
    told = json.loads(read.payload)
    assert (told["receipt"], told["text_sha256"]) == (str(made.receipt), made.text_sha256)
    assert "Ngân hàng A" in told["said"]["text"]


def test_an_officer_records_a_consent_and_a_request_on_paper_and_ends_the_consent(
    register_site: RegisterSite, police: Any, person: str
) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    def scan() -> SimpleUploadedFile:
        return SimpleUploadedFile("x.png", consents.picture(), "image/png")

    start = f"/du-lieu-ca-nhan/nguoi/{person}/"
    address = f"{start}dong-y/?muc-dich=bank&noi-nhan={consents.PARTNER}"
    page = police.get(address).content.decode()
    assert "chưa xác minh danh tính" in page
    with consents.officer(police) as by:
        receipt = consents.paper(by, person).identity_receipt
    page = police.get(address).content.decode()
    assert str(receipt) in page and "Ngân hàng A" in page
    form = {
        "event_id": str(uuid4()), "seen": consent_texts.get("bank", on=timezone.localdate()).version,
        "form_no": f"PĐY-T{uuid4().hex[:6]}", "check_receipt": str(receipt), "scan": scan(),
    }  # fmt: skip
    unread = police.post(address, form)
    assert unread.status_code == 422
    assert standing.given(citizen_id=person, purpose="bank", partner=consents.PARTNER) is None
    made = police.post(address, form | {"heard": "on", "scan": scan()})
    assert made.status_code == 302
    assert "Còn hiệu lực" in police.get(made["Location"]).content.decode()
    assert police.get(f"{made['Location']}phieu/")["Content-Type"] == "image/jpeg"
    number = made["Location"].rstrip("/").rsplit("/", 1)[-1]
    police.post(f"/du-lieu-ca-nhan/dong-y/{number}/rut/", {"event_id": str(uuid4())})
    assert standing.given(citizen_id=person, purpose="bank", partner=consents.PARTNER) is None
    asked = police.post(f"{start}yeu-cau/restriction/", {
        "event_id": str(uuid4()), "form_no": f"ĐƠN-{uuid4().hex[:6]}", "check_receipt": str(receipt), "scan": scan(),
        "purpose": ["social"],
    })  # fmt: skip
    assert asked.status_code == 302
    request = int(asked["Location"].split("/")[-3])
    page = police.get(f"/du-lieu-ca-nhan/yeu-cau/{request}/").content.decode()
    assert "Bảo trợ xã hội" in page
    done = police.post(
        f"/du-lieu-ca-nhan/yeu-cau/{request}/lam/",
        {"action": "fulfil", "event_id": str(uuid4()), "n": "0", "purpose": ["social"]},
    )
    assert done.status_code == 302
    assert standing.restricted(citizen_id=person, purpose="social") == request
    letter = police.get(f"/du-lieu-ca-nhan/yeu-cau/{request}/tra-loi/").content.decode()
    assert "Đã thực hiện" in letter
    del register_site


def test_the_diagrams_of_the_guide_are_those_of_the_tables() -> None:
    guide = (Path(__file__).resolve().parents[2] / "docs/how-to/consent.md").read_text("utf-8")
    for machine in (states.REQUEST, states.BREACH):
        assert f"```mermaid\n{machine.moves.diagram()}\n```" in guide
