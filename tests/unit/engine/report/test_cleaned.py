"""`dancu clean`: the original cells exactly as they were, the standard ones beside them, nothing a spreadsheet runs."""

from __future__ import annotations

import csv
import io
import time

import openpyxl
import pytest
from tests.unit.engine.report import made_up

from dancu.engine import report
from dancu.engine.report import tabular
from dancu.store.duckdb import DuckStore

Table = list[dict[str, object]]


@pytest.fixture(scope="module")
def store() -> DuckStore:
    return made_up.shared()


@pytest.fixture(scope="module")
def files(store: DuckStore) -> dict[str, bytes]:
    return {f.path: f.data for f in report.cleaned_files(store, made_up.context())}


def _table(data: bytes, sheet: str) -> Table:
    rows = openpyxl.load_workbook(io.BytesIO(data), read_only=True)[sheet].iter_rows(
        values_only=True
    )
    heads = next(rows)
    return [dict(zip(heads, row, strict=True)) for row in rows]  # type: ignore[arg-type]


def test_there_is_a_file_for_each_input_that_was_read_and_two_for_all(
    files: dict[str, bytes],
) -> None:
    assert list(files) == [
        "dan_cu_da_lam_sach.xlsx",
        "y_te_da_lam_sach.xlsx",
        "phat_hien.xlsx",
        "trung_lap.xlsx",
    ]


def test_the_same_run_gives_the_same_bytes(store: DuckStore, files: dict[str, bytes]) -> None:
    time.sleep(1.1)  # a time of writing would show
    assert {f.path: f.data for f in report.cleaned_files(store, made_up.context())} == files


def test_original_cells_stand_as_they_were_given(store: DuckStore, files: dict[str, bytes]) -> None:
    given = store.fetch("SELECT * FROM records WHERE file_no = 1 ORDER BY row").to_pylist()
    written = _table(files["dan_cu_da_lam_sach.xlsx"], "DS")
    assert len(written) == len(given)
    for before, after in zip(given, written, strict=True):
        assert after["Dòng gốc"] == before["row"]
        assert (after["Họ và tên"], after["Điện thoại"]) == (before["full_name"], before["phone"])
        assert after["Ghi riêng"] == f"ô {before['record_id']}"


def test_problems_repairs_and_duplicates_stand_beside_the_row(files: dict[str, bytes]) -> None:
    written = _table(files["dan_cu_da_lam_sach.xlsx"], "DS")
    assert any(
        "Thiếu số định danh cá nhân. [COM-001]" in str(row["Lỗi cần xử lý"]) for row in written
    )
    assert (
        sum("Bỏ khoảng trắng thừa" in str(row["Đã tự sửa"]) for row in written) == len(written) // 3
    )
    assert written[3]["Trùng với dòng"] == "y_te.csv, dòng 2"


def test_rejected_rows_are_kept_with_their_reason(files: dict[str, bytes]) -> None:
    (row,) = _table(files["dan_cu_da_lam_sach.xlsx"], "Dòng bị loại")
    assert row["Vì sao không đọc được"] == "Dòng cộng, không phải một người."
    assert row["Các ô"] == "Tổng cộng | =SUM(A1)"


def test_findings_and_duplicates_are_all_there_and_explained(
    store: DuckStore, files: dict[str, bytes]
) -> None:
    found = store.fetch("SELECT count(*) AS n FROM findings WHERE level = 'record'").to_pylist()[0][
        "n"
    ]
    assert len(_table(files["phat_hien.xlsx"], "Lỗi phát hiện")) == found
    joined = _table(files["trung_lap.xlsx"], "Cặp đã ghép")
    assert "Số định danh cá nhân: giống nhau" in str(joined[0]["Giống nhau"])
    assert joined[0]["Khác nhau"] == "Giới tính: khác nhau"
    (apart,) = _table(files["trung_lap.xlsx"], "Cặp giống nhưng không ghép")
    assert str(apart["Kết luận"]).startswith("Không ghép vì hai số định danh khác nhau đều hợp lệ")


def test_a_file_too_long_for_a_sheet_becomes_csv_without_live_formulas(
    store: DuckStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tabular, "MOST_ROWS", 100)
    files = {f.path: f.data for f in report.cleaned_files(store, made_up.context())}
    assert {
        "dan_cu_da_lam_sach_DS.csv",
        "dan_cu_da_lam_sach_Dòng bị loại.csv",
        "phat_hien.csv",
    } <= set(files)
    data = files["dan_cu_da_lam_sach_DS.csv"]
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    phones = {row["Điện thoại"] for row in rows}
    assert "'=1+1" in phones
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row.values())
