"""What each paper says, filled from the dossier, its procedure and the move that demands it. Reads; writes nothing.

Words are Vietnamese whatever the reader's screen speaks: these are documents of an office.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection

from dancu.kit.officers import account
from dancu.kit.web import register_day
from dancu.reference import services, units
from dancu.sectors.public_services import clock, dossiers, workflow
from dancu.sectors.public_services.acting import Actor
from dancu.sectors.public_services.dossiers import Dossier, local
from dancu.sectors.public_services.papers import follow, kinds, results, store, wording

OFFICE = "Bộ phận Tiếp nhận và Trả kết quả"
POLICE = "police"


@dataclass(frozen=True)
class Move:
    """The move that a paper is made for, as it was written."""

    move_no: int
    action: str
    at: dt.datetime
    by: str
    role: str
    reason: str
    detail: Mapping[str, str]


def filled(
    dossier: Dossier, kind: str, *, number: str, data: Mapping[str, Any], by: Actor, at: dt.datetime
) -> dict[str, Any]:
    """All that the template of the kind reads."""
    given = _common(dossier, kind, number, at) | {"by": name_of(by)}
    return given | _OWN[kind](dossier, data, at) if kind in _OWN else given


def agency(dossier: Dossier) -> list[str]:
    """Whose document it is, from above down: the police of a commune stand under those of the province."""
    tree = units.on(max(register_day(), units.FIRST_DAY))
    unit = tree.find(dossier.unit_code)
    name = unit.full_name if unit else dossier.unit_code
    if dossier.procedure_then.group != POLICE:
        return ["Ủy ban nhân dân", name]
    above = tree.find(unit.province_code) if unit and unit.level != "province" else None
    own = f"Công an {wording.lowered(name)}"
    return [f"Công an {wording.lowered(above.full_name)}", own] if above else ["Bộ Công an", own]


def sender(dossier: Dossier) -> str:
    """The agency in running text, and in a certificate."""
    *above, own = agency(dossier)
    return own if dossier.procedure_then.group == POLICE else f"{above[0]} {wording.lowered(own)}"


def signing(dossier: Dossier) -> list[str]:
    """The office of who signs for the agency."""
    commune = len(dossier.unit_code) == 5
    if dossier.procedure_then.group == POLICE:
        return ["Trưởng Công an" if commune else "Giám đốc"]
    return ["TM. Ủy ban nhân dân", "Chủ tịch"]


def name_of(by: Actor) -> str:
    """The name under the signature."""
    return str(getattr(by.user, "display_name", "") or by.name)


def _common(dossier: Dossier, kind: str, number: str, at: dt.datetime) -> dict[str, Any]:
    tree = units.on(max(register_day(), units.FIRST_DAY))
    unit = tree.find(dossier.unit_code)
    title = results.of(dossier).title_vi if kind == kinds.RESULT else kinds.KINDS[kind][0]
    form = dossier.form
    address = wording.value("permanent_unit", form.get("permanent_unit", ""))
    return {
        "title": title, "agency": agency(dossier), "sender": sender(dossier), "signing": signing(dossier),
        "office": f"{OFFICE} {wording.lowered(unit.full_name) if unit else dossier.unit_code}",
        "number": number, "code": dossier.code, "place": unit.name if unit else "……",
        "date": wording.long_date(local(at)), "applicant": dossier.applicant_name, "filer": dossier.applicant_name,
        "about": dossier.procedure_then.name_vi,
        "address": ", ".join(filter(None, (form.get("address_head"), address))),
        "phone": str(form.get("phone") or ""), "received": "", **follow.shown(dossier.code),
        "due": wording.moment(local(dossier.due_at)) if dossier.due_at else "",
    }  # fmt: skip


def _receipt(dossier: Dossier, data: Mapping[str, Any], at: dt.datetime) -> dict[str, Any]:
    procedure, filed = dossier.procedure_then, local(dossier.filed_at).date()
    handed: list[str] = []
    saved: list[str] = []
    for part in services.parts(procedure.code, on=filed):
        if not part.required:
            continue
        kept = part.register_field or (
            part.result_of and dossier.applicant and store.proves(dossier.applicant, part.proved_by)
        )
        (saved if kept else handed).append(part.name_vi)
    return {
        "handed": list(data.get("parts") or handed) or ["Tờ khai"], "saved": [] if data.get("parts") else saved,
        "limit": wording.limit(procedure), "received": wording.moment(local(dossier.accepted_at or at)),
        "fee": f"{wording.money(procedure.fee)} đồng" if procedure.fee else "không thu",
        "channel": services.channels()[dossier.channel][0],
    }  # fmt: skip


def _supplement(dossier: Dossier, data: Mapping[str, Any], at: dt.datetime) -> dict[str, Any]:
    most = services.most_supplements(on=local(at).date())
    once = (
        "Mỗi hồ sơ chỉ được yêu cầu bổ sung một lần; đề nghị nộp đủ trong một lần."
        if most == 1
        else ""
    )
    wanted = [p.strip() for p in str(data["papers"]).split(";") if p.strip()]
    return {"papers": wanted, "reason": data["reason"], "once": once}


def _refusal(dossier: Dossier, data: Mapping[str, Any], at: dt.datetime) -> dict[str, Any]:
    return {"reason": data["reason"], "law": data["law"]}


def _apology(dossier: Dossier, data: Mapping[str, Any], at: dt.datetime) -> dict[str, Any]:
    late = dossier.due_at is not None and dossier.due_at < at
    told = (
        "Tuy nhiên đến nay, kết quả giải quyết hồ sơ của ông (bà) chưa trả được đúng thời hạn quy định với lý do:"
        if late
        else "Tuy nhiên, kết quả giải quyết hồ sơ của ông (bà) không trả được đúng thời hạn nêu trên với lý do:"
    )
    promised = wording.moment(local(dossier.promised_at)) if dossier.promised_at else ""
    return {
        "told": told,
        "reason": data["reason"],
        "promised": promised,
        "received": _received(dossier),
    }


def _stop(dossier: Dossier, data: Mapping[str, Any], at: dt.datetime) -> dict[str, Any]:
    return {
        "reason": data["reason"], "law": data["law"], "received": _received(dossier),
        "stopped": wording.long_date(local(at)),
    }  # fmt: skip


def _result(dossier: Dossier, data: Mapping[str, Any], at: dt.datetime) -> dict[str, Any]:
    found = results.of(dossier)
    return {
        "procedure": f"Thủ tục: {dossier.procedure_then.name_vi}", "says": found.says_vi,
        "laws": results.laws(found), "filed": f"{local(dossier.filed_at):%d/%m/%Y}",
        "pairs": results.pairs(found, dossier), "hint": "(Ký, ghi rõ họ tên, đóng dấu)", "sealed": None,
        "closing": "Nội dung trên được ghi từ hồ sơ đã giải quyết và có giá trị từ ngày ký./.",
    }  # fmt: skip


def _control_slip(dossier: Dossier, data: Mapping[str, Any], at: dt.datetime) -> dict[str, Any]:
    names: dict[str, str] = {}
    rows = []
    for move in moves(dossier.dossier_no):
        if move.by not in names:
            found = account(move.by)
            names[move.by] = found.display_name if found else move.by
        known = workflow.MOVES.get(move.action)
        action = known.name_vi if known else "Nộp hồ sơ" if move.action == "file" else move.action
        note = "; ".join(
            filter(None, (move.reason, move.detail.get("law", ""), move.detail.get("papers", "")))
        )
        who = f"{wording.ROLES.get(move.role, move.role)}: {names[move.by]}"
        rows.append(
            {"action": action, "at": wording.short_moment(local(move.at)), "by": who, "note": note}
        )
    return {"rows": rows, "outcome": _outcome(dossier, at)}


def _outcome(dossier: Dossier, at: dt.datetime) -> str:
    if dossier.accepted_at is None or dossier.due_at is None:
        return "Chưa tiếp nhận"
    ended = dossier.ended_at is not None
    turns = dossiers.turns(dossier.dossier_no)
    end = clock.ended_at(turns) or local(at)
    due = local(dossier.due_at)
    on_time = dossier.on_time if dossier.on_time is not None else end <= due
    if not on_time:
        return "Quá hạn"
    if not ended:
        return "Đang giải quyết, còn trong hạn"
    return "Trước hạn" if end.date() < due.date() else "Đúng hạn"


def _received(dossier: Dossier) -> str:
    day = local(dossier.accepted_at or dossier.filed_at)
    return wording.long_date(day)[:1].upper() + wording.long_date(day)[1:]


_OWN = {
    "receipt": _receipt, "supplement": _supplement, "refusal": _refusal, "apology": _apology, "stop": _stop,
    "control_slip": _control_slip, kinds.RESULT: _result,
}  # fmt: skip


def moves(dossier_no: int) -> list[Move]:
    """What was done to the dossier, in order."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT move_no, action, at, by, role, reason, detail FROM services.move"
            " WHERE dossier_no = %s ORDER BY move_no",
            [dossier_no],
        )
        return [
            Move(number, action, at, by, role, reason, _detail(detail))
            for number, action, at, by, role, reason, detail in cursor.fetchall()
        ]


def _detail(kept: Any) -> dict[str, str]:
    made: dict[str, str] = json.loads(kept) if isinstance(kept, str) else kept
    return made
