"""Cells that a spreadsheet would run are written so that it does not."""

import pytest

from dancu.lib.spreadsheet_safety import escape_cell


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
        ("-2+3+cmd", "'-2+3+cmd"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("  =A1", "'  =A1"),
        ("\t=A1", "'\t=A1"),
        ("-5", "-5"),
        ("+84 912 345 678", "+84 912 345 678"),
        ("-", "-"),
        ("Nguyễn Văn A", "Nguyễn Văn A"),
        ("", ""),
    ],
)
def test_a_formula_gets_an_apostrophe_and_an_honest_cell_none(cell: str, written: str) -> None:
    assert escape_cell(cell) == written
