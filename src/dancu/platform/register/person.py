"""The page of a person: what the door gave and what hangs on it, put into words for the template."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from dancu.platform.access import territory
from dancu.platform.register import history, parts
from dancu.platform.register.door import Citizen, Member, unmaskable
from dancu.platform.register.household import member_lines
from dancu.platform.register.words_of import group_of, is_number, label, worded
from dancu.platform.ui.formats import masked
from dancu.reference import purposes
from dancu.reference.events import event_kinds
from dancu.reference.fields import fields as dictionary
from dancu.reference.rights import roles

GROUPS = {
    "identity": gettext_lazy("Định danh"),
    "residence": gettext_lazy("Cư trú"),
    "family": gettext_lazy("Gia đình"),
    "documents": gettext_lazy("Giấy tờ"),
    "contact": gettext_lazy("Liên hệ"),
    "sector": gettext_lazy("Chuyên ngành"),
}
REASONS = {
    "trust": gettext_lazy("nguồn ít tin cậy hơn"),
    "date": gettext_lazy("cũ hơn"),
    "agreement": gettext_lazy("ít nguồn đồng ý hơn"),
    "invalid": gettext_lazy("không hợp lệ"),
    "complete": gettext_lazy("kém đầy đủ hơn (thiếu dấu, thiếu ngày hoặc tháng)"),
    "tie": gettext_lazy("ngang nhau, lấy bản ghi đứng trước"),
}
LEVELS = {"1": "good", "2": "none", "3": "bad"}


@dataclass(frozen=True)
class Source:
    """Where a value comes from: the list with its trust in this field, and the row."""

    name: str
    trust: int | None
    place: str
    list_date: dt.date | None
    record_id: int


@dataclass(frozen=True)
class Line:
    """One field. `number`: masked; `open`: may be asked for; `lost`: (value, reason, source) that were not chosen."""

    field: str
    label: str
    value: str
    number: bool
    open: bool
    source: Source | None
    lost: tuple[tuple[str, Any, Source | None], ...]


class Page:
    """Everything of one view; reads what hangs on the person once."""

    def __init__(self, of: Citizen, day: dt.date, by: Any) -> None:
        self.of, self.day, self.by = of, day, by
        self.records = parts.records(of)
        self.sources = parts.sources()
        self.contested = parts.contested(of)
        self.residences = parts.residences(of)
        self.events = parts.life_events(of)
        self.states = history.states(of)
        self._by_id = {record.record_id: record for record in self.records}

    def source(self, record_id: int | None, field: str) -> Source | None:
        """The list and row of a value; None for a record that is no longer there."""
        record = self._by_id.get(record_id or -1)
        if record is None:
            return None
        trust = self.spec(record.source).get("trust") or {}
        value = trust.get(field, trust.get("*"))
        return Source(
            self.name(record.source), None if value is None else round(value), record.place,
            record.list_date, record.record_id,
        )  # fmt: skip

    def spec(self, source: str) -> Mapping[str, Any]:
        """What the source declares about itself."""
        found: Mapping[str, Any] = self.sources.get(source, {}).get("spec") or {}
        return found

    def name(self, source: str) -> str:
        """The source's name in the language of the page."""
        return str(self.spec(source).get(f"name_{_lang()}") or source)

    def groups(self, of: Citizen, numbers: Mapping[str, str]) -> list[tuple[str, Any, list[Line]]]:
        """Fields by group, those that hold something or have lost values."""
        may_ask = unmaskable(self.of, self.by)
        found = []
        for group, words in GROUPS.items():
            names = [f.field for f in dictionary().values() if f.standard and f.group == group]
            lines = [line for n in names if (line := self._line(of, n, numbers, may_ask))]
            if lines:
                found.append((group, words, lines))
        return found

    def _line(
        self, of: Citizen, field: str, numbers: Mapping[str, str], may_ask: frozenset[str]
    ) -> Line | None:
        lost = tuple(
            (worded(field, c["value"], on=self.day), REASONS.get(c["reason"], c["reason"]),
             self.source(c["record_id"], field))
            for c in self.contested if c["field"] == field
        )  # fmt: skip
        value = of.values.get(field)
        if value is None and not lost:
            return None
        shown = numbers.get(field) or worded(field, value, on=self.day)
        return Line(
            field, label(field), shown, is_number(field), field in may_ask and field not in numbers,
            self.source(of.origins.get(field), field), lost,
        )  # fmt: skip


def person_page(
    of: Citizen, members: Sequence[Member], *, day: dt.date, query: Mapping[str, str],
    numbers: Mapping[str, str], by: Any,
) -> dict[str, Any]:  # fmt: skip
    """The context of the template."""
    page = Page(of, day, by)
    moment = _moment(query.get("biet"))
    then = history.known_at(of, page.states, moment) if moment else of
    asked_day = _day(query.get("ngay"))
    shown = then or replace(of, values={}, origins={})
    return {
        "of": of,
        "day": day,
        "name": of.values.get("full_name", _("(chưa có tên)")),
        "born": born(of),
        "sex": worded("sex", of.values.get("sex"), on=day),
        "life": worded("life_status", of.values.get("life_status"), on=day),
        "life_state": LEVELS.get(str(of.values.get("life_status") or ""), "fair"),
        "commune": territory.full_name(of.unit_code, day) if of.unit_code else "",
        "number": numbers.get("personal_number") or masked(of.values.get("personal_number")),
        "number_open": "personal_number" in unmaskable(of, by) and "personal_number" not in numbers,
        "purpose": _purpose(of.purpose),
        "merged_from": query.get("gop-tu", ""),
        "field_groups": page.groups(shown, numbers),
        "known_at": moment,
        "unknown_then": moment is not None and then is None,
        "states": [s for s in reversed(page.states) if s.since],
        "on_day": history.on_day(of, asked_day, page.residences, page.events)
        if asked_day
        else None,
        "timeline": timeline(page),
        "changes": change_lines(page),
        "members": member_lines(of, members, day),
        "findings": parts.findings(of, [r.record_id for r in page.records]),
        "english": _lang() == "en",
        "records": record_lines(page),
        "looks": look_lines(parts.log(of)),
        "history": of.sees("history"),
    }


