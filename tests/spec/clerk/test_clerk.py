"""`dancu clean` as a tired clerk calls it: files made by hand in the ways of an office, each with its answer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest
import yaml
from click.testing import CliRunner, Result
from tests.spec.intake import builders

from dancu.cli import main

CASES: list[dict[str, Any]] = yaml.safe_load(
    Path(__file__).with_name("files.yml").read_text("utf-8")
)
HONEST = [case for case in CASES if "rows" in case]
REFUSED = [case for case in CASES if "says" in case]
DAY = ["--on", "21/06/2024", "--test-people"]


def _bytes(case: dict[str, Any]) -> bytes:
    made = {k: v for k, v in case.items() if k in ("text", "encoding", "sheets", "format", "build")}
    return builders.build(made | ({"rows": case["rows_in"]} if "rows_in" in case else {}))


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("office")
    for case in CASES:
        (folder / case["file"]).write_bytes(_bytes(case))
    return folder


@pytest.fixture(scope="module")
def cleaned(office: Path) -> tuple[Result, Path]:
    out = office.parent / "ket qua"
    paths = [str(office / case["file"]) for case in CASES]
    return CliRunner().invoke(main, ["clean", *paths, "--out", str(out), *DAY]), out


def _sheet(out: Path, case: dict[str, Any]) -> dict[int, dict[str, Any]]:
    """Row of the file -> column -> cell of the cleaned workbook."""
    stem = case["file"].rpartition(".")[0]
    book = openpyxl.load_workbook(out / f"{stem}_da_lam_sach.xlsx")
    sheet = book[case["sheet"]] if "sheet" in case else book.worksheets[0]
    heads, *rows = sheet.iter_rows(values_only=True)
    return {row[0]: dict(zip(heads, row, strict=True)) for row in rows}


def _agrees(found: Any, expected: Any) -> bool:
    text = "" if found is None else found
    if isinstance(expected, str) and expected.startswith("~ "):
        return expected[2:] in str(text)
    return bool(text == expected)


@pytest.mark.parametrize("case", HONEST, ids=lambda case: case["name"])
def test_an_honest_file_comes_back_clean(
    cleaned: tuple[Result, Path], case: dict[str, Any]
) -> None:
    rows = _sheet(cleaned[1], case)
    assert len(rows) == case.get("count", len(rows))
    wrong = {
        (row, column): rows[row].get(column, "(no such column)")
        for row, cells in case["rows"].items()
        for column, expected in cells.items()
        if not _agrees(rows[row].get(column, ""), expected)
    }
    assert wrong == {}, f"{case['why']}: {wrong}"


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case["name"])
def test_a_file_that_cannot_be_read_gets_one_message(
    cleaned: tuple[Result, Path], case: dict[str, Any]
) -> None:
    told = [line for line in cleaned[0].stderr.splitlines() if case["file"] in line]
    assert len(told) == 1
    assert case["says"].removeprefix("~ ") in told[0]
    assert not list(cleaned[1].glob(f"{case['file'].rpartition('.')[0]}_*"))


def test_the_call_ends_with_one_because_some_files_were_refused(
    cleaned: tuple[Result, Path],
) -> None:
    assert cleaned[0].exit_code == 1
    assert "4 tệp bị từ chối" in cleaned[0].stdout


def test_a_refused_file_alone_ends_with_three_and_leaves_no_result(
    office: Path, tmp_path: Path
) -> None:
    done = CliRunner().invoke(
        main, ["clean", str(office / "mat khau.xlsx"), "--out", str(tmp_path / "ra"), *DAY]
    )
    assert done.exit_code == 3
    assert "bỏ mật khẩu" in done.stderr and done.stdout == ""
    assert not list((tmp_path / "ra").glob("*.xlsx"))


def test_every_column_of_the_clerk_stands_before_ours(cleaned: tuple[Result, Path]) -> None:
    heads = list(next(iter(_sheet(cleaned[1], HONEST[8]).values())))
    assert heads[:7] == ["Dòng gốc", "STT", "Họ và tên", "Ngày sinh", "Số CCCD", "Ghi chú", "Cỡ áo"]
    assert heads[-3:] == ["Lỗi cần xử lý", "Đã tự sửa", "Trùng với dòng"]


def test_the_duplicates_are_told_with_their_reason(cleaned: tuple[Result, Path]) -> None:
    book = openpyxl.load_workbook(cleaned[1] / "trung_lap.xlsx")
    heads, *rows = book["Cặp đã ghép"].iter_rows(values_only=True)
    pairs = [dict(zip(heads, row, strict=True)) for row in rows]
    mine = [p for p in pairs if "trung.csv" in str(p["Dòng A"])]
    assert len(mine) == 1
    assert "Số định danh cá nhân" in str(mine[0]["Giống nhau"])
    assert {"Đặng Thị Oanh", "Đặng Thị Oành"} == {
        mine[0]["Họ, chữ đệm và tên (A)"],
        mine[0]["Họ, chữ đệm và tên (B)"],
    }
