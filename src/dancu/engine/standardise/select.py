"""The queries of standardise: distinct texts out, readings joined back in."""

from __future__ import annotations

from collections.abc import Mapping

from dancu.engine.ports import Context
from dancu.engine.spec import SectorSpec
from dancu.engine.standardise.dialects import has_dialect
from dancu.engine.standardise.readers import OWN_READERS
from dancu.reference.fields import citizen_columns, fields

PLACES = ("permanent_unit", "temporary_unit", "birth_place")
"""Fields that are read as addresses, by the units of the list's own day."""


def with_dialects(cells: str, dialects: str, present: tuple[str, ...]) -> str:
    """The rows of query `cells` with the dialect of each one's column, as `<field>_in` ('' = none)."""
    shared = [name for name in present if has_dialect(name)]
    if not shared:
        return cells
    wide = ", ".join(f"max(dialect) FILTER (field = '{n}') AS {n}_in" for n in shared)
    picks = ", ".join(f"coalesce(d.{n}_in, '') AS {n}_in" for n in shared)
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
    expected = ", ".join(f"'{name}'" for name in spec.expects)
    columns = ",\n  ".join(f"{expression} AS {name}" for name, expression in values.items())
    return f"""
SELECT r.record_id, '{spec.id}' AS source, r.file_no, r.row, r.list_date,
  DATE '{context.on.isoformat()}' AS on_date,
  [{expected}]::VARCHAR[] AS expected_fields,
  {columns}
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


def _values(name: str) -> dict[str, str]:
    field, a = fields()[name], _alias(name)
    if name == "birth_date":
        return _birth_values(a)
    if name == "permanent_unit":
        return _residence_values(a)
    if name == "temporary_unit":
        return {name: f"{a}.unit", f"{name}_issue": f"{a}.issue"}
    if name == "birth_place":
        return {
            name: f"{a}.unit",
            f"{name}_issue": f"{a}.issue",
            "birth_place_province": f"{a}.number_province",
        }
    values = {name: _value(name, a)}
    if field.format:
        values[f"{name}_issue"] = f"{a}.issue"
    if field.fix:
        values[f"{name}_fix"] = f"{a}.fix"
    if name == "full_name":
        values["name_key"] = f"{a}.key"
    return values


def _value(name: str, alias: str) -> str:
    if not may_be_settled(name):
        return f"{alias}.value"
    # Not in the reading table: the text was standard as it stood.
    return f"CASE WHEN {alias}.raw IS NULL THEN r.{name} ELSE {alias}.value END"


def may_be_settled(name: str) -> bool:
    """Whether a text can be standard as it stands, so that it is in no reading table."""
    kind = fields()[name].format
    if name in OWN_READERS or kind.startswith("codes.") or fields()[name].type != "text":
        return False
    return kind != "person_name"


def _birth_values(a: str) -> dict[str, str]:
    return {
        "birth_date": f"{a}.value",
        "birth_year": f"{a}.year",
        "birth_month": f"{a}.month",
        "birth_day": f"{a}.day",
        "birth_earliest": f"{a}.earliest",
        "birth_latest": f"{a}.latest",
        "birth_date_issue": f"{a}.issue",
        "birth_date_fix": f"{a}.fix",
    }


def _residence_values(a: str) -> dict[str, str]:
    return {
        "permanent_unit": f"{a}.unit",
        "permanent_unit_status": f"{a}.status",
        "permanent_unit_issue": f"{a}.issue",
        "permanent_unit_fix": f"{a}.fix",
        "address_head": f"{a}.head",
        "unit_code": f"{a}.unit_now",
    }


def _zero_values() -> dict[str, str]:
    a = _alias("personal_number")
    number = (
        f"coalesce(z.number, CASE WHEN {a}.raw IS NULL THEN r.personal_number ELSE {a}.value END)"
    )
    return {
        "personal_number": number,
        "personal_number_issue": f"CASE WHEN z.number IS NULL THEN {a}.issue END",
        "personal_number_fix": f"CASE WHEN z.number IS NOT NULL THEN 'zero_restored' ELSE {a}.fix END",
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


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
