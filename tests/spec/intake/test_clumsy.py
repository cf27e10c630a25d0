"""Clumsy but honest files: the table says what each is understood to mean."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.spec.intake.builders import build

from dancu.engine.intake import SheetResult, read
from dancu.sectors import specs

CASES = yaml.safe_load(Path(__file__).with_name("clumsy.yml").read_text("utf-8"))
ON = dt.date(2024, 6, 30)


def _read(case: dict[str, Any]) -> list[SheetResult]:
    return read(
        build(case),
        name=case["name"],
        specs=specs(),
        sector=case.get("sector"),
        on=ON,
        mapping=case.get("mapping"),
    )


def _found(sheets: list[SheetResult], expected: dict[str, Any]) -> dict[str, Any]:
    """What was understood, in the words of the table, for the things the case names."""
    sheet = sheets[0]
    rows = {row["row"]: row for row in sheet.rows.to_pylist()}
    told = {note["kind"] for note in sheet.notes}
    found = {
        "source": sheet.source,
        "header_row": sheet.header_row,
        "list_date": sheet.list_date and sheet.list_date.isoformat(),
        "map": sheet.mapping,
        "roles": list(sheet.mapping.values()),
        "kept": sheet.rows.num_rows,
        "unread": list(sheet.unread),
        "encoding": sheet.encoding,
        "delimiter": sheet.delimiter,
        "sheet_names": [other.sheet for other in sheets],
        "rejects": [[r["row"], r["reason"]] for r in sheet.rejects.to_pylist()],
        "notes": [kind for kind in expected.get("notes", []) if kind in told],
        "cells": [
            {name: rows.get(want["row"], {}).get(name) for name in want}
            for want in expected.get("cells", [])
        ],
    }
    return {name: found[name] for name in expected}


@pytest.mark.parametrize("case", CASES, ids=[case["what"] for case in CASES])
def test_a_clumsy_file_is_understood(case: dict[str, Any]) -> None:
    expected = case["expect"]
    assert _found(_read(case), expected) == expected


@pytest.mark.parametrize("case", CASES, ids=[case["what"] for case in CASES])
def test_no_cell_of_a_clumsy_file_is_lost(case: dict[str, Any]) -> None:
    """Every cell of a kept row stands in a role or in `extra`; every other row is a reject."""
    for sheet in _read(case):
        assert sheet.rows_in == sheet.rows.num_rows + sheet.rejects.num_rows
        taken = set(sheet.rows["row"].to_pylist()) & set(sheet.rejects["row"].to_pylist())
        assert not taken
        assert sheet.rows["row"].to_pylist() == sorted(sheet.rows["row"].to_pylist())


def test_the_table_names_at_least_twenty_clumsy_files() -> None:
    assert len(CASES) >= 20
