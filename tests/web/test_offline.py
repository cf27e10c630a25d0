"""Lists for checks without a line: what is on them, who gets them, what comes back."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from tests.web.register import RegisterSite
from tests.web.worker import worked

from dancu.lib.signing import unb64
from dancu.platform.gateway import sealing
from dancu.platform.offline import form, making
from dancu.platform.offline.models import Check, Entry, ListEvent, OfflineList, Release
from dancu.store import keyring

PROVINCE = "24"
OWNER = "owner"


@pytest.fixture(autouse=True)
def own_keys(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DANCU_HOME", str(tmp_path))


@pytest.fixture
def maker(register_site: RegisterSite, client_as: Callable[..., Any]) -> Any:
    return client_as("exam_officer", unit=PROVINCE)


@pytest.fixture
def people(register_site: RegisterSite) -> dict[str, str]:
    """A living, a dead person, and two that share a number are looked for among those with a lawful number."""
    found: dict[str, str] = {}
    query = (
        "SELECT personal_number, citizen_id::text FROM register.person p WHERE life_status = %s"
        " AND personal_number ~ '^[0-9]{12}$' AND (SELECT count(*) FROM register.person q"
        " WHERE q.personal_number = p.personal_number) = 1 ORDER BY person_id LIMIT 1 OFFSET %s"
    )
    for name, life, n in (("living", "1", 0), ("other", "1", 1), ("dead", "2", 0)):
        found[name], found[name + "_id"] = register_site.ask(query, life, n)[0]
    return found


def a_list(
    maker: Any, numbers: list[str], *, by_worker: bool = True, **changed: Any
) -> OfflineList:
    """Through the page and the worker (beside a browser: what the worker would do)."""
    text = "STT,Số định danh,Phòng\n" + "".join(f"{n},{x},4\n" for n, x in enumerate(numbers, 1))
    now = timezone.localtime()
    until = now + dt.timedelta(hours=5)
    given = {
        "title": "Điểm thi số 12, phòng 4", "kind": "exam", "unit": PROVINCE, "devices": "2",
        "file": SimpleUploadedFile("thi-sinh.csv", text.encode()),
        "begin": f"{now - dt.timedelta(minutes=1):%H:%M %d/%m/%Y}", "until": f"{until:%H:%M %d/%m/%Y}",
    } | changed  # fmt: skip
    answer = maker.post("/ngoai-tuyen/danh-sach/lap/", given)
    assert answer.status_code == 302, re.findall('class="wrong">[^<]*', answer.content.decode())
    number = answer["Location"].rstrip("/").split("/")[-1]
    if by_worker:
        worked()
    else:
        making.make(number, lambda step, share: None)
    return OfflineList.objects.using(OWNER).get(pk=number)


def fetched(client: Any, of: OfflineList, device: UUID | None = None) -> Any:
    return client.post(f"/ngoai-tuyen/{of.pk}/nhan/", {"device": str(device or uuid4())})


def sent(client: Any, of: OfflineList, tag: bytes, told: str, device: UUID, **more: Any) -> Any:
    given = {
        "event_id": str(more.get("event") or uuid4()), "tag": tag.hex(), "told": told, "device": str(device),
        "at": (more.get("at") or timezone.now()).isoformat(),
    }  # fmt: skip
    return client.post(f"/ngoai-tuyen/{of.pk}/ket-qua/", given)


def test_a_list_of_candidates_says_of_each_number_what_the_register_says(
    register_site: RegisterSite, maker: Any, people: dict[str, str]
) -> None:
    stranger = "924099000017"
    found = a_list(maker, [people["living"], people["dead"], stranger, "12345", people["living"]])
    assert found.state == "ready" and found.counts == {
        "eligible": 1,
        "not_eligible": 1,
        "unsure": 1,
    }
    given = fetched(maker, found).json()
    payload = form.opened(given["file"].encode(), given["keys"])
    key = bytes.fromhex(given["key"])
    asked = {
        n: form.answer(payload, n, key)
        for n in (people["living"], people["dead"], stranger, people["other"])
    }
    assert [*asked.values()] == ["eligible", "not_eligible", "unsure", "not_listed"]
    assert (payload["title"], payload["purpose"]) == ("Điểm thi số 12, phòng 4", "exam")


def test_the_file_names_nobody_and_hides_how_many(maker: Any, people: dict[str, str]) -> None:
    found = a_list(maker, [people["living"], people["dead"]])
    file = bytes(found.file or b"")
    body = unb64(json.loads(file)["payload"])
    for one in (people["living"], people["living_id"], people["dead"]):
        assert one.encode() not in body and one.encode() not in file
        assert bytes.fromhex(one.replace("-", "")) not in unb64(json.loads(body)["entries"])
    assert len(unb64(json.loads(body)["entries"])) == form.DECOYS * form.ENTRY
    assert not {"key", "names"} & set(json.loads(body))


def test_a_list_that_was_changed_or_signed_by_another_is_not_believed(
    maker: Any, people: dict[str, str]
) -> None:
    found = a_list(maker, [people["living"]])
    file, keys = bytes(found.file or b""), [k.jwk for k in keyring.public(form.USE)]
    assert form.opened(file, keys)["id"] == str(found.pk)
    told = json.loads(file)
    for changed in (
        told | {"payload": told["payload"][:-8] + "AAAAAAAA"},
        told | {"signature": told["signature"][:-8] + "AAAAAAAA"},
        told | {"kid": "another"},
    ):
        with pytest.raises(ValueError):
            form.opened(json.dumps(changed).encode(), keys)


def test_making_a_list_is_one_export_in_the_ledger_that_each_person_sees(
    maker: Any, people: dict[str, str]
) -> None:
    from dancu.platform.ledger import bulk

    found = a_list(maker, [people["living"], people["dead"]])
    for name in ("living_id", "dead_id"):
        mine = [
            b for b in bulk.of(citizen_id=people[name], using=OWNER) if b.bulk_no == found.bulk_no
        ]
        assert [(b.by, b.purpose, b.count) for b in mine] == [(found.made_by, "exam", 2)]
    assert "Điểm thi số 12" in mine[0].what
    assert not [
        b for b in bulk.of(citizen_id=people["other_id"], using=OWNER) if b.bulk_no == found.bulk_no
    ]
    event = ListEvent.objects.using(OWNER).get(list_id=found.pk)
    assert event.what == "made" and len(event.digest) == 64
    assert found.wanted is None, "what was handed in is not kept"


def test_the_insured_of_a_commune(
    register_site: RegisterSite, client_as: Callable[..., Any]
) -> None:
    unit = register_site.ask(
        "SELECT unit_code FROM register.person WHERE bhyt_card IS NOT NULL AND bhyt_to IS NOT NULL"
        " AND personal_number IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC LIMIT 1"
    )[0][0]
    maker, clerk = client_as("data_steward", unit=PROVINCE), client_as("clinic_clerk", unit=unit)
    found = a_list(maker, [], kind="clinic", unit=unit, communes=[unit], file="")
    told = fetched(clerk, found).json()
    payload, key = form.opened(told["file"].encode(), told["keys"]), bytes.fromhex(told["key"])
    rows = register_site.ask(
        "SELECT personal_number, life_status, bhyt_from, bhyt_to FROM register.person p WHERE unit_code = %s"
        " AND bhyt_card IS NOT NULL AND personal_number IS NOT NULL AND (SELECT count(*) FROM register.person q"
        " WHERE q.personal_number = p.personal_number) = 1 ORDER BY person_id LIMIT 12", unit,
    )  # fmt: skip
    on, seen = dt.date(2024, 6, 21), set()
    for number, life, begin, end in rows:
        good = life == "1" and end is not None and end > on and (begin is None or begin <= on)
        answer = form.answer(payload, number, key)
        assert (answer == "eligible") == good or answer == "unsure", (life, begin, end, answer)
        seen.add(answer)
    assert "eligible" in seen
    uninsured = register_site.ask(
        "SELECT personal_number FROM register.person WHERE unit_code <> %s"
        " AND personal_number IS NOT NULL LIMIT 1", unit,
    )[0][0]  # fmt: skip
    assert form.answer(payload, uninsured, key) == "not_listed"


def test_nobody_lists_people_outside_the_own_territory(
    register_site: RegisterSite, client_as: Callable[..., Any], people: dict[str, str]
) -> None:
    own, foreign = register_site.communes[0], register_site.communes[1]
    steward = client_as("data_steward", unit=own)
    page = steward.get("/ngoai-tuyen/danh-sach/lap/").content.decode()
    assert f'value="{own}"' in page and f'value="{foreign}"' not in page
    now = timezone.localtime()
    times = {
        "begin": f"{now:%H:%M %d/%m/%Y}",
        "until": f"{now + dt.timedelta(hours=5):%H:%M %d/%m/%Y}",
    }
    refused = steward.post(
        "/ngoai-tuyen/danh-sach/lap/",
        {"title": "x", "kind": "clinic", "unit": own, "communes": [foreign], "devices": "1"}
        | times,
    )
    assert refused.status_code == 422
    number, unit = register_site.ask(
        "SELECT personal_number, unit_code FROM register.person WHERE life_status = '1' AND unit_code = %s"
        " AND personal_number ~ '^[0-9]{12}$' ORDER BY person_id LIMIT 1", foreign,
    )[0]  # fmt: skip
    found = a_list(steward, [number], unit=own)
    assert found.counts == {"eligible": 0, "not_eligible": 0, "unsure": 1}, unit


# what is wrong with the form -> what is said
REFUSED = {
    "end before begin": ({"until": "06:00 27/06/2020"}, "Giờ kết thúc phải sau"),
    "too long": ({"until": f"{dt.datetime.now() + dt.timedelta(days=30):%H:%M %d/%m/%Y}"}, "trong 7 ngày"),
    "no file": ({"file": ""}, "Chọn một tệp danh sách"),
    "no number in the file": ({"file": "Ho ten\nGiáp Thị Mẫu\n"}, "không có số định danh"),
    "too many devices": ({"devices": "51"}, "50"),
    "no commune": ({"kind": "clinic"}, "Chọn ít nhất một xã"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_a_form_that_cannot_be_is_shown_again(
    maker: Any, people: dict[str, str], case: str
) -> None:
    changed, said = REFUSED[case]
    now = timezone.localtime()
    given: dict[str, Any] = {
        "title": "Phòng 4", "kind": "exam", "unit": PROVINCE, "devices": "1", "file": people["living"],
        "begin": f"{now:%H:%M %d/%m/%Y}", "until": f"{now + dt.timedelta(hours=5):%H:%M %d/%m/%Y}",
    } | changed  # fmt: skip
    if given["file"]:
        given["file"] = SimpleUploadedFile("a.csv", given["file"].encode())
    answer = maker.post("/ngoai-tuyen/danh-sach/lap/", given)
    assert answer.status_code == 422 and said in answer.content.decode()
    assert "Phòng 4" in answer.content.decode()


def test_a_list_goes_to_so_many_devices_of_its_unit_and_each_is_written_down(
    maker: Any, people: dict[str, str], client_as: Callable[..., Any]
) -> None:
    found = a_list(maker, [people["living"]])
    first, second, third = uuid4(), uuid4(), uuid4()
    assert fetched(maker, found, first).status_code == 200
    assert fetched(maker, found, second).status_code == 200
    refused = fetched(maker, found, third)
    assert refused.status_code == 409 and "đủ số máy" in refused.json()["message"]
    assert fetched(maker, found, first).status_code == 200, "the same device again"
    assert fetched(maker, found, None).status_code == 409
    assert maker.post(f"/ngoai-tuyen/{found.pk}/nhan/", {"device": "x"}).status_code == 422
    told = Release.objects.using(OWNER).filter(list_id=found.pk).values_list("by", "device")
    assert [*told] == [(found.made_by, d) for d in (first, second, first)]
    elsewhere = client_as("exam_officer", unit="07204")
    clinic = client_as("clinic_clerk", unit=PROVINCE)
    for other in (elsewhere, clinic):
        assert fetched(other, found).status_code == 409
        assert str(found.pk) not in other.get("/ngoai-tuyen/").content.decode()


def test_each_check_comes_once_into_the_log_of_its_person(
    register_site: RegisterSite, maker: Any, people: dict[str, str]
) -> None:
    found = a_list(maker, [people["living"]])
    device, event = uuid4(), uuid4()
    fetched(maker, found, device)
    tag = bytes(Entry.objects.using(OWNER).get(list_id=found.pk).tag)
    at = timezone.now()
    for again in (False, True, True):
        answer = sent(maker, found, tag, "eligible", device, event=event, at=at)
        assert answer.status_code == 200 and answer.json() == {"again": again, "conflicts": []}
    lines = register_site.ask(
        "SELECT receipt, by, purpose, channel, outcome, fields, basis FROM register.access_log"
        " WHERE request_id = %s", event,
    )  # fmt: skip
    ((receipt, by, purpose, channel, outcome, fields, basis),) = lines
    assert (by, purpose, channel, outcome, fields) == (
        found.made_by,
        "exam",
        "offline",
        "eligible",
        ["personal_number"],
    )
    assert f"kiểm ngoại tuyến lúc {timezone.localtime(at):%H:%M:%S ngày %d/%m/%Y}" in basis
    check = Check.objects.using(OWNER).get(pk=event)
    assert (check.receipt, check.checked_at) == (receipt, at)
    assert str(check.citizen_id) == people["living_id"]


def test_a_number_that_is_not_on_the_list_comes_back_about_nobody(
    register_site: RegisterSite, maker: Any, people: dict[str, str]
) -> None:
    found = a_list(maker, [people["living"]])
    device, event = uuid4(), uuid4()
    fetched(maker, found, device)
    answer = sent(maker, found, bytes(16), "not_listed", device, event=event)
    assert answer.json() == {"again": False, "conflicts": []}
    assert Check.objects.using(OWNER).get(pk=event).citizen_id is None
    assert not register_site.ask("SELECT 1 FROM register.access_log WHERE request_id = %s", event)


def test_what_does_not_fit_is_told_and_logged_all_the_same(
    register_site: RegisterSite, maker: Any, people: dict[str, str]
) -> None:
    found = a_list(maker, [people["living"], people["other"]])
    device, now = uuid4(), timezone.now()
    fetched(maker, found, device)
    entries = {
        str(e.citizen_id): bytes(e.tag) for e in Entry.objects.using(OWNER).filter(list_id=found.pk)
    }
    tag, other = entries[people["living_id"]], entries[people["other_id"]]
    hour = dt.timedelta(hours=1)
    cases: list[tuple[bytes, str, UUID, dt.datetime, list[str]]] = [
        (tag, "not_eligible", device, now, ["other_answer"]),
        (tag, "eligible", uuid4(), now, ["not_released"]),
        (tag, "eligible", device, now + hour, ["clock"]),
        (tag, "eligible", device, now - hour, ["ended", "clock"]),
        (bytes(16), "eligible", device, now, ["unlisted"]),
    ]
    for one_tag, told, which, at, conflicts in cases:
        answer = sent(maker, found, one_tag, told, which, at=at)
        assert answer.json()["conflicts"] == conflicts
    _die(register_site, people["other_id"])
    assert sent(maker, found, other, "eligible", device).json()["conflicts"] == ["died"]
    revoked = maker.post(f"/ngoai-tuyen/danh-sach/{found.pk}/thu-hoi/", {"reason": "Mất một máy"})
    assert revoked.status_code == 302
    assert sent(maker, found, tag, "eligible", device, at=timezone.now()).json()["conflicts"] == [
        "revoked"
    ]
    assert sent(maker, found, tag, "eligible", device, at=now).json()["conflicts"] == []
    lines = register_site.ask(
        "SELECT count(*) FROM register.access_log WHERE channel = 'offline' AND citizen_id = %s",
        people["living_id"],
    )
    assert lines[0][0] >= 6
    page = maker.get(f"/ngoai-tuyen/danh-sach/{found.pk}/").content.decode()
    for said in (
        "Sổ nay ghi người này đã chết.",
        "Đồng hồ của máy không đúng.",
        "Máy này không được giao",
    ):
        assert said in page


def _die(register: RegisterSite, citizen: str) -> None:
    import psycopg

    with psycopg.connect(register.dsn, autocommit=True) as con:
        con.execute("UPDATE register.person SET life_status = '2' WHERE citizen_id = %s", [citizen])


@pytest.mark.parametrize(
    "wrong",
    [
        {"tag": "zz"}, {"tag": "00"}, {"told": "yes"}, {"at": "hôm qua"}, {"at": "2024-06-21T07:00:00"},
        {"event_id": "1"}, {"device": ""},
    ],
)  # fmt: skip
def test_a_result_that_is_none_is_refused(
    maker: Any, people: dict[str, str], wrong: dict[str, str]
) -> None:
    found = a_list(maker, [people["living"]])
    given = {
        "event_id": str(uuid4()),
        "tag": bytes(16).hex(),
        "told": "not_listed",
        "device": str(uuid4()),
        "at": timezone.now().isoformat(),
    }
    answer = maker.post(f"/ngoai-tuyen/{found.pk}/ket-qua/", given | wrong)
    assert answer.status_code == 422 and "không đúng mẫu" in answer.json()["message"]


def test_a_revoked_list_is_handed_out_no_more_and_its_key_is_gone(
    maker: Any, people: dict[str, str]
) -> None:
    found = a_list(maker, [people["living"]])
    assert str(found.pk) in maker.get("/ngoai-tuyen/con-dung/").json()["lists"]
    assert (
        maker.post(f"/ngoai-tuyen/danh-sach/{found.pk}/thu-hoi/", {"reason": ""}).status_code == 422
    )
    maker.post(f"/ngoai-tuyen/danh-sach/{found.pk}/thu-hoi/", {"reason": "Mất một máy"})
    assert str(found.pk) not in maker.get("/ngoai-tuyen/con-dung/").json()["lists"]
    assert fetched(maker, found).status_code == 409
    assert OfflineList.objects.using(OWNER).get(pk=found.pk).key is None


def test_when_a_list_ends_its_key_goes_and_after_a_while_its_entries(
    maker: Any, people: dict[str, str]
) -> None:
    found = a_list(maker, [people["living"]])
    assert making.end_old(at=timezone.now()) == 0
    assert making.end_old(at=found.until) >= 1
    row = OfflineList.objects.using(OWNER).get(pk=found.pk)
    assert (row.key, row.file) == (None, None)
    assert Entry.objects.using(OWNER).filter(list_id=found.pk).count() == 1, "late results come in"
    making.end_old(at=found.until + making.GRACE)
    assert Entry.objects.using(OWNER).filter(list_id=found.pk).count() == 0
    assert making.end_old(at=found.until + making.GRACE) == 0


def test_of_whoever_has_had_the_purpose_stopped_the_list_tells_nothing(
    register_site: RegisterSite, maker: Any, people: dict[str, str]
) -> None:
    import psycopg

    who = people["other_id"]
    asked = (
        "INSERT INTO consent.request (event_id, citizen_id, kind, purposes, channel, given_by, relation, recorded_by,"
        " respond_by, due_on, law) VALUES (gen_random_uuid(), %(who)s, 'restriction', '{exam}', 'page', %(who)s,"
        " 'self', 'test', current_date, current_date, 'test') RETURNING request_no"
    )
    stopped = (
        "INSERT INTO consent.restriction (request_no, citizen_id, purpose, by) VALUES (%s, %s, 'exam', 'test')"
        " RETURNING restriction_no"
    )
    with psycopg.connect(register_site.dsn, autocommit=True) as con:
        (request,) = con.execute(asked, {"who": who}).fetchone()  # type: ignore[misc]
        (number,) = con.execute(stopped, [request, who]).fetchone()  # type: ignore[misc]
        found = a_list(maker, [people["other"]])
        con.execute(
            "INSERT INTO consent.restriction_end (restriction_no, by, reason) VALUES (%s, 'test', 'x')",
            [number],
        )
    assert found.counts == {"eligible": 0, "not_eligible": 0, "unsure": 1}
    entry = Entry.objects.using(OWNER).get(list_id=found.pk)
    assert (entry.citizen_id, entry.answer) == (None, form.UNSURE)


def test_a_list_may_be_made_again_after_a_crash_and_is_made_once(
    maker: Any, people: dict[str, str]
) -> None:
    found = a_list(maker, [people["living"]])
    making.make(found.pk, lambda step, share: None)
    again = OfflineList.objects.using(OWNER).get(pk=found.pk)
    assert (again.bulk_no, bytes(again.file or b"")) == (found.bulk_no, bytes(found.file or b""))
    assert Entry.objects.using(OWNER).filter(list_id=found.pk).count() == 1


def test_the_key_on_the_server_is_sealed(maker: Any, people: dict[str, str]) -> None:
    found = a_list(maker, [people["living"]])
    key = fetched(maker, found).json()["key"]
    assert bytes.fromhex(key) not in bytes(found.key or b"") and key.encode() not in bytes(
        found.key or b""
    )
    assert sealing.opened(found.key or b"", number=found.pk) == key
    with pytest.raises(sealing.Unreadable):
        sealing.opened(found.key or b"", number=uuid4())
