"""Tasks, acts and entries as a page shows them, in the language of the page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from dancu.kit.reports import indicators
from dancu.kit.web import full_name
from dancu.reference import units
from dancu.reference.holidays import working_days_between
from dancu.sectors.direction import entries, workflow
from dancu.sectors.direction.books import BY_TABLE, Book
from dancu.sectors.direction.entries import Entry
from dancu.sectors.direction.reading import Act, Task

BADGES = {
    workflow.OPEN: "info",
    workflow.REPORTED: "fair",
    workflow.ACCEPTED: "good",
    workflow.CANCELLED: "none",
}
SOON = 3
_ACTS = {
    "open": gettext_lazy("Giao nhiệm vụ"),
    "remind": gettext_lazy("Nhắc trước hạn"),
    "escalate": gettext_lazy("Báo lên cấp trên"),
    "record": gettext_lazy("Ghi vào sổ"),
    "change": gettext_lazy("Sửa"),
    "withdraw": gettext_lazy("Bỏ khỏi sổ"),
}
_ORIGINS = {
    "directive": gettext_lazy("Văn bản chỉ đạo"),
    "plan": gettext_lazy("Kế hoạch năm"),
    "shortcoming": gettext_lazy("Tồn tại, hạn chế"),
    "conclusion": gettext_lazy("Kết luận hội nghị"),
    "finding": gettext_lazy("Tồn tại qua kiểm tra"),
    "own": gettext_lazy("Việc của đơn vị"),
}


def of(vietnamese: str, english: str) -> str:
    """The one of the page's language."""
    return english if get_language() == "en" else vietnamese


def filters() -> dict[str, str]:
    """What the list of tasks may be cut down to."""
    states = {code: of(*names) for code, names in workflow.STATES.items()}
    return {**states, "late": _("Muộn hạn"), "escalated": _("Đã báo lên cấp trên")}


def line(task: Task, on: dt.date) -> dict[str, Any]:
    """A row of the list."""
    return {
        "task": task, "unit": task.place.name, "giver": task.giver.name, "state": of(*workflow.STATES[task.state]),
        "badge": BADGES[task.state], "due": due(task, on),
        "escalated": full_name(task.escalated_to, task.unit_on) if task.escalated_to else "",
    }  # fmt: skip


def due(task: Task, on: dt.date) -> tuple[str, str] | None:
    """The badge beside the due day: (look, words)."""
    if task.is_late(on=on):
        late = working_days_between(task.due_on, task.finished_on or on)
        return "bad", _("Muộn %(n)s ngày làm việc") % {"n": late}
    if task.state == workflow.OPEN and (left := task.days_left(on=on)) <= SOON:
        return "fair", _("Còn %(n)s ngày làm việc") % {"n": left}
    return None


def origin(task: Task) -> tuple[str, str, str]:
    """(kind, words, address) of where the task comes from."""
    kind = str(_ORIGINS[task.origin_kind])
    book = BY_TABLE.get(task.origin_kind)
    if book is None or task.origin_id is None:
        return kind, str(task.origin_id or ""), ""
    found = entries.find(book, task.origin_id)
    if found is None:
        return kind, "", ""
    return kind, dated(book, found), reverse("direction:entry", args=[book.slug, task.origin_id])


def dated(book: Book, entry: Entry) -> str:
    """What an entry is called, with its day."""
    return f"{entry.values[book.name]} ({entry.values[book.day]:%d/%m/%Y})"


def cut(text: str, most: int = 110) -> str:
    """Short enough for a line."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def act(one: Act) -> dict[str, Any]:
    """A line of what was done."""
    move = workflow.MOVES.get(one.action)
    name = of(move.name_vi, move.name_en) if move else str(_ACTS.get(one.action, one.action))
    detail = one.detail
    more = ""
    if one.action in ("report", "finish"):
        more = f"{detail.get('percent', 0)}%"
    elif one.action == "extend" and one.due_on:
        more = f"→ {one.due_on:%d/%m/%Y}"
    elif one.action == "escalate":
        more = f"→ {full_name(str(detail.get('to', '')), timezone.localdate(one.at))}"
    return {"act": one, "name": name, "more": more}


def cell(book: Book, entry: Entry, name: str, parents: Mapping[int, str] | None = None) -> Any:
    """A value as one reads it; `parents`: what the entries are called that others belong to."""
    field, value = next(f for f in book.fields if f.name == name), entry.values[name]
    if value is None or value == "":
        return "—"
    match field.kind:
        case "day":
            return f"{value:%d/%m/%Y}"
        case "money" | "count":
            return f"{value:,}".replace(",", ".")
        case "choice":
            return field.choices.get(value, value)
        case "yes":
            return _("Có") if value else _("Không")
        case "indicator":
            known = indicators().get(value)
            return of(known.name_vi, known.name_en) if known else value
        case "unit":
            return _unit(value, entry.values["other_on"])
        case "units":
            return ", ".join(_unit(code, entry.values[book.day]) for code in value)
        case "entry":
            return (parents or {}).get(value, value)
        case _:
            return value


def _unit(code: str, on: dt.date) -> str:
    """Its name as lists say it; the code alone when nobody bore it on the day."""
    found = units.on(max(on, units.FIRST_DAY)).find(code)
    return found.full_name if found else code
