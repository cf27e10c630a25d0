"""What intake hands over for one sheet."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import pyarrow as pa

from dancu.engine.intake.grid import Reject
from dancu.engine.intake.propose import Proposal
from dancu.engine.intake.recognise import Candidate

REJECTS: Final = pa.schema(
    [
        ("row", pa.int64()),
        ("reason", pa.string()),
        ("message_vi", pa.string()),
        ("cells", pa.string()),
    ]
)


@dataclass(frozen=True)
class SheetResult:
    """One sheet as read.

    `rows`: `row` BIGINT, one VARCHAR per role read (empty cells null), `extra` VARCHAR (JSON).
    `rejects`: row, reason, message_vi, cells (JSON list). `source` None: nobody's list is
    recognised; then `mapping` holds only what common headings say and `proposal` more than that.
    `header_row` as a spreadsheet shows it, 0 when there is none. `notes`: plain data with `kind`
    and `message_vi`. `encoding`: of the file, or tcvn3/vni/viscii when columns are written so.
    """

    source: str | None
    sheet: str
    rows: pa.Table
    rejects: pa.Table
    mapping: dict[str, str]
    unread: tuple[str, ...]
    header_row: int
    encoding: str | None
    delimiter: str | None
    list_date: dt.date | None
    notes: tuple[dict[str, Any], ...]
    candidates: tuple[Candidate, ...]
    proposal: Proposal
    sha256: str
    titles: tuple[str, ...] = field(default=())

    @property
    def rows_in(self) -> int:
        """Lines under the headings that hold at least one cell: kept + rejected."""
        return int(self.rows.num_rows + self.rejects.num_rows)


def rejects_table(rejects: Sequence[Reject]) -> pa.Table:
    """Rejects in the order of their rows, as Arrow."""
    ordered = sorted(rejects, key=lambda reject: reject.row)
    return pa.table(
        [
            pa.array([r.row for r in ordered], pa.int64()),
            pa.array([r.reason for r in ordered], pa.string()),
            pa.array([r.message_vi for r in ordered], pa.string()),
            pa.array([json.dumps(r.cells, ensure_ascii=False) for r in ordered], pa.string()),
        ],
        schema=REJECTS,
    )
