"""`dancu link review`: a clerk's sample out, the answers back, and what they say of the linkage."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from tests.unit.cli.conftest import dancu

from dancu.engine.report.review_sheet import OTHER, SAME, SHEET

VERDICT, PAIR = 3, 2


def filled(sample: Path, answers: list[str]) -> Path:
    """The sample with these conclusions, one after the other."""
    book = load_workbook(sample)
    sheet: Worksheet = book[SHEET]
    for number, answer in enumerate(answers):
        sheet.cell(2 + 2 * number, VERDICT).value = answer
    out = sample.with_name("dien.xlsx")
    book.save(out)
    return out


@pytest.fixture
def run(run: Path, tmp_path: Path) -> Path:
    """The run of all tests, copied: answers are kept in its folder."""
    return Path(shutil.copytree(run, tmp_path / "run"))


@pytest.fixture
def sample(run: Path, tmp_path: Path) -> Path:
    out = tmp_path / "mau.xlsx"
    done = dancu("link", "review", run, "--draw", "60", "--out", out)
    assert done.exit_code == 0, done.output
    return out


def test_a_sample_shows_two_records_below_each_other_and_no_probability(sample: Path) -> None:
    sheet: Worksheet = load_workbook(sample)[SHEET]
    heads = [c.value for c in sheet[1]]
    assert heads[:4] == ["STT", "Mã cặp", "Kết luận", "Ghi chú"]
    assert "Họ, chữ đệm và tên" in heads
    assert not any("xác suất" in str(h).lower() for h in heads)
    assert all(sheet.cell(2, c).value for c in (1, 2)) and sheet.cell(3, PAIR).value is None


def test_personal_numbers_are_masked_in_a_sample_until_asked_for(
    run: Path, sample: Path, tmp_path: Path
) -> None:
    def numbers(path: Path) -> list[str]:
        sheet: Worksheet = load_workbook(path)[SHEET]
        column = [c.value for c in sheet[1]].index("Số định danh cá nhân")
        return [
            str(row[column]) for row in sheet.iter_rows(min_row=2, values_only=True) if row[column]
        ]

    assert all("•" in n for n in numbers(sample))
    open_ = tmp_path / "day_du.xlsx"
    dancu("link", "review", run, "--draw", "60", "--show", "--out", open_)
    assert not any("•" in n for n in numbers(open_))


def test_the_same_seed_draws_the_same_sample(run: Path, sample: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.xlsx"
    dancu("link", "review", run, "--draw", "60", "--out", again)
    assert again.read_bytes() == sample.read_bytes()


def test_answers_come_back_are_kept_and_speak_of_the_linkage(run: Path, sample: Path) -> None:
    book: Worksheet = load_workbook(sample)[SHEET]
    size = (book.max_row - 1) // 2
    path = filled(sample, [SAME] * size)
    done = dancu("link", "review", run, "--read", path, "--by", "Trần Thị Thử", "--json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert told["judged"] == size and told["wrong"] == 0
    assert told["clerk"]["precision"][0] == 1.0
    assert told["clerk"]["precision"][1] < 1.0, "a sample without a mistake is not certain"
    kept = (run / "review/judgements.jsonl").read_text("utf-8").splitlines()
    assert json.loads(kept[-1])["by"] == "Trần Thị Thử"


def test_one_bad_row_is_named_and_stops_no_other(run: Path, sample: Path) -> None:
    path = filled(sample, ["có lẽ", OTHER, SAME])
    book = load_workbook(path)
    book[SHEET].cell(4, PAIR).value = "1-2"
    book.save(path)
    done = dancu("link", "review", run, "--read", path, "--by", "A")
    assert done.exit_code == 0
    plain = " ".join(done.output.split())
    assert "dòng 2, cột «Kết luận»: «có lẽ»" in plain
    assert "dòng 4, cột «Mã cặp»: «1-2»" in plain
    assert "Đã nhận 1 kết luận" in plain


def test_a_formula_in_a_name_stays_a_text(sample: Path) -> None:
    sheet: Worksheet = load_workbook(sample)[SHEET]
    assert all(c.data_type != "f" for row in sheet.iter_rows() for c in row)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["--draw", "60"], "--out"),
        (["--read", "{file}"], "--by"),
        (["--read", "{file}", "--by", "A"], "mẫu kiểm tra"),
    ],
)
def test_wrong_use_says_what_to_write(
    run: Path, tmp_path: Path, words: list[str], why: str
) -> None:
    from openpyxl import Workbook

    other = tmp_path / "khac.xlsx"
    Workbook().save(other)
    done = dancu("link", "review", run, *(w.format(file=other) for w in words))
    assert done.exit_code != 0
    assert why in done.output


def test_without_answers_the_model_speaks_for_itself(run: Path) -> None:
    told = json.loads(dancu("link", "review", run, "--json").stdout)
    low, high = told["model"]["recall"][1:]
    assert 0 < low <= told["model"]["recall"][0] <= high <= 1


def test_too_few_answers_move_no_weight_and_say_so(run: Path, tmp_path: Path) -> None:
    out = tmp_path / "cau_hinh.yml"
    done = dancu("link", "review", run, "--refine", out)
    assert done.exit_code == 0
    assert "cần 200 cặp" in done.output and not out.exists()
