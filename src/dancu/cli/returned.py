"""Answers of officers inside a run's folder: kept as records that name the person by a record of the lists.

A person's number belongs to one run, so each answer is anchored to file (its SHA-256), sheet and row of the person's
first record: the next run finds the same person even when other files were added meanwhile.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from dancu.cli.common import fail
from dancu.engine.ports import Store
from dancu.engine.report import corrections
from dancu.store.files import list_inputs, read_table, write_table

FOLDER = "corrections"
"""Folder of a run with the answers; they are read as a source of the highest trust."""

_ANCHORS = """
SELECT r.record_id AS person_id, f.sha256 AS anchor_file, coalesce(r.sheet, '') AS anchor_sheet, r.row AS anchor_row
FROM records r JOIN files f ON f.file_no = r.file_no AND f.sheet IS NOT DISTINCT FROM r.sheet
WHERE r.record_id IN ({ids})"""


def keep(store: Store, run: Path, found: corrections.Corrections, *, name: str) -> int:
    """Writes the answers as records of the source `corrections`; how many persons they change."""
    persons = store.fetch(corrections.persons_query(found.table))
    known = set(persons["person_id"].to_pylist())
    strange = sorted(set(found.table["person_id"].to_pylist()) - known)
    if strange:
        fail(
            f"Danh sách việc nói về {len(strange)} người không có trong lần chạy {run}. "
            "Hãy chọn đúng lần chạy đã lập danh sách này (--run)."
        )
    records = corrections.as_records(found.table, persons=persons)
    path = run / FOLDER / f"{name}.parquet"
    if records.num_rows:
        ids = ", ".join(map(str, records["person_id"].to_pylist()))
        anchors = store.fetch(_ANCHORS.format(ids=ids))
        anchored = records.join(anchors, "person_id").sort_by("person_id")
        write_table(path, _with_fields(anchored, found.table))
    return int(records.num_rows)


def _with_fields(records: pa.Table, answered: pa.Table) -> pa.Table:
    """`answered`: the fields on which the officer decided, beside those that only say who it is."""
    fields: dict[int, list[str]] = {}
    for row in answered.to_pylist():
        if row["verdict"] in ("fixed", "kept"):
            fields.setdefault(row["person_id"], []).append(row["field"])
    named = [",".join(dict.fromkeys(fields[p])) for p in records["person_id"].to_pylist()]
    return records.append_column("answered", pa.array(named, pa.string()))


def answers(run: Path, *, on: dt.date) -> list[tuple[Path, pa.Table]]:
    """(file, records as text) of every worklist that came back to the run.

    An officer confirms what the lists said on the asked day, later than any of them: so the day of an answer is at
    most the asked day, and the answer wins where the newest value counts.
    """
    folder = run / FOLDER
    if not folder.is_dir():
        return []
    paths = [file.path for file in list_inputs(folder)]
    return [(path, _as_of(read_table(path), on)) for path in paths]


def _as_of(records: pa.Table, on: dt.date) -> pa.Table:
    texts = pc.strptime(records["updated_on"], "%d/%m/%Y", "s").cast(pa.date32())
    days = pc.min_element_wise(texts, pa.scalar(on), skip_nulls=False)
    at = records.column_names.index("updated_on")
    records = records.set_column(at, "updated_on", pc.strftime(days, "%d/%m/%Y"))
    return records.cast(pa.schema([(name, pa.string()) for name in records.column_names]))
