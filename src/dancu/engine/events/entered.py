"""Events that an officer or a partner system enters one at a time: what each kind must and may tell, as raw roles.

`entered.csv` is the one table behind the forms and the API. An entry becomes a record of an event source, made standard
like a row of a list; what cannot be read is said field by field, before anything is kept.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, NamedTuple

from dancu.engine.ports import Context
from dancu.reference.events import event_kinds

CORRECTION = "correction"
"""Not an event of life: an officer puts a record right after having seen the papers."""


@dataclass(frozen=True)
class EntryForm:
    """One kind: the source whose record it becomes, and the roles it must and may have."""

    kind: str
    source: str
    required: tuple[str, ...]
    optional: tuple[str, ...]

    @property
    def roles(self) -> tuple[str, ...]:
        """All roles, in the order in which a form asks them."""
        return (*self.required, *self.optional)

    @property
    def name_vi(self) -> str:
        """As the law calls it."""
        return _CORRECTION_VI if self.kind == CORRECTION else event_kinds()[self.kind].name_vi

    @property
    def name_en(self) -> str:
        """The same in English."""
        return "Correction" if self.kind == CORRECTION else event_kinds()[self.kind].name_en


_CORRECTION_VI = "Sửa thông tin theo giấy tờ"


class Problem(NamedTuple):
    """A role that cannot be taken as it is: `missing`, `not_asked`, or the slug of the format's error."""

    role: str
    reason: str


@cache
def forms() -> Mapping[str, EntryForm]:
    """Kind -> form, in the order of the table."""
    text = resources.files("dancu.engine.events").joinpath("entered.csv").read_text("utf-8")
    return {
        row["kind"]: EntryForm(
            row["kind"],
            row["source"],
            tuple(row["required"].split()),
            tuple(row["optional"].split()),
        )
        for row in csv.DictReader(text.splitlines())
    }


def cells_of(form: EntryForm, data: Mapping[str, str | None]) -> dict[str, str]:
    """What was typed, without empty fields, as the cells of a record of the form's source."""
    cells = {role: text.strip() for role, text in data.items() if text and text.strip()}
    if form.kind != CORRECTION:
        cells["event_kind"] = form.kind
    return cells


def lacking(form: EntryForm, data: Mapping[str, Any]) -> list[Problem]:
    """Required roles that are empty, and roles that the form does not ask."""
    empty = [r for r in form.required if not str(data.get(r) or "").strip()]
    foreign = [r for r in data if r not in form.roles]
    return [*(Problem(r, "missing") for r in empty), *(Problem(r, "not_asked") for r in foreign)]


_COLUMN = {
    "address": "permanent_unit",
    "commune_code": "permanent_unit",
    "current_address": "temporary_unit",
}
"""Roles whose standard column bears another name."""


def unreadable(form: EntryForm, cells: Mapping[str, str], row: Mapping[str, Any]) -> list[Problem]:
    """Roles whose cell became no standard value in `row`, with the reason."""
    found = []
    for role in form.roles:
        column = _COLUMN.get(role, role)
        if role in cells and (reason := row.get(f"{column}_issue")):
            found.append(Problem(role, str(reason)))
    return found


def late(row: Mapping[str, Any], context: Context) -> list[Problem]:
    """Days that lie after the register's day: nothing has happened yet that is to come."""
    days = (
        "birth_date",
        "death_date",
        "marriage_date",
        "event_date",
        "registered_on",
        "card_issued",
    )
    return [Problem(d, "in_future") for d in days if row.get(d) and row[d] > context.on]
