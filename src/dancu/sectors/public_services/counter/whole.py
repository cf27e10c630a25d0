"""All that the page of one dossier tells: who, what, how it stands, what was done, what may be done now."""

from __future__ import annotations

import datetime as dt
import json
from functools import lru_cache
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from dancu.kit import identity
from dancu.kit.officers import colleagues, log_dossier, own_communes
from dancu.kit.people import Citizen, NoCitizen, access_citizen
from dancu.kit.web import Refused, full_name, has_right, register_day
from dancu.reference import services, units
from dancu.sectors.public_services import workflow
from dancu.sectors.public_services.counter import actions, checks, filing, meeting, shown
from dancu.sectors.public_services.dossiers import Dossier, local
from dancu.sectors.public_services.linked import state as linked_state
from dancu.sectors.public_services.online import attachments
from dancu.sectors.public_services.papers import store as papers

UNDO_WITHIN = dt.timedelta(minutes=30)
"""How long the page offers to take an action back; the table of moves lets it be done later too."""


def told(found: Dossier, *, user: Any, at: dt.datetime) -> dict[str, Any]:
    """Everything for the template. Looks at the person, which leaves a line in the person's log."""
    on, day = timezone.localdate(at), register_day()
    then = local(found.filed_at).date()
    procedure = services.find(found.procedure, on=then)
    look, word = shown.status(found.status)
    if found.status == workflow.PROCESSING and found.proposed_by:
        look, word = "fair", str(shown.STEP_NAMES["trinh"])
    citizen = _applicant(found, user)
    moves = _moves(found)
    open_to = actions.open_to(found, user, on=on)
    return {
        "one": found, "procedure": procedure, "name": shown.procedure_name(found.procedure, on=then), "look": look,
        "word": word, "left": shown.left(found, at=at), "channel": shown.channel(found.channel),
        "unit": full_name(found.unit_code, day), "place": full_name(found.place, day), "on": on,
        "asked": shown.asked(found.form, services.fields(found.procedure, on=then)), "citizen": citizen,
        "person": shown.person(citizen.values, on=day) if citizen else [], "filing": _filing(found, then),
        "checks": _checks(found), "steps": _steps(found, then), "moves": moves, "actions": open_to,
        "undo": undo(moves, open_to, user=user, at=at), "papers": actions.papers_for(found),
        "late": found.due_at is not None and found.due_at < at, "may_work": has_right(user, "dossier.work"),
        "linked": linked_state.state_of(found.dossier_no) or linked_state.alone(found),
        "files": [f for n in (found.dossier_no, found.bundle) if n for f in attachments.of_dossier(n)],
        "event_kind": procedure.event_kind if procedure else "",
        "made": papers.of_dossier(found.dossier_no),
        **_choices(found, {a.name for a in open_to}),
    }  # fmt: skip


def undo(
    moves: list[dict[str, Any]], open_to: list[actions.Action], *, user: Any, at: dt.datetime
) -> dict[str, Any] | None:  # fmt: skip
    """The action that takes back what this account has just done, where the table has one."""
    last = moves[-1] if moves else None
    if last is None or last["by"] != user.username or at - last["at"] > UNDO_WITHIN:
        return None
    back = workflow.UNDONE_BY.get(last["action"])
    found = next((a for a in open_to if a.name == back), None)
    return {"done": last, "action": found}


def units_of(user: Any, day: dt.date) -> tuple[tuple[str, str], ...]:
    """(code, name) of the communes that somebody may choose from."""
    return named(own_communes(user), day)


@lru_cache(maxsize=256)
def named(communes: frozenset[str], day: dt.date) -> tuple[tuple[str, str], ...]:
    """(code, name) of communes, in the order of their names."""
    tree = units.on(max(day, units.FIRST_DAY))
    found = [(code, tree.find(code)) for code in communes]
    return tuple(sorted(((c, u.full_name) for c, u in found if u), key=lambda one: one[1]))


def whose(user: Any) -> str:
    """Whose dossiers the page shows."""
    names = dict.fromkeys(g.unit_name for g in user.grants_today if g.unit_code)
    return ", ".join(names) or _("đơn vị của bạn")


