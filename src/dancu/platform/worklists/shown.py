"""What the pages show of a task: words, masked numbers, only the fields that the officer's role may see."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from dancu.platform.access import territory
from dancu.platform.access.rights import field_groups, has_right
from dancu.platform.ui.formats import masked
from dancu.platform.worklists import fixing, states
from dancu.platform.worklists.models import Task
from dancu.platform.worklists.reading import Line, person_of
from dancu.reference import domain, units
from dancu.reference.fields import fields
from dancu.reference.holidays import working_days_between
from dancu.reference.terms import term
from dancu.rules import get as rule

MASKED = ("personal_number", "old_number", "phone", "bhxh_number", "bhyt_card", "tax_code", "bank_account",
          "driving_licence", "father_number", "mother_number", "spouse_number")  # fmt: skip
_OPENED_BY_TASK = ("sector", "documents")
"""Groups of fields that a task opens to whoever works on it, as far as its findings are about them."""


def today() -> Any:
    """Vietnam's day."""
    return timezone.localdate()


def row(task: Task, line: Line | None, query: str) -> dict[str, Any]:
    """A line of the list."""
    left = working_days_between(today(), task.due)  # type: ignore[arg-type]
    over = task.state in states.OPEN and left < 0
    soon = task.state in states.OPEN and 0 <= left <= 1
    return {
        "task": task,
        "line": line,
        "what": [problem(r) for r in task.rules[:2]],
        "more": max(0, len(task.rules) - 2),
        "left": left,
        "late": over,
        "due_state": "bad" if over else "fair" if soon else "none",
        "due_word": _("Quá hạn") if over else _("Sắp đến hạn") if soon else "",
        "state": states.STATES[task.state],
        "badge": states.BADGES[task.state],
        "unit": territory.full_name(task.at_unit, territory.register_day()),
        "query": query,
    }


def problem(rule_id: str) -> str:
    """What a rule says in the language of the page."""
    message = rule(rule_id).message
    return message.en if get_language() == "en" else message.vi


def label(field: str) -> str:
    """A field's name in the language of the page."""
    known = fields()[field]
    return known.label_en if get_language() == "en" else known.label_vi


def units_of(user: Any) -> list[tuple[str, str]]:
    """(code, name) of the communes of the user, to filter by."""
    day = territory.register_day()
    codes = {c for grant in user.grants_today for c in territory.of_grant(grant)}
    tree = units.on(max(day, units.FIRST_DAY))
    found = [(c, tree.find(c)) for c in sorted(codes)]
    return [(code, unit.full_name) for code, unit in found if unit is not None]


def other_communes(user: Any) -> list[tuple[str, str]]:
    """Where a task may be referred to: the communes of the province of the user's unit."""
    day = max(territory.register_day(), units.FIRST_DAY)
    tree = units.on(day)
    own = [u for g in user.grants_today if g.unit_code and (u := tree.find(g.unit_code))]
    provinces = dict.fromkeys(u.province_code or u.code for u in own)
    return [
        (commune.code, f"{commune.full_name} ({commune.code})")
        for province in provinces
        for commune in sorted(tree.communes_of(province), key=lambda c: c.code)
    ]


def colleagues(user: Any) -> list[tuple[str, str]]:
    """(name, display name) of those who may be given a task of the user's communes."""
    from dancu.platform.accounts.models import User

    mine = {c for grant in user.grants_today for c in territory.of_grant(grant)}
    found = []
    for one in User.objects.filter(is_active=True).order_by("display_name")[:500]:
        theirs = {c for grant in one.grants_today for c in territory.of_grant(grant)}
        if theirs & mine and has_right(one, "task.work"):
            found.append((one.username, one.display_name))
    return found


def groups() -> list[tuple[str, str]]:
    """(number, name) of the official groups of errors."""
    english = get_language() == "en"
    return [(str(g.group), g.name_en if english else g.name_vi) for g in domain.error_groups()]


def whose(user: Any) -> str:
    """Whose data the page shows."""
    names = dict.fromkeys(g.unit_name for g in user.grants_today if g.unit_code)
    return ", ".join(names) or _("đơn vị của bạn")


