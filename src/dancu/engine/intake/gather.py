"""From many files and sheets to the three tables of intake: `records`, `files`, `rejects`.

Records are numbered densely from 1 in the order of files, sheets and rows, so the same inputs give the same
numbers. A file that cannot be read becomes a row of `files` with its message; the others go on.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from dancu.engine.intake import IntakeError, SheetResult, read, read_arrow
from dancu.engine.ports import Context
from dancu.reference.fields import raw_roles

FILES = pa.schema(
    [
        ("file_no", pa.int32()),
        ("name", pa.string()),
        ("sha256", pa.string()),
        ("source", pa.string()),
        ("sheet", pa.string()),
        ("encoding", pa.string()),
        ("delimiter", pa.string()),
        ("header_row", pa.int64()),
        ("list_date", pa.date32()),
        ("entered", pa.bool_()),
        ("rows_in", pa.int64()),
        ("rows_kept", pa.int64()),
        ("rows_rejected", pa.int64()),
        ("mapping", pa.string()),
        ("unread", pa.string()),
        ("notes", pa.string()),
        ("error", pa.string()),
        ("message_vi", pa.string()),
    ]
)
REJECTS = pa.schema(
    [
        ("file_no", pa.int32()),
        ("sheet", pa.string()),
        ("row", pa.int64()),
        ("reason", pa.string()),
        ("message_vi", pa.string()),
        ("cells", pa.string()),
    ]
)

GENERAL = "general"
"""The source of a list that no sector.yml describes but that names people."""

_UNKNOWN_LIST = (
    "Không nhận ra đây là danh sách gì: không có cột họ tên hay số định danh. "
    "Hãy dùng --mapping (dancu intake --save-mapping để có bản đề xuất) hoặc --sector."
)


@dataclass(frozen=True)
class Input:
    """A list to read: its name, digest and size, and how to get its bytes (or the Arrow answer of a query).

    `read` raises OSError with a message for people when there is nothing to get. `mapping`: heading -> role as a
    person decided.
    """

    name: str
    sha256: str
    size: int
    read: Callable[[], bytes | pa.Table]
    sector: str | None = None
    mapping: Mapping[str, str] | None = None


@dataclass
class Gathering:
    """Collects sheet after sheet; `take` hands over the records so far."""

    context: Context
    parts_taken: int = 0
    pending_rows: int = 0
    _next_id: int = 1
    _next_file: int = 1
    _records: list[pa.Table] = field(default_factory=list)
    _files: list[dict[str, object]] = field(default_factory=list)
    _rejects: list[pa.Table] = field(default_factory=list)

    def add(self, source: Input) -> None:
        """Read one file; its sheets' records and rejects wait to be taken."""
        number = self._next_file
        self._next_file += 1
        try:
            sheets = self._sheets(source)
        except IntakeError as error:
            self._files.append(_refused(number, source, error.reason, error.message_vi))
            return
        except OSError as error:
            self._files.append(_refused(number, source, "unreadable", str(error)))
            return
        for sheet in sheets:
            self._add_sheet(number, source, sheet)

    def take(self) -> pa.Table:
        """The records gathered since the last call, in the columns of `records`."""
        table = pa.concat_tables(self._records) if self._records else records_schema().empty_table()
        self._records, self.pending_rows = [], 0
        self.parts_taken += 1
        return table

    @property
    def records(self) -> int:
        """How many records there are so far."""
        return self._next_id - 1

    def why_nothing(self) -> str:
        """The message of each file from which no record came."""
        reasons = [_why(str(row["name"]), str(row["message_vi"] or "")) for row in self._files]
        return "Không đọc được bản ghi nào.\n" + "\n".join(reasons)

    def files(self) -> pa.Table:
        """One row a sheet read, and one a file refused."""
        return pa.Table.from_pylist(self._files, schema=FILES)

    def rejects(self) -> pa.Table:
        """The rows that could not be taken, each with its reason."""
        return pa.concat_tables([REJECTS.empty_table(), *self._rejects])

    def _sheets(self, source: Input) -> list[SheetResult]:
        data = source.read()
        asked: dict[str, Any] = {
            "name": source.name,
            "specs": self.context.sources,
            "sector": source.sector,
            "on": self.context.on,
            "mapping": source.mapping,
        }
        return [read_arrow(data, **asked)] if isinstance(data, pa.Table) else read(data, **asked)

    def _add_sheet(self, number: int, source: Input, sheet: SheetResult) -> None:
        owner = sheet.source or (GENERAL if _names_people(sheet) else None)
        rejects = (
            sheet.rejects if owner else pa.concat_tables([sheet.rejects, _all_rejected(sheet)])
        )
        kept = sheet.rows.num_rows if owner else 0
        self._files.append(
            _file_row(number, source, sheet, owner, kept, rejects.num_rows, self.context)
        )
        if kept:
            self._records.append(self._numbered(number, sheet, owner))
            self.pending_rows += kept
        if rejects.num_rows:
            head = [
                pa.repeat(pa.scalar(number, pa.int32()), rejects.num_rows),
                pa.repeat(sheet.sheet, rejects.num_rows),
            ]
            body = [rejects[name] for name in REJECTS.names[2:]]
            self._rejects.append(pa.table([*head, *body], schema=REJECTS))

    def _numbered(self, number: int, sheet: SheetResult, owner: str | None) -> pa.Table:
        count = sheet.rows.num_rows
        ids = pa.array(range(self._next_id, self._next_id + count), pa.int64())
        self._next_id += count
        nothing = pa.nulls(count, pa.string())
        have = set(sheet.rows.column_names)
        columns = [
            ids,
            pa.repeat(pa.scalar(owner, pa.string()), count),
            pa.repeat(pa.scalar(number, pa.int32()), count),
            pa.repeat(pa.scalar(sheet.sheet, pa.string()), count),
            sheet.rows["row"],
            *(sheet.rows[role] if role in have else nothing for role in raw_roles()),
            sheet.rows["extra"] if "extra" in have else nothing,
        ]
        return pa.table(columns, schema=records_schema())


