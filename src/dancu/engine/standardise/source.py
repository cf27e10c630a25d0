"""The steps that make one source's records standard."""

from __future__ import annotations

from collections.abc import Set
from functools import partial

from dancu.engine.ports import Context, Drop, Kernel, Part, Sql, Step
from dancu.engine.spec import SectorSpec
from dancu.engine.standardise import dialects, lookups, residence, select, zeros
from dancu.engine.standardise.readers import reader_of
from dancu.engine.standardise.roles import raw_expression
from dancu.formats import fast_path
from dancu.reference.fields import Field, fields


def steps_for_source(
    context: Context, spec: SectorSpec, roles: Set[str], present: tuple[str, ...]
) -> list[Step]:
    """Raw texts, dialects, one reading table a field, the joined records; then the memory is given back."""
    raw = f"_raw_{spec.id}"
    read = [name for name in present if name not in select.PLACES]
    tables = {name: f"_read_{spec.id}_{name}" for name in present}
    cells = _raw_query(spec, roles, present)
    steps: list[Step] = [
        _dialect_step(raw, cells, spec, present),
        Sql(raw, select.with_dialects(cells, f"{raw}_dialects", present, order=spec.dates)),
    ]
    steps += [_reading(context, spec, fields()[name], raw, tables[name]) for name in read]
    steps += [
        residence.step(context, name, raw, tables[name])
        for name in present
        if name in select.PLACES
    ]
    zero = f"_zero_{spec.id}"
    steps.append(zeros.step(context, raw, tables, zero))
    steps.append(Part("standard", spec.id, select.records(context, spec, raw, tables, zero)))
    steps.append(Part("dialects", spec.id, f"SELECT '{spec.id}' AS source, * FROM {raw}_dialects"))
    steps.append(Drop((raw, f"{raw}_dialects", zero, *tables.values())))
    return steps


def _raw_query(spec: SectorSpec, roles: Set[str], present: tuple[str, ...]) -> str:
    """One text per field, as written; `list_date` from the file the record came in."""
    texts = [f"{raw_expression(name, roles)} AS {name}" for name in present]
    keys = ["r.record_id", "r.file_no", "r.sheet", "r.row", "f.list_date", "f.entered"]
    columns = ",\n  ".join([*keys, *texts])
    return f"""
SELECT {columns}
FROM records r JOIN files f ON f.file_no = r.file_no AND f.sheet = r.sheet
WHERE r.source = '{spec.id}'"""


def _dialect_step(raw: str, cells: str, spec: SectorSpec, present: tuple[str, ...]) -> Step:
    query = dialects.sample_query(cells, spec.id, present)
    find = partial(dialects.find, declared_order=spec.dates)
    return Kernel(f"{raw}_dialects", {"cells": query}, find)


def _reading(context: Context, spec: SectorSpec, field: Field, raw: str, table: str) -> Kernel:
    """The reading table of one field: its distinct texts that are not standard as they stand."""
    name = field.field
    if field.type == "date":
        function = partial(lookups.read_dates, on=context.on, precise=lookups.must_be_whole(name))
        return Kernel(table, {"values": select.distinct(raw, name)}, function)
    reader = reader_of(field, context, spec)
    if field.format == "person_name":
        function = partial(lookups.read_names, reader=reader, odd=bool(spec.lookups.get(name)))
    else:
        function = partial(lookups.read_values, reader=reader, numeric=field.type == "money")
    values = select.distinct(raw, name, already=already(context, spec, field))
    return Kernel(table, {"values": values}, function)


def already(context: Context, spec: SectorSpec, field: Field) -> str | None:
    """The pattern whose full match is standard as it stands; None where every text must be read."""
    # A source's own odd spelling can look like a standard text.
    if spec.lookups.get(field.field) or not select.may_be_settled(field.field):
        return None
    if not field.format:
        return CODE_LIKE
    return fast_path(field.format, test_people=context.test_people)


CODE_LIKE = "[A-Z]{0,4}[0-9][0-9A-Z./-]*"
"""Plain texts such as a household number: nothing in them can need repair."""