def _applicant(found: Dossier, user: Any) -> Citizen | None:
    """Through the one door, in the dossier's name. Who may not see persons, or not this one, reads the dossier only;
    that too leaves its line."""
    if found.applicant is None:
        return None
    basis = f"hồ sơ {found.code}"
    try:
        return access_citizen(
            citizen_id=found.applicant, by=user, purpose=meeting.PURPOSE, basis=basis
        )
    except (Refused, NoCitizen):
        log_dossier(
            found.applicant, unit=found.place, by=user, purpose=meeting.PURPOSE, basis=basis
        )
        return None


def _choices(found: Dossier, names: set[str]) -> dict[str, Any]:
    """Lists that some actions choose from; read only when such an action is open."""
    made: dict[str, Any] = {}
    if "forward" in names:
        made["colleagues"] = colleagues({found.place}, right="dossier.work")
    if "transfer" in names:
        made["units"] = actions.units_for(found)
    return made


def _filing(found: Dossier, then: dt.date) -> dict[str, Any] | None:
    """What was handed in at the counter, by whom."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT at, by, parts, filer_name, relation, consent, consent_note FROM services.counter_filing"
            " WHERE dossier_no = %s",
            [found.dossier_no],
        )
        row = cursor.fetchone()
    if row is None:
        return None
    parts = json.loads(row[2]) if isinstance(row[2], str) else row[2]
    named = {
        p.code: p.name_en if shown.english() else p.name_vi
        for p in services.parts(found.procedure, on=then)
    }
    return {
        "at": row[0], "by": row[1], "filer_name": row[3],
        "relation": filing.RELATIONS.get(row[4], row[4]), "consent": filing.CONSENTS.get(row[5], ""),
        "consent_note": row[6], "parts": [(named.get(c, c), filing.HANDED.get(how, how)) for c, how in parts.items()],
    }  # fmt: skip


def _checks(found: Dossier) -> list[dict[str, Any]]:
    return [
        {
            "check": one, "look": shown.IDENTITY[one.state][0], "word": shown.IDENTITY[one.state][1],
            "source": shown.SOURCES[one.source], "open": one.state in checks.OPEN,
            "note": shown.RESULTS.get(one.note) or identity.reason_words(one.note) or one.note,
        }
        for one in checks.of_dossier(found.dossier_no)
    ]  # fmt: skip


def _steps(found: Dossier, then: dt.date) -> list[dict[str, Any]]:
    """The procedure's own steps; the one that runs now is marked."""
    listed = services.steps(found.procedure, on=then)
    leaders = [n for n, s in enumerate(listed) if s.who == "leader"]
    signing = leaders[-1] if leaders else max(0, len(listed) - 2)
    at = (
        len(listed) if found.status == workflow.RETURNED else _step_now(found, signing, len(listed))
    )
    return [
        {
            "name": s.name_en if shown.english() else s.name_vi, "hours": s.hours, "leader": s.who == "leader",
            "now": n == at and (found.ended_at is None or found.status == workflow.PROCESSED), "done": n < at,
        }
        for n, s in enumerate(listed)
    ]  # fmt: skip


def _step_now(found: Dossier, signing: int, many: int) -> int:
    """Which step: the first until it is accepted, the signature when it was submitted, the last when it is signed."""
    if found.accepted_at is None:
        return 0
    if found.status == workflow.PROCESSED:
        return many - 1
    return signing if found.proposed_by else min(1 + found.step, max(1, signing - 1))


def _moves(found: Dossier) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT action, at, by, role, reason, detail, status_after FROM services.move WHERE dossier_no = %s"
            " ORDER BY move_no",
            [found.dossier_no],
        )
        rows = cursor.fetchall()
    return [
        {
            "action": action, "name": actions.label(action), "at": at, "by": by, "role": role, "reason": reason,
            "detail": _detail(json.loads(detail) if isinstance(detail, str) else detail),
            "status": shown.status(after)[1],
        }
        for action, at, by, role, reason, detail, after in rows
    ]  # fmt: skip


def _detail(told: dict[str, str]) -> str:
    """What an action brought, in words; switches are left out."""
    names = {
        "law": _("căn cứ"), "papers": _("giấy tờ"), "due": _("hẹn đến"), "unit": _("nơi nhận"), "to": _("người nhận"),
    }  # fmt: skip
    return " · ".join(f"{names[k]}: {_worded(k, v)}" for k, v in told.items() if k in names and v)


def _worded(name: str, value: str) -> str:
    if name == "due":
        return f"{dt.date.fromisoformat(value):%d/%m/%Y}"
    return full_name(value, register_day()) if name == "unit" else value


__all__ = ["told", "undo", "units_of", "whose"]
