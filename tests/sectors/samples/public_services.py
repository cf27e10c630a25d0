"""What the suite tries public services on: what a person of the own commune files, sends, asks and is given."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from tests.sectors.world import Sample, World
from tests.web import applicants

from dancu.sectors.public_services.catalogue import comparing, effects
from dancu.sectors.public_services.counter import queue

PROCEDURE = "1.004222"
_NO_TOTALS = '{"a": {}, "b": {}, "uncounted": [0, 0]}'
SECRET = "VI THỊ CHỈ TRONG HỒ SƠ"
"""Stands in what was handed in and in no register: seen outside, it came from a dossier."""


def make(world: World) -> Sample:
    """A dossier received, a draft, a leave to file, a complaint; and the office's own: ticket, review, lists."""
    me, clerk = world.client_of(world.resident), world.officer("one_stop_officer")
    one = applicants.filed(me, PROCEDURE)
    applicants.office(one.code, clerk.user, "accept")
    given: dict[str, object] = {
        "dossier_no": one.dossier_no, "code": one.code, "procedure": PROCEDURE, "place": world.own,
        "citizen": world.resident,
        **_waited_for(me, clerk),
        **_papers(world, one.dossier_no), **_drafted(world, me), **_asked(world, me, one.code),
        **_hall(world, clerk), **_catalogue(world), **_imported(world), **_told(world, one.dossier_no),
    }  # fmt: skip
    form = {"action": "take", "version": "2", "event_id": str(uuid4()), "reason": "Thử của bộ kiểm"}
    return Sample(given, form, marks=(one.code, SECRET))


def _waited_for(me: Any, clerk: Any) -> Mapping[str, object]:
    """Two more: one for whose papers, one for whose fee the office waits."""
    papers, fee = applicants.filed(me, PROCEDURE), applicants.filed(me, PROCEDURE)
    applicants.office(papers.code, clerk.user, "accept", "ask_supplement", papers="Ảnh chân dung")
    applicants.office(fee.code, clerk.user, "accept", "ask_payment")
    return {
        "services_online:supplement.code": papers.code,
        "services_online:hand_in.code": papers.code,
        "services_online:fee.code": fee.code,
        "services_online:ask_bank.code": fee.code,
    }


def _one(world: World, query: str, *values: Any) -> Any:
    rows = world.ask(query, *values)
    assert rows, f"the sample made nothing: {query}"
    return rows[0][0]


def _papers(world: World, dossier: int) -> Mapping[str, object]:
    paper = "SELECT paper FROM services.paper WHERE dossier_no = %s"
    file = "SELECT attachment FROM services.attachment WHERE dossier_no = %s"
    return {"paper": _one(world, paper, dossier), "attachment": _one(world, file, dossier)}


def _drafted(world: World, me: Any) -> Mapping[str, object]:
    applicants.begin(me, PROCEDURE)
    draft = (
        "SELECT draft FROM services.draft WHERE dossier_no IS NULL ORDER BY saved_at DESC LIMIT 1"
    )
    return {"draft": _one(world, draft), "field": "new_address", "part": "lawful_home"}


def _asked(world: World, me: Any, code: str) -> Mapping[str, object]:
    me.post("/dich-vu/nho-nop/cho/")
    me.post(
        f"/dich-vu/toi/{code}/phan-anh/",
        {"event_id": str(uuid4()), "words": f"Chờ đã lâu. {SECRET}"},
    )
    complaint = _one(world, "SELECT code FROM services.complaint")
    return {
        "proxy": _one(world, "SELECT proxy FROM services.proxy"),
        "services_online:complaint.code": complaint,
    }


def _hall(world: World, clerk: Any) -> Mapping[str, object]:
    """A number in the queue, taken at the kiosk."""
    word = queue.kiosk_word(world.own)
    clerk.post(f"/ho-so/lay-so/{world.own}/{word}/", {"line": next(iter(queue.LINES))})
    return {"word": word, "ticket": _one(world, "SELECT ticket_no FROM services.ticket")}


def _catalogue(world: World) -> Mapping[str, object]:
    """A proposal to leave a paper out, as if a month had passed since dossiers came."""
    day = world.now.date()
    state = comparing.state_on(PROCEDURE, on=day)
    assert state is not None
    effect = effects.effect(effects.Changes(), state, dossiers={2: 1}, on=day).as_json()
    kept = effect | {"from": f"{day:%Y-%m-01}", "until": f"{day}"}
    number = _one(
        world, "INSERT INTO services.review (procedure, version, unit_code, communes, changes, reason, effect,"
        " proposed_by, proposed_at) VALUES (%s, 1, '24', %s, %s, 'Thử của bộ kiểm', %s, 'thử', now())"
        " RETURNING review_no",
        PROCEDURE, [world.own], json.dumps(effects.Changes().as_json()), json.dumps(kept),
    )  # fmt: skip
    named = {
        f"services_catalogue:{view}.number": number for view in ("review", "decide", "withdraw")
    }
    codes = {
        f"services_catalogue:{view}.code": PROCEDURE for view in ("propose", "procedure", "compare")
    }
    return {**named, **codes, "services_figures:meaning.code": "online_rate_all"}


def _imported(world: World) -> Mapping[str, object]:
    """A list of another portal handed in, and as if it had been taken in and compared."""
    heads = "Mã hồ sơ;Mã thủ tục;Đơn vị;Kênh;Trạng thái;Ngày tiếp nhận;Ngày hẹn trả"
    row = (
        f"H02.07.204-240603-0001;{PROCEDURE};07204;2;Đã tiếp nhận;03/06/2024 08:00;14/06/2024 17:00"
    )
    file = SimpleUploadedFile("ds.csv", f"{heads}\n{row}\n".encode())
    officer = world.officer("admin_control")
    number = _number(officer.post("/ho-so-nhap/nhap/", {"source": "Cong-Trang", "file": file}))
    by = officer.user.username
    done = _one(
        world, "INSERT INTO services.import (at, by, source, files, rows, turns, added, changed, unchanged, bad,"
        " reasons) VALUES (now(), %s, 'Cong-Trang', '[]', 1, 1, 0, 0, 0, 1, '{}') RETURNING import_no", by,
    )  # fmt: skip
    compared = _one(
        world, "INSERT INTO services.difference_list (at, by, name_a, name_b, date_from, date_to, totals, effects)"
        " VALUES (now(), %s, 'A', 'B', '2024-06-01', '2024-06-30', %s, '{}') RETURNING list_no", by, _NO_TOTALS,
    )  # fmt: skip
    app = "services_importing"
    handed = {f"{app}:{view}.number": number for view in ("hand_in", "begin", "forget")}
    rest = {f"{app}:done.number": done, f"{app}:rejected.number": done}
    return {
        **handed,
        **rest,
        f"{app}:differences.number": compared,
        f"{app}:download.number": compared,
        "form": "csv",
    }


def _told(world: World, dossier: int) -> Mapping[str, object]:
    """An event that the register has not taken in."""
    return {"told_no": _one(
        world, "INSERT INTO services.told (dossier_no, kind, place, data, state, by, at) VALUES (%s, 'birth', %s,"
        " '{}', 'refused', 'thử', now()) RETURNING told_no", dossier, world.own,
    )}  # fmt: skip


def _number(sent: Any) -> int:
    """The number in the address to which a form has led."""
    wrong = re.findall(r'class="(?:wrong|error-summary)".*?</', sent.content.decode(), re.S)
    assert sent.status_code == 302, wrong
    return int(sent["Location"].rstrip("/").rpartition("/")[2])
