"""A linked service: one filing opens its parts as dossiers, the later ones wait for the first, the whole ends with all.

The filing itself is the head: nobody handles it, it follows its parts. Everything happens in the transaction of the
action that it follows from, so that the whole and its parts never tell two stories.
"""

from __future__ import annotations

import datetime as dt
import json
from typing import NamedTuple
from uuid import NAMESPACE_URL, UUID, uuid5

from django.utils.translation import gettext as _

from dancu.kit import finished
from dancu.kit.web import register_day
from dancu.reference import services, units
from dancu.reference.loader import rows
from dancu.reference.services import Bundle
from dancu.sectors.public_services import acting, dossiers, workflow
from dancu.sectors.public_services.acting import Actor, Ask, Filing
from dancu.sectors.public_services.dossiers import Dossier, local
from dancu.sectors.public_services.errors import NoDossier, NotOpen
from dancu.sectors.public_services.linked import entries, homes
from dancu.sectors.public_services.linked.reach import database

SYSTEM = Actor("dancu", "system")
_WELL = (workflow.PROCESSED, workflow.RETURNED)
OF_HEAD = ("file", "withdraw", "give")
"""What people may do with a head; all else it does by itself."""
_CHILD = "child_number"
_LAW = "Nghị định 63/2024/NĐ-CP"


class Last(NamedTuple):
    """The latest move of a dossier."""

    at: dt.datetime
    reason: str
    law: str


def heads() -> list[str]:
    """Procedures whose dossiers are heads."""
    return sorted({row["procedure_code"] for row in rows("services/bundles.csv")})


def bundle_of(dossier: Dossier) -> Bundle | None:
    """The linked service that a head is, on the day of its filing."""
    day = local(dossier.filed_at).date()
    found = (b for b in services.bundles(on=day) if b.procedure == dossier.procedure)
    return next(found, None)


def is_head(dossier: Dossier) -> bool:
    """Whether its parts are handled and not itself."""
    return dossier.bundle is None and bundle_of(dossier) is not None


def head_of(dossier: Dossier) -> Dossier | None:
    """The head of the linked service that the dossier is, or is a part of."""
    if dossier.bundle is None:
        return dossier if is_head(dossier) else None
    try:
        return dossiers.get(dossier.bundle)
    except NoDossier:
        return None


def parts_of(head: int) -> list[Dossier]:
    """Its parts in their order."""
    return dossiers.listed("bundle = %s", [head], order="dossier_no", most=20)


def follow(dossier: Dossier, action: str, by: Actor) -> None:
    """The listener."""
    if is_head(dossier):
        _head(dossier, action, by)
        return
    head = head_of(dossier)
    if action == "sign":
        _told_on(dossier, head, by)
    if head is None or action == "file":
        return
    parts = parts_of(head.dossier_no)
    if action == "accept":
        _may_begin(dossier, parts)
        homes.fill(dossier, by)
    if action == "transfer":
        raise NotOpen(_("Không chuyển riêng một phần của hồ sơ liên thông sang cơ quan khác."))
    if dossier.status in workflow.ENDED and dossier.status not in _WELL:
        _stop_waiting(dossier, parts)
    _follow_parts(dossiers.get(head.dossier_no), dossier)


def why_waiting(first: Dossier, parts: list[Dossier]) -> str:
    """What the later parts still wait for; '' for nothing."""
    if first.status not in _WELL:
        return _("Chờ kết quả «%(part)s».") % {"part": first.procedure_then.name_vi}
    if not first.procedure_then.event_kind:
        return ""
    state, _citizen = told_of(first.dossier_no)
    if state == "doubtful":
        return _("Sổ dân cư nghi trùng người; chờ kết luận trùng.")
    if state != "taken":
        return _("Chờ «%(part)s» vào sổ dân cư.") % {"part": first.procedure_then.name_vi}
    wanted = any(entries.carried(first.procedure, p.procedure, {_CHILD: "?"}) for p in parts[1:])
    if wanted and not first.form.get(_CHILD):
        return _("Chờ số định danh cá nhân của trẻ.")
    return ""


def told_of(dossier_no: int) -> tuple[str, UUID | None]:
    """How the latest event of a dossier stands, and whom it is about; '' for none."""
    with database().cursor() as cursor:
        cursor.execute(
            "SELECT state, citizen FROM services.told WHERE dossier_no = %s ORDER BY turn DESC LIMIT 1",
            [dossier_no],
        )
        return cursor.fetchone() or ("", None)


def last(dossier_no: int) -> Last:
    """When and why the dossier moved last."""
    with database().cursor() as cursor:
        cursor.execute(
            "SELECT at, reason, detail FROM services.move WHERE dossier_no = %s ORDER BY move_no DESC LIMIT 1",
            [dossier_no],
        )
        at, reason, detail = cursor.fetchone()
    told = json.loads(detail) if isinstance(detail, str) else detail
    return Last(at, reason, str(told.get("law", "")))


def _may_begin(dossier: Dossier, parts: list[Dossier]) -> None:
    if dossier.dossier_no == parts[0].dossier_no:
        return
    if why := why_waiting(parts[0], parts):
        raise NotOpen(why)