def records_schema() -> pa.Schema:
    """Columns of `records`: keys, one text per raw role, and the cells nobody read (JSON)."""
    keys = [
        ("record_id", pa.int64()),
        ("source", pa.string()),
        ("file_no", pa.int32()),
        ("sheet", pa.string()),
        ("row", pa.int64()),
    ]
    return pa.schema(
        [*keys, *((role, pa.string()) for role in raw_roles()), ("extra", pa.string())]
    )


def _file_row(
    number: int,
    source: Input,
    sheet: SheetResult,
    owner: str | None,
    kept: int,
    rejected: int,
    context: Context,
) -> dict[str, object]:
    return {
        "file_no": number,
        "name": source.name,
        "sha256": source.sha256,
        "source": owner,
        "sheet": sheet.sheet,
        "encoding": sheet.encoding,
        "delimiter": sheet.delimiter,
        "header_row": sheet.header_row,
        "list_date": sheet.list_date or context.on,
        "entered": False,
        "rows_in": kept + rejected,
        "rows_kept": kept,
        "rows_rejected": rejected,
        "mapping": _json(sheet.mapping),
        "unread": _json(sheet.unread),
        "notes": _json(sheet.notes),
        "error": None if owner else "unknown_list",
        "message_vi": None if owner else _UNKNOWN_LIST,
    }


def _names_people(sheet: SheetResult) -> bool:
    """Whether the sheet can be cleaned although no source declares it."""
    roles = set(sheet.mapping.values())
    return bool(roles & {"full_name", "given_name", "personal_number", "id_number"})


def _all_rejected(sheet: SheetResult) -> pa.Table:
    """Every row of a sheet that nobody can read, as a reject with its cells."""
    rows = sheet.rows.to_pylist()
    cells = [_json([v for k, v in row.items() if k != "row" and v is not None]) for row in rows]
    count = len(rows)
    return pa.table(
        {
            "row": pa.array([row["row"] for row in rows], pa.int64()),
            "reason": pa.repeat("unknown_list", count),
            "message_vi": pa.repeat(_UNKNOWN_LIST, count),
            "cells": pa.array(cells, pa.string()),
        },
        schema=sheet.rejects.schema,
    )


def _refused(number: int, source: Input, reason: str, message: str) -> dict[str, object]:
    empty: dict[str, object] = dict.fromkeys(FILES.names)
    return empty | {
        "file_no": number,
        "name": source.name,
        "sha256": source.sha256,
        "sheet": "",
        "entered": False,
        "rows_in": 0,
        "rows_kept": 0,
        "rows_rejected": 0,
        "error": reason,
        "message_vi": message,
    }


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


def _why(name: str, message: str) -> str:
    """The message, after the file's name where the message does not begin with it."""
    text = message or "không có dòng dữ liệu nào nhận ra được."
    return text if text.startswith(f"{name}: ") else f"{name}: {text}"
