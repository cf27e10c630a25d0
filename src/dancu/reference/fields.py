"""The dictionary of shared fields: what a list's column can mean and what it becomes.

One table (`data/fields.csv`) rules the raw roles of intake, the standard columns of the register, their formats,
weights and labels. Types: text, date (DATE; its precision in companions), money (BIGINT, đồng).
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources


@dataclass(frozen=True)
class Field:
    """One row of the dictionary. `identifier`: the official formula demands 100 of it."""

    field: str
    raw: bool
    standard: bool
    type: str
    label_vi: str
    label_en: str
    group: str
    format: str
    identifier: bool
    fix: bool
    survivorship: bool
    mandatory: bool
    weight: float


@cache
def fields() -> dict[str, Field]:
    """Every field by its name, in the order of the dictionary."""
    text = resources.files("dancu.reference").joinpath("data/fields.csv").read_text("utf-8")
    return {row["field"]: _field(row) for row in csv.DictReader(text.splitlines())}


def _field(row: dict[str, str]) -> Field:
    flags = {
        name: row[name] == "yes"
        for name in ("raw", "standard", "identifier", "fix", "survivorship", "mandatory")
    }
    return Field(
        field=row["field"],
        type=row["type"],
        label_vi=row["label_vi"],
        label_en=row["label_en"],
        group=row["group"],
        format=row["format"],
        weight=float(row["weight"]),
        **flags,
    )


def raw_roles() -> tuple[str, ...]:
    """Names that a heading of an input list can be mapped to."""
    return tuple(f.field for f in fields().values() if f.raw)


def standard_fields() -> tuple[str, ...]:
    """Names of the typed columns shared by lists, golden persons and the register."""
    return tuple(f.field for f in fields().values() if f.standard)


def mandatory_fields() -> tuple[str, ...]:
    """Fields that the register owes for every citizen (Law on Identification 2023, art. 9)."""
    return tuple(f.field for f in fields().values() if f.mandatory)


def issue_columns() -> tuple[str, ...]:
    """Companions that hold the reason why a cell could not be made standard."""
    return tuple(f"{f.field}_issue" for f in fields().values() if f.standard and f.format)


def fix_columns() -> tuple[str, ...]:
    """Companions that name the repairs made to a cell."""
    return tuple(f"{f.field}_fix" for f in fields().values() if f.fix)


_DERIVED = {
    "birth_year": "SMALLINT",
    "birth_month": "TINYINT",
    "birth_day": "TINYINT",
    "birth_earliest": "DATE",
    "birth_latest": "DATE",
    "personal_number_province": "VARCHAR",
    "personal_number_sex": "VARCHAR",
    "personal_number_birth_year": "SMALLINT",
    "name_key": "VARCHAR",
    "permanent_unit_status": "VARCHAR",
    "birth_place_province": "VARCHAR",
    "unit_code": "VARCHAR",
}
_SQL_TYPES = {"text": "VARCHAR", "date": "DATE", "money": "BIGINT"}


def citizen_columns() -> dict[str, str]:
    """Columns that `standard`, `golden` and `persons` share, name -> SQL type (DuckDB and PostgreSQL)."""
    columns = {name: _SQL_TYPES[fields()[name].type] for name in standard_fields()}
    columns |= _DERIVED
    columns |= dict.fromkeys((*issue_columns(), *fix_columns()), "VARCHAR")
    return columns
