"""One record made standard by itself: the living register takes records one at a time.

The same texts, readers and columns as the stage's, without a table in between: a record gets the row that the batch
would give it as the only one of its file. What is found out about whole columns (encodings, swapped dates, ticks of one
sex only) does not exist here; of dates the source's own order holds.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from operator import attrgetter
from typing import Any, NamedTuple

import pyarrow as pa

from dancu.engine.ports import Context
from dancu.engine.spec import SectorSpec
from dancu.engine.standardise import lookups, residence, stays, zeros
from dancu.engine.standardise.dialects import declared
from dancu.engine.standardise.readers import reader_of
from dancu.engine.standardise.roles import raw_text
from dancu.engine.standardise.select import KEYS, PERMANENT, PLACES, number_parts, parts_of
from dancu.engine.standardise.texts import Cells, trimmed
from dancu.reference.fields import Field, citizen_columns, fields

_ARROW_TYPES = {
    "VARCHAR": pa.string(),
    "VARCHAR[]": pa.list_(pa.string()),
    "DATE": pa.date32(),
    "BIGINT": pa.int64(),
    "INTEGER": pa.int32(),
    "SMALLINT": pa.int16(),
    "TINYINT": pa.int8(),
}


class _Days(NamedTuple):
    """The days that a reading may depend on."""

    list_date: dt.date
    on: dt.date


_Read = Callable[[str, _Days], Any]
"""A cell's text and its days to a reading: a tuple with the parts that `parts_of` names."""


@dataclass(frozen=True)
class _Column:
    """How one field of a source is filled: its text, its reading, and the columns that take parts of it."""

    name: str
    text: Callable[[Cells], str | None]
    read: _Read
    columns: tuple[str, ...]
    parts: Callable[[Any], tuple[Any, ...]]


def standard_row(
    cells: Mapping[str, str | None],
    *,
    spec: SectorSpec,
    context: Context,
    record_id: int,
    file_no: int,
    row: int,
    list_date: dt.date,
) -> dict[str, Any]:
    """The row of `standard` for one record of a source whose raw `cells` (role -> text as written) are these."""
    made: dict[str, Any] = dict.fromkeys(_schema_names())
    made |= {"record_id": record_id, "source": spec.id, "file_no": file_no, "row": row}
    made |= {"list_date": list_date, "on_date": context.on, "expected_fields": [*spec.expects]}
    texts = _fill(made, trimmed(cells), _columns(spec, context), _Days(list_date, context.on))
    if "personal_number" in texts:
        _complete_number(made, texts["personal_number"], test_people=context.test_people)
    if spec.event_kind and made["event_kind"] is None:
        made["event_kind"] = spec.event_kind
    if spec.subject == "event":
        stays.in_row(made, PERMANENT)
    return made


def standard_table(rows: Iterable[Mapping[str, Any]]) -> pa.Table:
    """Rows of `standard_row` in the columns and types of the stage's `standard`."""
    return pa.Table.from_pylist([*rows], standard_schema())


@cache
def standard_schema() -> pa.Schema:
    """Columns of `standard`, in order."""
    return pa.schema([(n, _ARROW_TYPES[kind]) for n, kind in (KEYS | citizen_columns()).items()])


@cache
def _schema_names() -> tuple[str, ...]:
    return tuple(KEYS | citizen_columns())


def _fill(
    made: dict[str, Any], cells: Cells, columns: Sequence[_Column], days: _Days
) -> dict[str, str]:
    """Put every reading into its columns; returns the raw text of each field that has one."""
    texts = {}
    for column in columns:
        if (text := column.text(cells)) is not None:
            texts[column.name] = text
            values = column.parts(column.read(text, days))
            made.update(zip(column.columns, values, strict=True))
    return texts


def _complete_number(made: dict[str, Any], raw: str, *, test_people: bool) -> None:
    """The zeros that a number lost, where sex and year vouch for them, and what its digits state."""
    if made["personal_number_issue"] == "lost_zero":
        number = zeros.restored(raw, made["sex"], made["birth_year"], test_people=test_people)
        if number is not None:
            made["personal_number"] = number
            made["personal_number_issue"] = None
            made["personal_number_fix"] = zeros.RESTORED
    if made["personal_number"] is not None:
        made |= number_parts(made["personal_number"])


_made: dict[tuple[str, bool], tuple[SectorSpec, tuple[_Column, ...]]] = {}


def _columns(spec: SectorSpec, context: Context) -> tuple[_Column, ...]:
    """The columns of a source, made once: readers depend on its specification and on whether test people are lawful."""
    key = (spec.id, context.test_people)
    known = _made.get(key)
    # The same object, since comparing two specifications costs more than reading a record.
    if known is None or known[0] is not spec:
        known = _made[key] = (spec, _columns_of(spec, context))
    return known[1]


def _columns_of(spec: SectorSpec, context: Context) -> tuple[_Column, ...]:
    columns = []
    for field in fields().values():
        if field.standard and (text := raw_text(field.field)):
            parts = parts_of(field.field)
            get = attrgetter(*parts.values())
            read = _read(field, context, spec)
            columns.append(
                _Column(field.field, text.read, read, tuple(parts), _as_tuple(get, len(parts)))
            )
    return tuple(columns)


def _as_tuple(get: Callable[[Any], Any], parts: int) -> Callable[[Any], tuple[Any, ...]]:
    # `attrgetter` of one name gives the value itself.
    return get if parts > 1 else lambda reading: (get(reading),)


def _read(field: Field, context: Context, spec: SectorSpec) -> _Read:
    """The reading of one field's cells."""
    name, dialect = field.field, declared(field.field, spec.dates)
    if name in PLACES:
        commune = residence.names_commune(name)
        return lambda raw, days: residence.read_place(
            raw, dialect, days.list_date, on=days.on, commune=commune
        )
    if field.type == "date":
        whole = lookups.must_be_whole(name)
        return lambda raw, days: lookups.read_date(raw, dialect, on=days.on, precise=whole)
    reader = reader_of(field, context, spec)
    if field.format == "person_name":
        return lambda raw, days: lookups.read_full_name(raw, dialect, reader=reader)
    return lambda raw, days: reader(raw, dialect)
