"""Each record of `cells.yml` is standardised as it would be in a run, and compared with its expected columns."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import yaml

from dancu.engine import standardise
from dancu.engine.intake.gather import records_schema
from dancu.engine.pipeline import Run, Stage, _steps
from dancu.engine.ports import Context
from dancu.engine.spec import SectorSpec
from dancu.store.duckdb import DuckStore
from dancu.store.runs import RunFolder

CASES = yaml.safe_load((Path(__file__).parent / "cells.yml").read_text("utf-8"))
ON = dt.date(2024, 6, 21)
SPEC = SectorSpec("clerk", "Danh sách", "A clerk's list", "", "")


@pytest.fixture(scope="module")
def standard(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """Every case is one record of one list; columns with one case each never share a file."""
    store = DuckStore()
    rows = [
        {
            "record_id": i + 1,
            "source": "clerk",
            "file_no": i + 1,
            "sheet": "1",
            "row": 2,
            **case["given"],
        }
        for i, case in enumerate(CASES)
    ]
    store.put("records", pa.Table.from_pylist(rows, records_schema()))
    files = [
        {
            "file_no": i + 1,
            "sheet": "1",
            "list_date": ON,
            "mapping": json.dumps({r: r for r in c["given"]}),
        }
        for i, c in enumerate(CASES)
    ]
    store.put("files", pa.Table.from_pylist(files))
    context = Context(on=ON, test_people=True, sources={"clerk": SPEC})
    run = Run(store, RunFolder(tmp_path_factory.mktemp("run")), context, [], "test")
    plan = standardise.plan(context, present=standardise.roles_present(store))
    _steps(run, Stage("standardise", ("standard",), lambda _context, _store: plan))
    return store.fetch("SELECT * FROM standard ORDER BY record_id").to_pylist()


@pytest.mark.parametrize("number", range(len(CASES)), ids=[c["name"] for c in CASES])
def test_a_clerk_s_record(standard: list[dict[str, Any]], number: int) -> None:
    expected = CASES[number]["expect"]
    found = {name: standard[number][name] for name in expected}
    assert found == expected
