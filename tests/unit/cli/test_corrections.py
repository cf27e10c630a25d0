"""The whole circle: worklist out, an officer's answers in, a run that applies them."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest
from tests.unit.cli.conftest import DAY, dancu, told

_DONE = {"by": "Đại úy Lê Hòa", "day": "25/06/2024", "evidence": "Giấy khai sinh"}
_HEADS = {
    "verdict": "Kết quả xử lý",
    "value": "Giá trị đúng",
    "evidence": "Căn cứ",
    "by": "Người xử lý",
    "day": "Ngày xử lý",
    "old": "Giá trị hiện có",
}
BAD: list[tuple[dict[str, str], str]] = [
    ({"verdict": "=1+1"}, "có công thức"),
    ({"verdict": "Đã sửa", "value": "x", "old": "bị sửa"}, "đã bị sửa; chép kết quả vào đúng dòng"),
    ({"verdict": "Có lẽ"}, "kết quả «Có lẽ» không có trong danh sách"),
    (
        {"verdict": "Đúng, giữ nguyên", "day": "31/02/2024"},
        "ngày xử lý «31/02/2024» không đọc được",
    ),
    ({"verdict": "Đã sửa"}, "thiếu «Giá trị đúng»"),
]


def _ask(run: Path, query: str) -> list[tuple[Any, ...]]:
    return duckdb.sql(query.replace("RUN", str(run))).fetchall()


class Sheet:
    """A worklist as an officer has it open."""

    def __init__(self, path: Path) -> None:
        self.book = openpyxl.load_workbook(path)
        self.sheet = self.book["Danh sách việc"]
        rows = list(self.sheet.iter_rows(values_only=True))
        self.head = next(i for i, row in enumerate(rows) if "Mã việc" in row)
        self.at = {name: i + 1 for i, name in enumerate(rows[self.head]) if name}
        self.codes = [row[self.at["Mã việc"] - 1] for row in rows[self.head + 1 :]]

    def fill(self, code: str, **cells: str) -> None:
        row = self.head + 2 + self.codes.index(code)
        for name, text in cells.items():
            self.sheet.cell(row, self.at[_HEADS[name]]).value = text


@pytest.fixture(scope="module")
def back(lists: Path, run: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """A copy of the run after one correct answer and five that cannot be taken; what was told at each step."""
    folder = tmp_path_factory.mktemp("viec")
    copy = folder / "lan chay"
    shutil.copytree(run, copy)
    unit = _ask(
        copy,
        "SELECT unit_code FROM 'RUN/validate/findings.parquet' WHERE level = 'person'"
        " AND unit_code LIKE '07%' GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1",
    )[0][0]
    dancu("worklist", copy, "--unit", unit, "--out", folder)
    # Names differ between sources in any province: the officer decides on one of them.
    (path,) = (folder / "worklists").glob("*.xlsx")
    sheet = Sheet(path)
    code = next(c for c in sheet.codes if c.startswith("CON-023"))
    sheet.fill(code, verdict="Đã sửa", value="Trần Thị Đã Sửa", **_DONE)
    others = [c for c in sheet.codes if c != code][: len(BAD)]
    for other, (cells, _) in zip(others, BAD, strict=True):
        sheet.fill(other, **(_DONE | cells))
    filled = folder / "da dien.xlsx"
    sheet.book.save(filled)
    taken = dancu("intake", "--corrections", filled, "--run", copy, "--json")
    again = dancu("run", lists, "--out", copy, *DAY, "--json")
    return {"run": copy, "before": run, "code": code, "taken": taken, "again": again}


def test_the_good_answer_is_taken_and_each_bad_row_refused_with_its_reason(
    back: dict[str, Any],
) -> None:
    answer = told(back["taken"])
    assert back["taken"].exit_code == 1
    assert (answer["rows_answered"], answer["persons_changed"]) == (1, 1)
    assert len(answer["refused"]) == len(BAD) == answer["rows_refused"]
    for _, why in BAD:
        assert sum(why in message for message in answer["refused"]) == 1, why
    assert all(message.startswith("Dòng ") for message in answer["refused"])


def test_the_next_run_takes_the_value_from_the_officer(back: dict[str, Any]) -> None:
    assert back["again"].exit_code == 0, back["again"].output
    person = int(back["code"].partition("p")[2])
    ((name, source),) = _ask(
        back["run"],
        "SELECT p.full_name, s.source FROM 'RUN/events/persons.parquet' p"
        " JOIN 'RUN/standardise/standard/*.parquet' s ON s.record_id = p.full_name_from"
        f" WHERE p.person_id = {person}",
    )
    assert (name, source) == ("Trần Thị Đã Sửa", "corrections")


def test_the_finding_is_closed_and_the_score_has_moved(back: dict[str, Any]) -> None:
    gone = f"SELECT 1 FROM 'RUN/validate/findings.parquet' WHERE finding_id = '{back['code']}'"
    total = "SELECT score FROM 'RUN/score/scores.parquet' WHERE scope = 'register' AND field = '*' \
             AND criterion = 'consistent' AND rule_id = '*'"
    assert _ask(back["before"], gone) and not _ask(back["run"], gone)
    assert _ask(back["run"], total) > _ask(back["before"], total)


def test_a_worklist_of_another_run_is_not_taken(back: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "ds.csv").write_text("Họ và tên,Ngày sinh\nLê Văn An,01/02/1990\n", "utf-8")
    dancu("clean", tmp_path / "ds.csv", "--out", tmp_path / "ra", *DAY)
    filled = back["run"].parent / "da dien.xlsx"
    done = dancu("intake", "--corrections", filled, "--run", tmp_path / "ra" / "lan_chay")
    assert done.exit_code == 3 and "Hãy chọn đúng lần chạy đã lập danh sách này" in done.stderr
