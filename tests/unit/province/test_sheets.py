"""The row number a writer answers is the row a reader finds the first record in."""

import csv
import io
import unicodedata
from pathlib import Path

import fastexcel
import pyarrow as pa
import pytest

from dancu.province import sheets
from dancu.province.layouts import Layout
from dancu.province.sheets import Sheet

NAMES = ["Nguyễn Văn Hòa", "Trần Thị Bưởi", "Vi Ngọc Ấn"]
HEADINGS = {"full_name": "Họ và tên", "hamlet": "Thôn", "commune": "Xã"}


def sheet(name: str = "Danh sách") -> Sheet:
    cells = {"full_name": NAMES, "hamlet": ["Thôn 1"] * 3, "commune": ["Xã A", None, "Xã C"]}
    return Sheet(name, {k: pa.array(v) for k, v in cells.items()})


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1258"])
@pytest.mark.parametrize("titles", [(), ("SỞ Y TẾ", "(đến ngày 01/06/2024)")])
def test_csv_in_every_encoding(tmp_path: Path, encoding: str, titles: tuple[str, ...]) -> None:
    path = tmp_path / "a.csv"
    layout = Layout("csv", HEADINGS, titles, delimiter=";", encoding=encoding)
    first = sheets.write_csv(path, sheet(), layout)
    text = unicodedata.normalize("NFC", path.read_bytes().decode(encoding))
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert rows[first - 2] == ["STT", "Họ và tên", "Thôn", "Xã"]
    assert [r[1] for r in rows[first - 1 :]] == NAMES


@pytest.mark.parametrize("groups", [(), (("Nơi cư trú", ("hamlet", "commune")),)])
def test_xlsx_with_titles_two_line_header_and_total(tmp_path: Path, groups: tuple) -> None:  # type: ignore[type-arg]
    path = tmp_path / "a.xlsx"
    layout = Layout("xlsx", HEADINGS, ("MỘT", "HAI"), groups=groups, totals=True)
    first = sheets.write_xlsx(path, [sheet("Xã 1"), sheet("Xã 2")], layout)
    book = fastexcel.read_excel(path)
    assert book.sheet_names == ["Xã 1", "Xã 2"]
    found = book.load_sheet("Xã 2", header_row=None, dtypes="string").to_arrow()
    assert [found.column(1)[first - 1 + k].as_py() for k in range(3)] == NAMES
    assert found.column(1)[first + 2].as_py() == "Tổng cộng: 3 người"


def test_ods_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "a.ods"
    first = sheets.write_ods(path, [sheet()], Layout("ods", HEADINGS, ("HỘI NÔNG DÂN",)))
    found = fastexcel.read_excel(path).load_sheet(0, header_row=None, dtypes="string").to_arrow()
    assert [found.column(1)[first - 1 + k].as_py() for k in range(3)] == NAMES


def test_files_are_the_same_bytes_each_time(tmp_path: Path) -> None:
    layout = Layout("xlsx", HEADINGS)
    for write, suffix in ((sheets.write_xlsx, "xlsx"), (sheets.write_ods, "ods")):
        one, two = tmp_path / f"1.{suffix}", tmp_path / f"2.{suffix}"
        write(one, [sheet()], layout)
        write(two, [sheet()], layout)
        assert one.read_bytes() == two.read_bytes()
