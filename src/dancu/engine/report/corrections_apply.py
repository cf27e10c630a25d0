"""From answers to records that a later run can read: one a person, in raw roles, all cells text."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pyarrow as pa

from dancu.reference import units
from dancu.reference.fields import fields, raw_roles

IDENTITY = ("personal_number", "full_name", "birth_date", "sex", "permanent_unit")
_ROLES = {
    "permanent_unit": "commune_code",
    "temporary_unit": "current_address",
    "address_head": "hamlet",
    "bank_bin": "bank_name",
}


def role_of(field: str) -> str:
    """The raw role that a standard field is written back to."""
    return field if fields()[field].raw else _ROLES[field]


def persons_query(table: pa.Table) -> str:
    """A query over `persons` of the run that made the worklist, for `as_records`."""
    ids = sorted(set(table["person_id"].to_pylist()))
    listed = ", ".join(str(i) for i in ids) or "NULL"
    wanted = [f.field for f in fields().values() if f.standard]
    kept = ", ".join(f"CAST({name} AS VARCHAR) AS {name}" for name in wanted)
    return f"SELECT person_id, birth_year, birth_month, {kept} FROM persons WHERE person_id IN ({listed})"


def as_records(table: pa.Table, *, persons: pa.Table | None = None) -> pa.Table:
    """person_id and the raw roles: the person's identity, what was fixed or confirmed, day and evidence.

    Without `persons` only what the officer wrote is there, so a value confirmed as it is (`kept`) is left out and only
    `person_id` says whose it is. One row a person, by person_id; verdicts `unknown` and `duplicate` make none.
    """
    known = {row["person_id"]: row for row in persons.to_pylist()} if persons is not None else {}
    answers: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for answer in table.to_pylist():
        if answer["verdict"] == "fixed" or (
            answer["verdict"] == "kept" and answer["person_id"] in known
        ):
            answers[answer["person_id"]].append(answer)
    rows = [_record(person, answers[person], known.get(person, {})) for person in sorted(answers)]
    schema = pa.schema([("person_id", pa.int64()), *((role, pa.string()) for role in raw_roles())])
    return pa.Table.from_pylist(rows, schema)


def _record(person: int, answers: list[dict[str, Any]], known: dict[str, Any]) -> dict[str, Any]:
    values = {field: _value(field, known) for field in IDENTITY}
    for answer in answers:
        field = answer["field"]
        values[field] = (
            answer["new_value"] if answer["verdict"] == "fixed" else _value(field, known)
        )
    cells = {role_of(field): _cell(field, value) for field, value in values.items() if value}
    day = max(answer["handled_on"] for answer in answers)
    notes = dict.fromkeys(f"{a['evidence']} ({a['handled_by']})" for a in answers)
    return {**cells, "person_id": person, "updated_on": f"{day:%d/%m/%Y}", "note": "; ".join(notes)}


def _value(field: str, known: dict[str, Any]) -> str | None:
    if field == "birth_date" and not known.get("birth_date") and known.get("birth_year"):
        month = known.get("birth_month")
        return f"{known['birth_year']}-{month:02d}" if month else str(known["birth_year"])
    return known.get(field)


def _cell(field: str, value: str) -> str:
    """A standard value as a list would write it: days as dd/mm/yyyy, a temporary unit by its full name."""
    if fields()[field].type == "date":
        return "/".join(reversed(value[:10].split("-")))
    if field == "temporary_unit" and units.history(value):
        return _address(units.history(value)[-1])
    return value


def _address(unit: units.Unit) -> str:
    tree = units.on(unit.valid_from if unit.valid_from > units.FIRST_DAY else units.FIRST_DAY)
    above = (tree.find(unit.district_code), tree.find(unit.province_code))
    return ", ".join([unit.full_name, *(u.full_name for u in above if u is not None)])
