"""The two sides of a pair as this officer may see them: own people through the door, others by who they are alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dancu.engine.link import wording
from dancu.platform.access import territory
from dancu.platform.register.door import Citizen, NoCitizen, access_citizen
from dancu.platform.register.parts import Row, ask, sources
from dancu.platform.register.words_of import group_of, is_number, label, worded
from dancu.reference import purposes
from dancu.reference.fields import fields as dictionary

_FIRST = (
    "full_name", "birth_date", "sex", "personal_number", "old_number", "permanent_unit", "address_head",
    "household_number", "phone", "father_name", "mother_name", "spouse_name", "life_status",
)  # fmt: skip
"""What an officer compares first, in this order."""
_BY_LINEAGE = ("permanent_unit",)
"""Worded as the commune of today that the code of either era leads to: alike is the same."""


@dataclass(frozen=True)
class Side:
    """One record with its person. `values`: of the record; `chosen`: of the person where it says another thing."""

    record_id: int
    source: str
    list_date: dt.date | None
    citizen_id: str
    unit_code: str | None
    unit: str
    n_records: int
    own: bool
    values: Mapping[str, str]
    chosen: Mapping[str, str]
    groups: frozenset[str]


@dataclass(frozen=True)
class Looked:
    """Who looks, for what, on which day of the register."""

    by: Any
    purpose: str
    on: dt.date


def looked(request: Any) -> Looked:
    """The purpose chosen in the session, else the usual one of the role."""
    on = territory.register_day()
    chosen = request.session.get("register.purpose", "")
    if chosen not in purposes.purposes(on=on):
        chosen = purposes.usual(request.user.roles_today, on=on)
    return Looked(request.user, chosen, on)


def of_pair(row: Row, look: Looked) -> tuple[Side, Side]:
    """Both sides of a pair of the queue; each look leaves its line in the person's log."""
    return _side(row, "a", look), _side(row, "b", look)


def of_record(record: int, look: Looked) -> Side:
    """A record whose person the log-in may see; NoCitizen when it may not."""
    found = _own(record, look)
    if found is None:
        raise NoCitizen(str(record))
    return found


def _side(row: Row, which: str, look: Looked) -> Side:
    return _own(row[f"record_{which}"], look) or _other(row["duplicate_no"], which, look)


def _own(record: int, look: Looked) -> Side | None:
    known = ask(
        "SELECT s.*, p.citizen_id, p.n_records FROM register.standard s"
        " JOIN register.person p ON p.person_id = s.person_id WHERE s.record_id = %s", record,
    )  # fmt: skip
    if not known:
        return None
    of = access_citizen(
        citizen_id=known[0]["citizen_id"], by=look.by, purpose=look.purpose, on=look.on
    )
    opened = [f.field for f in dictionary().values() if f.standard and f.group in of.groups]
    values = {f: text for f in opened if (text := _worded(f, known[0], look.on))}
    return Side(
        record, _source(known[0]["source"]), known[0]["list_date"], of.citizen_id, of.unit_code,
        _unit(of.unit_code, look.on), known[0]["n_records"], True, values, _chosen(of, values, look.on),
        of.groups,
    )  # fmt: skip


def _other(number: int, which: str, look: Looked) -> Side:
    law = purposes.get(look.purpose, on=look.on).law
    (found,) = ask(
        "SELECT register.other_side(%s, %s, %s, %s) AS told", number, which, look.purpose, law
    )
    told = found["told"]
    if told is None:
        raise NoCitizen(str(number))
    values = {f: text for f in dictionary() if (text := _worded(f, told["values"], look.on))}
    listed = dt.date.fromisoformat(told["list_date"]) if told.get("list_date") else None
    unit = told.get("unit_code")
    return Side(
        told["record_id"], _source(told["source"]), listed, told["citizen_id"], unit,
        _unit(unit, look.on), told["n_records"], False, values, {}, frozenset({"identity"}),
    )  # fmt: skip


def _chosen(of: Citizen, values: Mapping[str, str], on: dt.date) -> dict[str, str]:
    """Where the person says another thing than this record: the person's value."""
    found = {}
    for field in of.values:
        text = (
            born(of.birth_parts)
            if field == "birth_date"
            else worded(field, of.values[field], on=on)
        )
        if text and values.get(field) and text != values[field]:
            found[field] = text
    return found


def _worded(field: str, row: Mapping[str, Any], on: dt.date) -> str:
    if field == "birth_date":
        return born(tuple(row.get(f"birth_{part}") for part in ("day", "month", "year")))
    if field == "permanent_unit" and row.get("unit_code"):
        # What the matcher compares: the commune in force.
        return territory.full_name(row["unit_code"], on)
    value = row.get(field)
    # The other side's numbers come masked out of the database.
    if is_number(field) and isinstance(value, str) and "•" in value:
        return value
    return worded(field, value, on=on)


def born(parts: Sequence[int | None]) -> str:
    """A birth date as far as it is known: 05/03/1980, 03/1980, 1980.

    >>> born((5, 3, 1980)), born((None, None, 1980)), born((None, None, None))
    ('05/03/1980', '1980', '')
    """
    day, month, year = parts
    if not year:
        return ""
    return "/".join([f"{part:02d}" for part in (day, month) if part] + [str(year)])


def _source(source: str) -> str:
    spec = sources().get(source, {}).get("spec") or {}
    return str(spec.get("name_vi") or source)


def _unit(code: str | None, on: dt.date) -> str:
    return territory.full_name(code, on) if code else ""


def compared(
    a: Side, b: Side, steps: Sequence[Mapping[str, Any]], lang: str
) -> list[dict[str, Any]]:
    """Fields side by side: those that differ are marked; what the matcher said of them in words.

    `state`: same, differs, one (only one side has it), closed (the other side's group is not open).
    """
    said = {s["name"]: s for s in steps if s["kind"] == "evidence"}
    said |= {i["name"]: i for s in steps for i in s["items"]}
    order = dict.fromkeys((*_FIRST, *a.values, *b.values))
    lines = []
    for field in order:
        left, right = a.values.get(field, ""), b.values.get(field, "")
        if not left and not right:
            continue
        step = said.get(field)
        if field in _BY_LINEAGE and left == right:
            # The matcher compared codes as the lists gave them; both lead to the same commune of today.
            step = None
        lines.append(
            {
                "field": field,
                "label": label(field),
                "a": left,
                "b": right,
                "chosen_a": a.chosen.get(field, ""),
                "chosen_b": b.chosen.get(field, ""),
                "state": _state(field, left, right, a, b, step),
                "said": wording.say("levels", step["level"], lang) if step else "",
                "weight": step["weight_shown"] if step else "",
                "first": field in _FIRST,
            }
        )
    return lines


def _state(
    field: str, left: str, right: str, a: Side, b: Side, step: Mapping[str, Any] | None
) -> str:
    group = group_of(field)
    if (not left and group not in a.groups) or (not right and group not in b.groups):
        return "closed"
    if not left or not right:
        return "one"
    if step is not None:
        return "same" if step["level"] == "same" else "differs"
    return "same" if left == right else "differs"