def task(found: Task, *, user: Any) -> dict[str, Any]:
    """Everything of the task page; the person's data through the door that writes the log."""
    main, more = fixing.in_question(found.rules)
    main += [f for f in found.asked_fields if f not in main and fixing.editable(f)]
    more = [f for f in more if f not in main]
    groups_open = field_groups(user, "person.view")
    visible = [f for f in (*main, *more) if _may_see(f, groups_open)]
    told = person_of(found, purpose=_("Xử lý việc cần làm"), shown=visible)
    person = told["person"] if told else {}
    return {
        "task": found,
        "state": states.STATES[found.state],
        "badge": states.BADGES[found.state],
        "unit": territory.full_name(found.at_unit, territory.register_day()),
        "on": territory.register_day(),
        "person": person,
        "birth": fixing.written("birth_date", person.get("birth_date")) or person.get("birth_year"),
        "number": masked(person.get("personal_number")),
        "findings": [_finding(f) for f in (told["findings"] if told else [])],
        "main": [_field(f, person, told) for f in main if f in visible],
        "further": [_field(f, person, told) for f in more if f in visible],
        "hidden": [label(f) for f in main if f not in visible],
        "records": [_record(r) for r in (told["records"] if told else [])],
        "steps": [_step(s) for s in found.steps.order_by("-at", "-id")],
        "fix": found.fixes.filter(state="waiting").first(),
        "waiting": _waiting(found, user),
        "last_fix": found.fixes.filter(state="applied").order_by("-applied_at").first(),
        "evidence": found.evidence.defer("content"),
        "requests": found.requests.all(),
        "open_to": set(states.MOVES.open_in(found.state)),
        "visit_days": term("finding_fix_visit", on=timezone.localdate(found.created_at)).amount,
        "neighbours": other_communes(user),
        "can_assign": has_right(user, "task.assign"),
        "colleagues": colleagues(user) if has_right(user, "task.assign") else [],
        "can_close": has_right(user, "identity.close", unit=found.unit_code),
        "typed": {},
        "error": "",
        "problems": {},
    }


def _may_see(field: str, opened: frozenset[str]) -> bool:
    group = fields()[field].group
    return group in opened or group in _OPENED_BY_TASK


def _finding(found: dict[str, Any]) -> dict[str, Any]:
    known = rule(found["rule"])
    english = get_language() == "en"
    return {
        "id": known.id,
        "message": known.message.en if english else known.message.vi,
        "how": known.fix.en if english else known.fix.vi,
        "field": label(known.field) if known.field in fields() else known.field,
        "opened": found["opened"],
    }


def _field(field: str, person: dict[str, Any], told: dict[str, Any] | None) -> dict[str, Any]:
    hide = masked if field in MASKED else (lambda text: text)
    now = fixing.written(field, person.get(field))
    records = {r["record"]: r for r in (told["records"] if told else [])}
    rivals = [
        {"value": hide(fixing.written(field, c["value"])), "source": source_name(records[c["record"]]["source"])}
        for c in (told["contested"] if told else [])
        if c["field"] == field and c["record"] in records and c["value"]
    ]  # fmt: skip
    return {
        "name": field,
        "label": label(field),
        "now": hide(now) if now else "",
        "rivals": rivals[:4],
        "choices": fixing.choices(field),
        "identity": field in fixing.IDENTITY,
        "example": _EXAMPLES.get(fields()[field].format) or _EXAMPLES.get(field, ""),
    }


_EXAMPLES = {
    "personal_number": "924084000017",
    "partial_date": "21/06/1984",
    "person_name": "Nguyễn Văn An",
    "phone": "0912 345 678",
    "codes.ethnic": "Tày",
    "codes.nationality": "Việt Nam",
    "codes.religion": "Phật giáo",
    "permanent_unit": "07204",
}


def source_name(source: str) -> str:
    """What the register calls a source."""
    name = "name_en" if get_language() == "en" else "name_vi"
    with connection.cursor() as cursor:
        cursor.execute("SELECT spec ->> %s FROM register.source WHERE source = %s", [name, source])
        found = cursor.fetchone()
    return str(found[0]) if found else source


def _record(found: dict[str, Any]) -> dict[str, Any]:
    return {**found, "source_name": source_name(found["source"]), "day": found.get("day")}


def _step(step: Any) -> dict[str, Any]:
    detail = step.detail or {}
    return {
        "step": step,
        "after": states.STATES.get(step.state_after),
        "fields": [label(f) for f in detail.get("fields", []) if f in fields()],
        "closed": [problem(r) for r in detail.get("closed", [])],
        "to": territory.full_name(detail["to"], territory.register_day())
        if step.action in ("refer", "moved") and detail.get("to")
        else detail.get("to", ""),
        "before": detail.get("before"),
        "score": detail.get("after"),
    }


def _waiting(found: Task, user: Any) -> list[tuple[str, str]]:
    """(field, value) that a second person is asked to confirm."""
    fix = found.fixes.filter(state="waiting").first()
    if fix is None:
        return []
    full = has_right(user, "identity.close", unit=found.unit_code)
    return [
        (label(f), fixing.written(f, v) if full or f not in MASKED else masked(v))
        for f, v in fix.values.items()
    ]
