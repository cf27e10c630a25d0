"""A worklist goes out, an officer fills it in, and it comes back: each row an answer, a refusal or untouched."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from tests.unit.engine.report import made_up

from dancu.engine import report
from dancu.engine.report import corrections
from dancu.engine.report.sheet_layout import COLUMNS, SHEET
from dancu.store.duckdb import DuckStore

_CASES = list(
    csv.DictReader(Path(__file__).with_name("corrections.csv").read_text("utf-8").splitlines())
)
_AT = {column.name: at for at, column in enumerate(COLUMNS, start=1)}
_HEAD = 4


@pytest.fixture(scope="module")
def store() -> DuckStore:
    return made_up.shared()


@pytest.fixture(scope="module")
def worklist(store: DuckStore) -> bytes:
    """The worklist of the commune that has most to do about the ethnic group."""
    unit = store.fetch(
        "SELECT unit_code, count(*) AS n FROM findings WHERE level = 'person' AND rule_id = 'COM-005'"
        " AND unit_code LIKE '07%' GROUP BY ALL ORDER BY n DESC, unit_code"
    ).to_pylist()[0]["unit_code"]
    (file,) = report.worklist_files(store, made_up.context(), units=[unit])
    return file.data


def _rows(sheet: Any, field: str) -> list[int]:
    numbers = range(_HEAD + 1, sheet.max_row + 1)
    return [n for n in numbers if sheet.cell(n, _AT["field"]).value == field]


def _filled(data: bytes, *answers: tuple[int, dict[str, str]]) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(data))
    for row, cells in answers:
        for name, text in cells.items():
            book[SHEET].cell(row, _AT[name]).value = text or None
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _ethnic_row(data: bytes) -> int:
    return _rows(openpyxl.load_workbook(io.BytesIO(data))[SHEET], "ethnic")[0]


_OFFICER = ("verdict", "new_value", "evidence", "by", "handled_on")


@pytest.mark.parametrize("case", _CASES, ids=[c["why"] for c in _CASES])
def test_every_filled_row_is_taken_or_refused_with_a_reason(
    case: dict[str, str], worklist: bytes
) -> None:
    row = _ethnic_row(worklist)
    cells = {name: case[name] for name in _OFFICER}
    if case["change"]:
        name, _, text = case["change"].partition("=")
        cells[name] = text
    found = corrections.read(_filled(worklist, (row, cells)), test_people=True)
    if case["says"]:
        (refused,) = found.refused
        assert refused.row == row
        assert case["says"] in refused.message
        assert found.table.num_rows == 0
    elif case["taken"] == "untouched":
        assert (found.answered, found.refused, found.table.num_rows) == (0, (), 0)
    else:
        (answer,) = found.table.to_pylist()
        assert case["taken"] in (answer["new_value"], answer["verdict"])
        assert answer["row"] == row
        assert f"{answer['handled_on']:%d/%m/%Y}" == "21/06/2024"


def test_nothing_is_lost_between_answers_refusals_and_untouched_rows(worklist: bytes) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(worklist))[SHEET]
    good = dict.fromkeys(_OFFICER, "") | {
        "verdict": "Không xác minh được",
        "by": "A",
        "handled_on": "21/06/2024",
    }
    data = _filled(worklist, (_HEAD + 1, good), (_HEAD + 2, {"verdict": "Đã sửa"}))
    found = corrections.read(data, test_people=True)
    assert found.answered + len(found.refused) + found.untouched == sheet.max_row - _HEAD
    assert (found.answered, len(found.refused)) == (1, 1)


def test_a_row_copied_below_itself_is_refused(worklist: bytes) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(worklist))[SHEET]
    copy = {c.name: str(sheet.cell(_HEAD + 1, _AT[c.name]).value or "") for c in COLUMNS}
    found = corrections.read(_filled(worklist, (sheet.max_row + 1, copy)), test_people=True)
    assert [r.message.partition("): ")[2] for r in found.refused] == [
        "trùng mã việc với dòng 5; chỉ giữ một dòng."
    ]


def test_the_code_of_the_run_comes_back_with_the_answers(store: DuckStore, worklist: bytes) -> None:
    summary = next(
        f
        for f in report.files(store, made_up.context(), made_up.MANIFEST)
        if f.path == "report.json"
    )
    assert corrections.read(worklist).run in summary.data.decode()


def _zip(**parts: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, text in parts.items():
            made.writestr(name, text)
    return out.getvalue()


def _other_workbook() -> bytes:
    out = io.BytesIO()
    openpyxl.Workbook().save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "không phải bảng tính .xlsx"),
        (b"STT,Ho ten\n1,A\n", "không phải bảng tính .xlsx"),
        (_zip(readme="x"), "không phải bảng tính .xlsx"),
        (_other_workbook(), "Không thấy trang «Danh sách việc»"),
    ],
    ids=["trống", "csv đổi đuôi", "zip khác", "bảng tính khác"],
)
def test_a_file_that_is_no_worklist_is_told_so(data: bytes, says: str) -> None:
    with pytest.raises(corrections.CorrectionsError, match=says):
        corrections.read(data)


def test_a_worklist_without_its_hidden_columns_is_refused_whole(worklist: bytes) -> None:
    book = openpyxl.load_workbook(io.BytesIO(worklist))
    book[SHEET].delete_cols(_AT["person_id"], 4)
    out = io.BytesIO()
    book.save(out)
    with pytest.raises(corrections.CorrectionsError, match="cột khóa"):
        corrections.read(out.getvalue())


def test_answers_become_one_record_a_person_in_raw_roles(store: DuckStore, worklist: bytes) -> None:
    row = _ethnic_row(worklist)
    said = dict(
        zip(_OFFICER, ("Đã sửa", "Tày\nGiới tính: nam", "GKS 7", "B", "20/06/2024"), strict=True)
    )
    answers = corrections.read(_filled(worklist, (row, said)), test_people=True)
    persons = store.fetch(corrections.persons_query(answers.table))
    (record,) = corrections.as_records(answers.table, persons=persons).to_pylist()
    (person,) = persons.to_pylist()
    assert record["person_id"] == person["person_id"]
    assert (record["ethnic"], record["sex"]) == ("02", "1")
    assert record["full_name"] == person["full_name"]
    assert record["commune_code"] == person["permanent_unit"]
    assert (record["updated_on"], record["note"]) == ("20/06/2024", "GKS 7 (B)")
