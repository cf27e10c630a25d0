"""The standardise stage run by itself on records and files that a test made."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa

from dancu.engine import standardise
from dancu.engine.intake.gather import records_schema
from dancu.engine.pipeline import Run, Stage, _steps
from dancu.engine.ports import Context
from dancu.store.duckdb import DuckStore
from dancu.store.runs import RunFolder

Row = dict[str, Any]


def standardised(records: pa.Table, files: pa.Table, context: Context) -> pa.Table:
    """Table `standard`, in the order of the records."""
    with TemporaryDirectory() as folder, DuckStore() as store:
        store.put("records", records)
        store.put("files", files)
        run = Run(store, RunFolder(Path(folder)), context, [], "test")
        plan = standardise.plan(context, present=standardise.roles_present(store))
        _steps(run, Stage("standardise", ("standard",), lambda _context, _store: plan))
        return store.fetch("SELECT * FROM standard ORDER BY record_id")


def alone(number: int, source: str, cells: Mapping[str, str | None]) -> Row:
    """A record of `records` that is the only one of its file."""
    keys = {"record_id": number, "source": source, "file_no": number, "sheet": "1", "row": 2}
    return keys | dict(cells)


def file_of(record: Row, context: Context, *, entered: bool) -> Row:
    """The row of `files` for a record that is alone; its headings are its roles."""
    roles = {role: role for role, cell in record.items() if cell is not None}
    return {
        "file_no": record["file_no"],
        "sheet": record["sheet"],
        "list_date": context.on,
        "entered": entered,
        "mapping": json.dumps(roles),
    }


def standardised_alone(records: list[Row], context: Context, *, entered: bool) -> pa.Table:
    """Table `standard` of records each of which is the only one of its file."""
    files = [file_of(record, context, entered=entered) for record in records]
    table = pa.Table.from_pylist(records, records_schema())
    return standardised(table, pa.Table.from_pylist(files), context)
