"""The queries of standardise: distinct texts out, readings joined back in."""

from __future__ import annotations

from collections.abc import Mapping

from dancu.engine.ports import Context
from dancu.engine.spec import SectorSpec
from dancu.engine.standardise import stays
from dancu.engine.standardise.dialects import declared, has_dialect
from dancu.engine.standardise.readers import OWN_READERS
from dancu.engine.standardise.zeros import RESTORED
from dancu.reference.fields import citizen_columns, fields

PLACES = ("permanent_unit", "temporary_unit", "birth_place")
"""Fields that are read as addresses, by the units of the list's own day."""


KEYS = {
    "record_id": "BIGINT",
    "source": "VARCHAR",
    "file_no": "INTEGER",
    "row": "BIGINT",
    "list_date": "DATE",
    "on_date": "DATE",
    "expected_fields": "VARCHAR[]",
}
"""Columns of `standard` before those of the citizen: whose record it is, and of which days."""


def with_dialects(cells: str, dialects: str, present: tuple[str, ...], *, order: str) -> str:
    """The rows of query `cells` with the dialect of each one's column, as `<field>_in` ('' = none).

    `order` of day and month is the source's own: the dialect of records that share no column.
    """
    shared = [name for name in present if has_dialect(name)]
    if not shared:
        return cells
    wide = ", ".join(f"max(dialect) FILTER (field = '{n}') AS {n}_in" for n in shared)
    alone = {n: f"CASE WHEN c.entered THEN '{declared(n, order)}' ELSE '' END" for n in shared}
    picks = ", ".join(f"coalesce(d.{n}_in, {alone[n]}) AS {n}_in" for n in shared)
    return f"""
SELECT c.*, {picks}
FROM ({cells}) c
LEFT JOIN (SELECT file_no, sheet, {wide} FROM {dialects} GROUP BY ALL) d
  ON d.file_no = c.file_no AND d.sheet = c.sheet"""


def dialect_of(name: str) -> str:
    """SQL for the dialect of a field's column."""
    return f"{name}_in" if has_dialect(name) else "''"


def distinct(raw: str, name: str, *, already: str | None = None) -> str:
    """Distinct (raw, dialect) of a field that must be read."""
    settled = f" AND NOT regexp_full_match({name}, {_text(already)})" if already else ""
    return f"SELECT DISTINCT {name} AS raw, {dialect_of(name)} AS dialect FROM {raw} WHERE {name} IS NOT NULL{settled}"


def records(
    context: Context, spec: SectorSpec, raw: str, tables: Mapping[str, str], zero: str
) -> str:
    """One row a record of the source: keys, every citizen column, NULL where the source has nothing."""
    values = {name: f"NULL::{kind}" for name, kind in citizen_columns().items()}
    for name in tables:
        values |= _values(name)
    if "personal_number" in tables:
        values |= _zero_values()
        values |= _number_parts(values["personal_number"])
    if spec.event_kind:
        values["event_kind"] = f"coalesce({values['event_kind']}, '{spec.event_kind}')"
    if spec.subject == "event":
        values |= stays.in_sql(values, PERMANENT)
    expected = ", ".join(f"'{name}'" for name in spec.expects)
    made = {
        "source": f"'{spec.id}'",
        "on_date": f"DATE '{context.on.isoformat()}'",
        "expected_fields": f"[{expected}]::VARCHAR[]",
    }
    values = {key: made.get(key, f"r.{key}") for key in KEYS} | values
    columns = ",\n  ".join(f"{expression} AS {name}" for name, expression in values.items())
    return f"""
SELECT {columns}
FROM {raw} r
{_joins(tables)}
{_zero_join(tables, zero)}"""


def _joins(tables: Mapping[str, str]) -> str:
    return "\n".join(
        f"LEFT JOIN {table} {_alias(name)} ON {_alias(name)}.raw = r.{name}"
        f" AND {_alias(name)}.dialect = {_dialect_in(name)}"
        + (f" AND {_alias(name)}.list_date = r.list_date" if name in PLACES else "")
        for name, table in tables.items()
    )


def _dialect_in(name: str) -> str:
    found = dialect_of(name)
    return found if found == "''" else f"r.{found}"


