"""Leading zeros that a spreadsheet ate: put back only where province, sex and year then agree."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import pyarrow as pa

from dancu.engine.ports import Context, Kernel
from dancu.formats import personal_number

RESTORED = "zero_restored"
"""The fix of a number whose zeros were put back."""

_SEX = {"1": "male", "2": "female"}
_NOBODY = (
    "SELECT NULL::VARCHAR AS raw, NULL::VARCHAR AS sex, NULL::SMALLINT AS birth_year WHERE false"
)


def step(context: Context, raw: str, tables: Mapping[str, str], table: str) -> Kernel:
    """Table of (raw, sex, birth_year, number) for the numbers of one source that can be restored."""
    query = (
        _query(raw, tables) if {"personal_number", "sex", "birth_date"} <= set(tables) else _NOBODY
    )
    return Kernel(table, {"cases": query}, partial(restore, test_people=context.test_people))


def restore(cases: pa.Table, *, test_people: bool) -> pa.Table:
    """`cases`: raw, sex (code), birth_year. Adds `number`, NULL where nothing may be restored."""
    numbers = [restored(**case, test_people=test_people) for case in cases.to_pylist()]
    return cases.append_column("number", pa.array(numbers, pa.string()))


def restored(raw: str, sex: str | None, birth_year: int | None, *, test_people: bool) -> str | None:
    """One number with the zeros it lost; `sex` as its code."""
    return personal_number.restore_zero(
        raw, sex=_SEX.get(sex or ""), birth_year=birth_year, test_people=test_people
    )


def _query(raw: str, tables: Mapping[str, str]) -> str:
    return f"""
SELECT DISTINCT r.personal_number AS raw, s.value AS sex, b.year AS birth_year
FROM {raw} r
JOIN {tables["personal_number"]} n ON n.raw = r.personal_number AND n.issue = 'lost_zero'
JOIN {tables["sex"]} s ON s.raw = r.sex
JOIN {tables["birth_date"]} b ON b.raw = r.birth_date AND b.dialect = r.birth_date_in
WHERE s.value IS NOT NULL AND b.year IS NOT NULL"""
