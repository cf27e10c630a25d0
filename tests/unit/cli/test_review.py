"""`dancu link review`: a clerk's sample out, the answers back, and what they say of the linkage."""

from __future__ import annotations

import datetime as dt
import io
import json
import shutil
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from tests.unit.cli.conftest import dancu

from dancu.cli.reviewing import JUDGEMENTS
from dancu.engine.report.review_sheet import OTHER, SAME, SHEET, UNSURE, Shown, write

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
    assert told["judged"] == size and told["wrong"] == []
    assert told["clerk"]["precision"][0] == 1.0
    assert told["clerk"]["precision"][1] < 1.0, "a sample without a mistake is not certain"
    kept = (run / JUDGEMENTS).read_text("utf-8").splitlines()
    assert json.loads(kept[-1])["who"] == "Trần Thị Thử"


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


def changed(sample: Path, change: Callable[[Worksheet], object]) -> Path:
    """The sample after somebody did this to its sheet."""
    book = load_workbook(sample)
    change(book[SHEET])
    out = sample.with_name("doi.xlsx")
    book.save(out)
    return out


def copied(sheet: Worksheet) -> None:
    """The first pair once more, below all others."""
    for column in range(1, 6):
        sheet.cell(sheet.max_row + (column == 1), column).value = sheet.cell(2, column).value


@pytest.mark.parametrize(
    ("case", "change", "said"),
    [
        (
            "two pairs deleted",
            lambda sheet: sheet.delete_rows(4, 4),
            "dòng 4, cột «STT»: thiếu 2 cặp của mẫu, số 2, 3",
        ),
        ("a pair copied", copied, "đã có ở dòng 2; chỉ để lại một dòng"),
        (
            "a formula for a note",
            lambda sheet: setattr(sheet.cell(2, 4), "value", "=1+1"),
            "dòng 2, cột «Ghi chú»: có công thức",
        ),
        (
            "a formula for a conclusion",
            lambda sheet: setattr(sheet.cell(2, VERDICT), "value", '="Cùng người"'),
            "dòng 2, cột «Kết luận»: có công thức",
        ),
        (
            "the code of a pair emptied",
            lambda sheet: (
                setattr(sheet.cell(2, PAIR), "value", None),
                setattr(sheet.cell(2, VERDICT), "value", SAME),
            ),
            "dòng 2, cột «Mã cặp»: «» không phải cặp của mẫu này",
        ),
    ],
)
def test_what_was_done_to_the_sheet_is_named_and_the_rest_is_taken(
    run: Path, sample: Path, case: str, change: Callable[[Worksheet], object], said: str
) -> None:
    path = changed(filled(sample, ["", "", "", "", SAME, OTHER]), change)
    done = dancu("link", "review", run, "--read", path, "--by", "A")
    assert done.exit_code == 0, (case, done.output)
    plain = " ".join(done.output.split())
    assert f"{path}, trang «{SHEET}», " in plain, case
    assert said in plain, case
    assert "Đã nhận 2 kết luận" in plain, case


def test_a_column_moved_is_named(run: Path, sample: Path) -> None:
    path = changed(sample, lambda sheet: sheet.insert_cols(2))
    done = dancu("link", "review", run, "--read", path, "--by", "A")
    assert done.exit_code != 0
    assert "dòng 1: cột thứ 2 phải là «Mã cặp»" in " ".join(done.output.split())


def test_marks_and_capitals_do_not_matter_and_unsure_counts_both_ways(
    run: Path, sample: Path
) -> None:
    path = filled(sample, ["cung nguoi", "KHÁC NGƯỜI", unicodedata.normalize("NFD", UNSURE)])
    told = json.loads(dancu("link", "review", run, "--read", path, "--by", "A", "--json").stdout)
    assert (told["judged"], told["unsure"], told["wrong"]) == (2, 1, [])


def test_answers_are_only_added_and_the_last_of_a_pair_counts(run: Path, sample: Path) -> None:
    first = filled(sample, [SAME, SAME])
    dancu("link", "review", run, "--read", first, "--by", "A", "--on", "2026-11-01")
    second = filled(sample, [OTHER])
    done = dancu(
        "link", "review", run, "--read", second, "--by", "B", "--on", "2026-11-02", "--json"
    )
    kept = [json.loads(line) for line in (run / JUDGEMENTS).read_text("utf-8").splitlines()]
    said = [(k["who"], k["day"], k["same"]) for k in kept]
    assert said == [("A", "2026-11-01", True)] * 2 + [("B", "2026-11-02", False)]
    assert json.loads(done.stdout)["judged"] == 2


def test_answers_on_another_linkage_are_kept_but_not_counted(run: Path, sample: Path) -> None:
    path = filled(sample, [SAME])
    dancu("link", "review", run, "--read", path, "--by", "A")
    kept = run / JUDGEMENTS
    row = json.loads(kept.read_text("utf-8"))
    kept.write_text(json.dumps({**row, "linkage": "of before"}) + "\n", "utf-8")
    told = json.loads(dancu("link", "review", run, "--json").stdout)
    assert (told["judged"], told["of_other_linkages"], "clerk" in told) == (0, 1, False)


def test_a_picture_is_drawn_when_answers_come_in(run: Path, sample: Path) -> None:
    path = filled(sample, [SAME, SAME, SAME])
    told = json.loads(dancu("link", "review", run, "--read", path, "--by", "A", "--json").stdout)
    assert Path(told["picture"]).read_text("utf-8").startswith("<svg ")


def test_a_formula_in_a_name_stays_a_text() -> None:
    pair = Shown(1, 2, ["Dân cư", "=1+1"], ["Thuế", "@SUM(1)"])
    data = write([pair], ["Danh sách", "Họ và tên"], run="x", on=dt.date(2024, 6, 21))
    sheet: Worksheet = load_workbook(io.BytesIO(data))[SHEET]
    assert [(sheet.cell(r, 7).value, sheet.cell(r, 7).data_type) for r in (2, 3)] == [
        ("=1+1", "s"),
        ("@SUM(1)", "s"),
    ]


def test_what_differs_is_marked_but_not_the_list(tmp_path: Path) -> None:
    pair = Shown(1, 2, ["Dân cư", "An", "Nam", "1980"], ["Thuế", "Ân", "Nam", ""])
    heads = ["Danh sách", "Tên", "Giới", "Năm sinh"]
    data = write([pair], heads, run="x", on=dt.date(2024, 6, 21))
    sheet: Worksheet = load_workbook(io.BytesIO(data))[SHEET]
    assert [bool(sheet.cell(2, 6 + k).font.bold) for k in range(4)] == [False, True, False, False]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["--draw", "60"], "--out"),
        (["--read", "{file}"], "--by"),
        (["--read", "{file}", "--by", " "], "--by"),
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