def _alias(name: str) -> str:
    return f"x_{name}"


_PARTS = {
    "birth_date": {
        "birth_year": "year",
        "birth_month": "month",
        "birth_day": "day",
        "birth_earliest": "earliest",
        "birth_latest": "latest",
    },
    "permanent_unit": {
        "permanent_unit": "unit",
        "permanent_unit_status": "status",
        "address_head": "head",
        "unit_code": "unit_now",
    },
    "temporary_unit": {"temporary_unit": "unit"},
    "birth_place": {"birth_place": "unit", "birth_place_province": "number_province"},
    "full_name": {"name_key": "key"},
}


PERMANENT = (*_PARTS["permanent_unit"], "permanent_unit_issue", "permanent_unit_fix")
"""Columns that say where somebody lives permanently."""


def parts_of(name: str) -> dict[str, str]:
    """The columns that a field's reading fills, each with the part of the reading that it takes."""
    field = fields()[name]
    parts = {name: "value"} | _PARTS.get(name, {})
    if field.format:
        parts[f"{name}_issue"] = "issue"
    if field.fix:
        parts[f"{name}_fix"] = "fix"
    return parts


def _values(name: str) -> dict[str, str]:
    alias = _alias(name)
    parts = {column: f"{alias}.{part}" for column, part in parts_of(name).items()}
    return parts | {name: _value(name, parts[name])}


def _value(name: str, reading: str) -> str:
    if not may_be_settled(name):
        return reading
    # Not in the reading table: the text was standard as it stood.
    return f"CASE WHEN {_alias(name)}.raw IS NULL THEN r.{name} ELSE {reading} END"


def may_be_settled(name: str) -> bool:
    """Whether a text can be standard as it stands, so that it is in no reading table."""
    kind = fields()[name].format
    if name in OWN_READERS or kind.startswith("codes.") or fields()[name].type != "text":
        return False
    return kind != "person_name"


def _zero_values() -> dict[str, str]:
    a = _alias("personal_number")
    number = (
        f"coalesce(z.number, CASE WHEN {a}.raw IS NULL THEN r.personal_number ELSE {a}.value END)"
    )
    return {
        "personal_number": number,
        "personal_number_issue": f"CASE WHEN z.number IS NULL THEN {a}.issue END",
        "personal_number_fix": f"CASE WHEN z.number IS NOT NULL THEN '{RESTORED}' ELSE {a}.fix END",
    }


def _zero_join(tables: Mapping[str, str], zero: str) -> str:
    if "personal_number" not in tables:
        return ""
    sex = f"{_alias('sex')}.value" if "sex" in tables else "NULL"
    year = f"{_alias('birth_date')}.year" if "birth_date" in tables else "NULL"
    return f"LEFT JOIN {zero} z ON z.raw = r.personal_number AND z.sex = {sex} AND z.birth_year = {year}"


def _number_parts(number: str) -> dict[str, str]:
    """Province, sex and year that the digits state (Circular 59/2021/TT-BCA art. 4); 9xx counts as 0xx."""
    province = f"substr({number}, 1, 3)"
    century = f"CAST(substr({number}, 4, 1) AS SMALLINT)"
    year = f"CAST(substr({number}, 5, 2) AS SMALLINT)"
    real = f"'0' || substr({number}, 2, 2)"
    return {
        "personal_number_province": f"CASE WHEN substr({number}, 1, 1) = '9' THEN {real} ELSE {province} END",
        "personal_number_sex": f"CASE {century} % 2 WHEN 0 THEN '1' WHEN 1 THEN '2' END",
        "personal_number_birth_year": f"CAST(1900 + 100 * ({century} // 2) + {year} AS SMALLINT)",
    }


def number_parts(number: str) -> dict[str, str | int]:
    """The same for one lawful number."""
    century, year = int(number[3]), int(number[4:6])
    return {
        "personal_number_province": f"0{number[1:3]}" if number[0] == "9" else number[:3],
        "personal_number_sex": "12"[century % 2],
        "personal_number_birth_year": 1900 + 100 * (century // 2) + year,
    }


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
