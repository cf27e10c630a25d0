"""The persons of an earlier register as records beside those of a few files, so that the files meet them.

Table `register_persons` is the `persons` of that run. Its rows go into `standard` under the source `register`, with
the person's number as `row` and record ids after the files' own; they are matched and merged, never judged as a list.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from dancu.engine.ports import Context, Drop, Kernel, Part, Step
from dancu.engine.spec import SectorSpec
from dancu.engine.standardise.residence import read_places
from dancu.reference.fields import citizen_columns

SOURCE = "register"
TRUST = 85.0


def spec(like: SectorSpec) -> SectorSpec:
    """The register as a source: what the residents' list is, one record a person, trusted in everything."""
    return replace(
        like,
        id=SOURCE,
        name_vi="Sổ đăng ký của lần chạy trước",
        name_en="Register of an earlier run",
        one_per_person=True,
        recognised=False,
        trust={"*": TRUST},
    )


def is_asked(context: Context) -> bool:
    """Whether this run compares its files with a register (setting `standardise.register`: what it was made of)."""
    return bool(context.of("standardise").get("register"))


def steps(context: Context) -> list[Step]:
    """Steps that add the register's persons to `standard`; none when no register was asked for."""
    if not is_asked(context):
        return []
    heirs = partial(read_places, on=context.on, commune=True)
    return [
        Kernel("_register_units", {"values": _UNITS}, heirs),
        Part("standard", SOURCE, _records(context)),
        Drop(("_register_units",)),
    ]


# A commune of the register's day leads to the one of the asked day only through the change table.
_UNITS = (
    "SELECT DISTINCT unit_code || '#' AS raw, '' AS dialect, on_date AS list_date"
    " FROM register_persons WHERE unit_code IS NOT NULL"
)


def _records(context: Context) -> str:
    made = {"unit_code": "u.unit_now"}
    columns = ", ".join(f"{made.get(c, f'p.{c}')} AS {c}" for c in citizen_columns())
    return f"""
SELECT (SELECT max(record_id) FROM records) + p.person_id AS record_id, '{SOURCE}' AS source, 0 AS file_no,
  p.person_id AS row, coalesce(p.last_confirmed, p.on_date) AS list_date, DATE '{context.on.isoformat()}' AS on_date,
  []::VARCHAR[] AS expected_fields, {columns}
FROM register_persons p
LEFT JOIN _register_units u ON u.raw = p.unit_code || '#' AND u.list_date = p.on_date"""
