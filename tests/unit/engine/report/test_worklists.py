"""Worklists: every finding of a person is in exactly one of them, in the order that helps most, safe to open."""

from __future__ import annotations

import io
import re
import zipfile

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.engine.report import made_up

from dancu.engine import report
from dancu.engine.report import work
from dancu.engine.report.rows import append
from dancu.engine.report.sheet_layout import COLUMNS, GUIDE, SHEET, VERDICTS
from dancu.engine.report.workbook import CELL, Book, put, sheet_of
from dancu.engine.report.xlsx_cells import Workbook
from dancu.store.duckdb import DuckStore

_HEAD = 4
_NAMES = [column.name for column in COLUMNS]
Rows = list[dict[str, object]]


@pytest.fixture(scope="module")
def store() -> DuckStore:
    return made_up.shared()


@pytest.fixture(scope="module")
def files(store: DuckStore) -> dict[str, bytes]:
    return {f.path: f.data for f in report.worklist_files(store, made_up.context())}


@pytest.fixture(scope="module")
def largest(files: dict[str, bytes]) -> str:
    communes = [path for path in files if re.fullmatch(r"worklists/\d{5}_[a-z0-9_]+\.xlsx", path)]
    return max(communes, key=lambda path: len(files[path]))


def _rows(data: bytes) -> Rows:
    sheet = openpyxl.load_workbook(io.BytesIO(data), read_only=True)[SHEET]
    return [
        dict(zip(_NAMES, row, strict=True))
        for row in sheet.iter_rows(min_row=_HEAD + 1, values_only=True)
    ]


def test_every_finding_of_a_person_is_in_exactly_one_worklist(
    store: DuckStore, files: dict[str, bytes]
) -> None:
    found = [str(row["finding_id"]) for data in files.values() for row in _rows(data)]
    known = store.fetch("SELECT finding_id FROM findings WHERE level = 'person'")[
        "finding_id"
    ].to_pylist()
    assert sorted(found) == sorted(known)


def test_a_commune_has_its_own_people_and_those_without_a_unit_a_file_of_their_own(
    store: DuckStore, files: dict[str, bytes]
) -> None:
    units = dict(
        zip(
            *store.fetch("SELECT person_id, unit_code FROM persons").to_pydict().values(),
            strict=True,
        )
    )
    for path, data in files.items():
        here = {units[int(str(row["person_id"]))] for row in _rows(data)}
        code = path.split("/")[1].split("_")[0]
        assert here == (
            {None} if path.endswith("khong_ro_don_vi.xlsx") else {code} if code.isdigit() else here
        )


def test_work_comes_in_the_order_that_raises_the_index_fastest(
    store: DuckStore, files: dict[str, bytes], largest: str
) -> None:
    rank = {
        row["person_id"]: row["rank"]
        for row in store.fetch(
            "SELECT person_id, rank FROM fix_order WHERE scope = 'commune'"
        ).to_pylist()
    }
    order = [rank[int(str(row["person_id"]))] for row in _rows(files[largest])]
    assert order == sorted(order)


def test_only_the_asked_units_are_written(store: DuckStore, largest: str) -> None:
    code = largest.split("/")[1].split("_")[0]
    assert [f.path for f in report.worklist_files(store, made_up.context(), units=[code])] == [
        largest
    ]


def test_the_same_run_gives_the_same_bytes(
    store: DuckStore, files: dict[str, bytes], largest: str
) -> None:
    code = largest.split("/")[1].split("_")[0]
    (again,) = report.worklist_files(store, made_up.context(), units=[code])
    assert again.data == files[largest]


def test_personal_numbers_are_masked_until_asked_for(
    store: DuckStore, files: dict[str, bytes], largest: str
) -> None:
    code = largest.split("/")[1].split("_")[0]
    (shown,) = report.worklist_files(store, made_up.context(), units=[code], show_numbers=True)
    masked = [row["personal_number"] for row in _rows(files[largest]) if row["personal_number"]]
    assert masked
    assert all(re.fullmatch(r"924•{5}\d{4}", str(number)) for number in masked)
    assert any(re.fullmatch(r"924\d{9}", str(row["personal_number"])) for row in _rows(shown.data))


def test_no_cell_is_a_formula_or_a_link(files: dict[str, bytes]) -> None:
    for data in files.values():
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            names = parts.namelist()
            sheets = [parts.read(n).decode() for n in names if n.startswith("xl/worksheets/sheet")]
        assert not any("externalLink" in name or "_rels/sheet" in name for name in names)
        assert not any("<f>" in text or "<hyperlink" in text for text in sheets)


def test_a_formula_typed_into_a_list_arrives_as_text(
    store: DuckStore, files: dict[str, bytes]
) -> None:
    values = [row["hamlet"] for data in files.values() for row in _rows(data)]
    query = "SELECT count(*) AS n FROM findings WHERE level = 'person' AND id % 10 = 9"
    assert values.count('=HYPERLINK("x")') == store.fetch(query).to_pylist()[0]["n"] > 0


def test_the_sheet_is_ready_to_fill_in_and_to_print(files: dict[str, bytes], largest: str) -> None:
    book = openpyxl.load_workbook(io.BytesIO(files[largest]))
    sheet = book[SHEET]
    assert book.sheetnames == [SHEET, GUIDE]
    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")
    assert sheet.print_title_rows == f"${_HEAD}:${_HEAD}"
    assert sheet.freeze_panes == f"E{_HEAD + 1}"
    assert sheet.auto_filter.ref
    assert sheet.protection.sheet
    row = sheet[_HEAD + 1]
    assert [not cell.protection.locked for cell in row] == [column.officer for column in COLUMNS]
    first_hidden = sheet.column_dimensions[row[-4].column_letter]
    assert first_hidden.hidden and (first_hidden.min, first_hidden.max) == (18, 21)
    (choice,) = sheet.data_validations.dataValidation
    assert choice.formula1 == '"' + ",".join(VERDICTS) + '"'


def test_a_long_worklist_is_cut_at_the_top_rows_and_says_how_many_more(
    store: DuckStore, files: dict[str, bytes], largest: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "CAP", 2)
    code = largest.split("/")[1].split("_")[0]
    (cut,) = report.worklist_files(store, made_up.context(), units=[code])
    whole = _rows(files[largest])
    said = openpyxl.load_workbook(io.BytesIO(cut.data))[SHEET]["A2"].value
    assert [r["finding_id"] for r in _rows(cut.data)] == [r["finding_id"] for r in whole[:2]]
    assert f"còn {len(whole) - 2} việc nữa" in str(said)


@given(st.lists(st.text(max_size=30), min_size=1, max_size=4))
@settings(derandomize=True, max_examples=60, deadline=None)
def test_any_text_survives_in_a_fast_row(texts: list[str]) -> None:
    book = Book(on=made_up.DAY, title="x")
    with sheet_of(book, "Trang") as sheet:
        for column in range(len(texts)):
            put(sheet, 0, column, "đầu", book.format(CELL))
    data = append(book.close(), 1, [texts, texts])
    given_back = [cells for _, cells in Workbook(data).rows("Trang")][1:]
    assert len(given_back) == 2
    for cells in given_back:
        assert [cells[column].text for column in range(len(texts))] == texts
