"""One entry into the register: checked, tried out, recorded. The API and the forms differ only in what is around this.

Who may record a kind is a right; about whom is a matter of territory, which the register itself holds in the same
transaction: an event may change persons of the recorder's communes alone, unless it is what brings a person there.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db import connections

from dancu.engine.events import entered
from dancu.engine.events.entered import Problem
from dancu.engine.standardise.one import standard_row
from dancu.platform.events.writer import desk
from dancu.store.register.desk import Refused, entry
from dancu.store.register.effects import Effects
from dancu.store.register.told import Incoming, Outcome

LONGEST = 500
"""Characters of one field: more is no name, no date and no address."""


@dataclass(frozen=True)
class Recorder:
    """Who records: the name in the register's log, the kinds it may record, the communes whose people it may touch.

    `units` None: everywhere.
    """

    by: str
    kinds: frozenset[str]
    units: frozenset[str] | None


@dataclass(frozen=True)
class Entry:
    """What is to be recorded. `source` and `id` name it for ever; `same_as`: a record of the person meant."""

    kind: str
    data: Mapping[str, Any]
    source: str
    id: str
    same_as: int | None = None
    happened_at: dt.datetime | None = None


def do_record(one: Entry, *, by: Recorder) -> Outcome:
    """Take the event into the register. Raises Refused, Outside, Conflict, StoreError; then nothing was kept."""
    return desk().submit(incoming(one, by=by))


def try_out(one: Entry, *, by: Recorder) -> Effects:
    """What the event would do. Raises what `do_record` raises."""
    return desk().try_out(incoming(one, by=by))


def incoming(one: Entry, *, by: Recorder) -> Incoming:
    """The entry as the register takes it; raises Refused with every field at fault."""
    if one.kind not in by.kinds:
        raise Refused([Problem("type", "no_right")])
    if wrong := _not_plain(one.data):
        raise Refused(wrong)
    made = entry(
        one.kind, one.data, context=desk().context(), by=by.by, source=one.source, id=one.id,
        same_as=one.same_as, happened_at=one.happened_at,
    )  # fmt: skip
    row = made.changes[0].row or {}
    free = by.units is None or _brings_in(one.kind, row, by)
    return replace(made, only_in=None if free else by.units)


def standard_of(kind: str, data: Mapping[str, str]) -> dict[str, Any]:
    """What was typed, made standard, whether or not it can be taken in."""
    context, form = desk().context(), entered.forms()[kind]
    return standard_row(
        entered.cells_of(form, {r: t for r, t in data.items() if r in form.roles}),
        spec=context.sources[form.source], context=context, record_id=0, file_no=0, row=0, list_date=context.on,
    )  # fmt: skip


def _not_plain(data: Mapping[str, Any]) -> list[Problem]:
    """Roles whose value is no text that a person could have typed."""
    wrong = []
    for role, text in data.items():
        if text is None:
            continue
        if not isinstance(text, str):
            wrong.append(Problem(role, "not_text"))
        elif len(text) > LONGEST:
            wrong.append(Problem(role, "too_long"))
        elif any((ord(c) < 32 and c not in "\t\r\n") or 0xD800 <= ord(c) < 0xE000 for c in text):
            wrong.append(Problem(role, "control_characters"))
    return wrong


def _brings_in(kind: str, row: Mapping[str, Any], by: Recorder) -> bool:
    """Whether the event itself lies in the recorder's communes: a move or a stay there, a wedding to one of theirs."""
    units = by.units or frozenset()
    if kind == "move":
        return row.get("unit_code") in units
    if kind == "temporary_residence":
        return row.get("temporary_unit") in units
    if kind in ("marriage", "divorce") and row.get("spouse_number"):
        return _unit_of_number(row["spouse_number"]) in units
    return False


def _unit_of_number(number: str) -> str | None:
    """The commune of who bears the number; asked as the owner, told to nobody."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT unit_code FROM register.person WHERE personal_number = %s LIMIT 2", [number]
        )
        rows = cursor.fetchall()
    return rows[0][0] if len(rows) == 1 else None