# --- the head ---


def _head(head: Dossier, action: str, by: Actor) -> None:
    if action == "file":
        _open_parts(head, by)
    elif by.role != "system" and action not in OF_HEAD:
        raise NotOpen(_("Hồ sơ liên thông tự chuyển theo các phần của nó; hãy xử lý từng phần."))
    elif action == "withdraw" and by.role != "system":
        _withdraw_parts(head)


def _open_parts(head: Dossier, by: Actor) -> None:
    bundle = bundle_of(head)
    day = local(head.filed_at).date()
    for code in bundle.procedures if bundle else ():
        acting.do_file(filing=_filing(head, code, day), by=by, at=head.filed_at)


def _filing(head: Dossier, code: str, day: dt.date) -> Filing:
    own = {f.name for f in services.fields(code, on=day)}
    same = {
        name: value for name, value in head.form.items()
        if name in own or name.removesuffix("_number").removesuffix("_name") in own
    }  # fmt: skip
    return Filing(
        procedure=code, place=head.place, unit_code=unit_of(code, head.place, day), channel=head.channel,
        applicant=head.applicant, applicant_name=head.applicant_name, filed_by=head.filed_by,
        form={**same, **entries.carried(head.procedure, code, head.form)}, bundle=head.dossier_no,
        event_id=uuid5(NAMESPACE_URL, f"dancu:{head.code}/{code}"),
    )  # fmt: skip


def unit_of(procedure: str, place: str, day: dt.date) -> str:
    """Which unit handles a procedure for a commune: itself, its district, or the province where there is none."""
    level = services.get(procedure, on=day).level
    unit = units.on(max(register_day(), units.FIRST_DAY)).find(place)
    if unit is None or level == "commune":
        return place
    return unit.district_code if level == "district" and unit.district_code else unit.province_code


def _follow_parts(head: Dossier, part: Dossier) -> None:
    """The head is received with its first part, and ends with the last."""
    if head.status in workflow.ENDED and head.status != workflow.PROCESSED:
        return
    at = last(part.dossier_no).at
    parts = parts_of(head.dossier_no)
    if head.status == workflow.FILED and part.status not in (*workflow.ENDED, workflow.FILED):
        head = _do(head, "accept", at)
    if not all(p.status in workflow.ENDED for p in parts):
        return
    badly = [p for p in parts if p.status not in _WELL]
    if badly:
        if all(p.status == workflow.WITHDRAWN for p in parts):
            _do(head, "withdraw", at, reason=_reason(badly))
            return
        _do(head, "refuse" if head.status == workflow.FILED else "stop", at, reason=_reason(badly))
    elif head.status in workflow.RUNNING:
        head = _do(head, "complete", at)
    if head.status == workflow.PROCESSED and all(p.status == workflow.RETURNED for p in parts):
        _do(head, "give", at)


def _reason(badly: list[Dossier]) -> str:
    told = [f"{p.procedure_then.name_vi}: {last(p.dossier_no).reason}" for p in badly]
    return "; ".join(dict.fromkeys(told))[:500]


def _stop_waiting(ended: Dossier, parts: list[Dossier]) -> None:
    """What waited for a part that ended without a result ends with it, and says why."""
    if not parts or ended.dossier_no != parts[0].dossier_no:
        return
    why = last(ended.dossier_no)
    reason = _("Phần «%(part)s» không có kết quả: %(reason)s") % {
        "part": ended.procedure_then.name_vi, "reason": why.reason
    }  # fmt: skip
    for part in parts[1:]:
        if part.status == workflow.FILED:
            action = "withdraw" if ended.status == workflow.WITHDRAWN else "refuse"
            _do(part, action, why.at, reason=reason, law=why.law)


def _withdraw_parts(head: Dossier) -> None:
    why = last(head.dossier_no)
    for part in parts_of(head.dossier_no):
        fresh = dossiers.get(part.dossier_no)
        if fresh.status in workflow.OPEN:
            _do(fresh, "withdraw", why.at, reason=why.reason)


def _do(dossier: Dossier, action: str, at: dt.datetime, *, reason: str = "", law: str = "") -> Dossier:  # fmt: skip
    data = {"law": law or _LAW} if "law" in workflow.MOVES[action].needs else {}
    ask = Ask(action, dossier.version_no, reason=reason, data=data)
    return acting.do_act(dossier_no=dossier.dossier_no, by=SYSTEM, ask=ask, at=at)


# --- what other sectors hear ---


def _told_on(dossier: Dossier, head: Dossier | None, by: Actor) -> None:
    """Whichever sector acts on the end of this procedure hears of it, with the person it is about."""
    whom = dossier.applicant
    if head is not None:
        first = parts_of(head.dossier_no)[0]
        whom = told_of(first.dossier_no)[1] or whom
    done = finished.Finished(
        dossier.procedure, dossier.code, dossier.form, uuid5(NAMESPACE_URL, f"dancu:{dossier.code}/end"),
        dossier.place, whom, by.name, dossier.ended_at or dossier.filed_at,
    )  # fmt: skip
    try:
        finished.tell(done)
    except finished.CannotFollow as error:
        raise NotOpen(str(error)) from error
