"""The lists of an invented province, in all their layouts: every planted record is found, and no other."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pyarrow.parquet as pq

from dancu.engine.intake import read
from dancu.province.making import make
from dancu.sectors import specs
from dancu.store.files import list_inputs, read_file

ON = dt.date(2024, 6, 21)


def test_every_record_of_the_province_is_read_at_its_row_and_known_for_its_source(
    tmp_path: Path,
) -> None:
    make(0.002, 11, tmp_path, ON)
    truth = {
        (row["file"], row["sheet"] or "", row["row"]): row["source"]
        for row in pq.read_table(tmp_path / "truth/records.parquet").to_pylist()
    }
    found = {
        (file.name, sheet.sheet, row): sheet.source
        for file in list_inputs(tmp_path / "lists")
        for sheet in read(read_file(file.path), name=file.name, specs=specs(), on=ON)
        for row in sheet.rows["row"].to_pylist()
    }
    assert len(truth) > 4000
    assert found == truth