def born(of: Citizen) -> str:
    """The birth date as far as it is known."""
    day, month, year = of.birth_parts
    if of.values.get("birth_date") and day:
        return f"{of.values['birth_date']:%d/%m/%Y}"
    known = [f"{part:02d}" for part in (day, month) if part]
    return "/".join([*known, str(year)]) if year else ""


def timeline(page: Page) -> list[dict[str, Any]]:
    """Valid time, the newest first: residences begin, things happen."""
    moves = [
        {"on": r["valid_from"], "kind": _("Thường trú"), "icon": "home", "until": r["valid_to"],
         "text": _place(r, page.day), "source": page.source(r["record_id"], "permanent_unit")}
        for r in page.residences
    ]  # fmt: skip
    happened = [
        {"on": e["valid_on"], "kind": event_name(e["kind"]), "icon": "calendar", "until": None, "text": "",
         "recorded": e["recorded_on"], "source": page.source(e["record_id"], "event_date")}
        for e in page.events if e["kind"] != "move"
    ]  # fmt: skip
    return sorted(
        moves + happened, key=lambda x: (x["on"] is not None, x["on"] or page.day), reverse=True
    )


def _place(row: Mapping[str, Any], day: dt.date) -> str:
    unit = territory.full_name(row["unit_code"], day) if row["unit_code"] else ""
    return ", ".join(part for part in (row["address_head"], unit) if part)


def change_lines(page: Page) -> list[dict[str, Any]]:
    """Recorded time, the newest first: what changed, when we knew it, by which event."""
    return [
        {
            "at": change.at,
            "event": event_name(change.event["kind"]) if change.event else "",
            "by": change.event["recorded_by"] if change.event else "",
            "fields": [
                (label(f), worded(f, old, on=page.day), worded(f, new, on=page.day))
                for f, old, new in change.fields
            ],
        }
        for change in history.changes(page.states)
    ]


def record_lines(page: Page) -> list[dict[str, Any]]:
    """The rows of the lists: each cell as given beside what it became."""
    from dancu.platform.register.words_of import given

    found = []
    for record in page.records:
        names = list(dict.fromkeys([*record.cells, *record.standard]))
        cells = [
            (
                label(n),
                given(n, record.cells.get(n)),
                worded(n, record.standard.get(n), on=page.day),
            )
            for n in names
            if group_of(n) in page.of.groups
        ]
        found.append({"record": record, "name": page.name(record.source), "cells": cells})
    return found


def look_lines(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The log in words."""
    english = _lang() == "en"
    return [
        {
            **row,
            "purpose": purposes.name(row["purpose"], _lang()),
            "role": ", ".join(
                (roles()[r].name_en if english else roles()[r].name_vi) for r in row["role"].split() if r in roles()
            ),
            "fields": ", ".join(_group_or_field(f) for f in row["fields"]),
        }
        for row in rows
    ]  # fmt: skip


def _group_or_field(name: str) -> str:
    if name == "household":
        return _("Thành viên hộ")
    if name == "history":
        return _("Lịch sử")
    if name == "listed":
        return _("Có tên trong kết quả tìm")
    return str(GROUPS[name]) if name in GROUPS else label(name)


def event_name(kind: str) -> str:
    """A kind of event in words; one that is not in the table keeps its name."""
    known = event_kinds().get(kind)
    if known is None:
        return {"judgement": _("Kết luận trùng"), "load": _("Nạp dữ liệu")}.get(kind, kind)
    return known.name_en if _lang() == "en" else known.name_vi


def _purpose(code: str) -> str:
    return purposes.name(code, _lang())


def _lang() -> str:
    return "en" if get_language() == "en" else "vi"


def _moment(text: str | None) -> dt.datetime | None:
    """A moment of the address: one of the states' own, or a day typed in (its end)."""
    try:
        found = parse_datetime(text or "")
        day = None if found else _day(text)
    except ValueError:
        return None
    if day:
        found = dt.datetime.combine(day, dt.time(23, 59, 59))
    if found is None:
        return None
    return timezone.make_aware(found) if timezone.is_naive(found) else found


def _day(text: str | None) -> dt.date | None:
    """A day as typed (21/06/2024) or as a browser sends it."""
    try:
        parts_of = (text or "").split("/")
        if len(parts_of) == 3:
            return dt.date(int(parts_of[2]), int(parts_of[1]), int(parts_of[0]))
        return parse_date(text or "")
    except ValueError:
        return None
