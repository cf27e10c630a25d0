"""How long somebody has, as the law or the rule of the day has it."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from tests.terms import amend

from dancu.reference.errors import ReferenceDataError
from dancu.reference.loader import day, rows
from dancu.reference.terms import term

CASES = [
    # term, begins, last day, why
    ("complaint_answer", "21/06/2024", "11/07/2024", "hai mươi ngày, tính cả ngày nghỉ"),
    ("filing_proxy", "21/06/2024", "21/07/2024", "ba mươi ngày, hết hạn vào Chủ nhật"),
    ("shortcoming_fix", "30/06/2024", "09/08/2024", "ba mươi ngày làm việc"),
    ("look_question", "26/04/2024", "14/05/2024", "mười ngày làm việc qua hai ngày lễ và một thứ Bảy làm bù"),
    ("task_reminder", "07/02/2024", "19/02/2024", "ba ngày làm việc qua Tết"),
    ("apology_ahead", "28/06/2024", "29/06/2024", "một ngày, dù là thứ Bảy"),
    ("second_officer", "28/06/2024", "01/07/2024", "ba ngày"),
]  # fmt: skip


def date(text: str) -> dt.date:
    return dt.datetime.strptime(text, "%d/%m/%Y").date()


@pytest.mark.parametrize(("code", "start", "last", "why"), CASES, ids=[c[0] for c in CASES])
def test_the_last_day_of_a_term(code: str, start: str, last: str, why: str) -> None:
    assert term(code, on=date(start)).after(date(start)) == date(last), why


@pytest.mark.parametrize(
    ("code", "on", "amount", "law"),
    [
        ("breach_notice", "31/12/2025", 72, "Nghị định 13/2023/NĐ-CP điều 23"),
        ("breach_notice", "01/01/2026", 72, "Luật Bảo vệ dữ liệu cá nhân 91/2025/QH15 điều 23"),
        ("finding_fix", "13/09/2026", 5, "Quy định của hệ thống: sửa xong, kể từ hạn xem xét"),
        ("finding_fix", "14/09/2026", 5, "Công văn 4856/BCA-TTDLQG ngày 14/9/2026 của Bộ Công an"),
        ("child", "21/06/2024", 16, "Luật Trẻ em 102/2016/QH13 điều 1"),
        ("adult", "31/12/2016", 18, "Bộ luật Dân sự 33/2005/QH11 điều 18"),
        ("adult", "01/01/2017", 18, "Bộ luật Dân sự 91/2015/QH13 điều 20"),
    ],
)
def test_the_law_of_the_day_is_named(code: str, on: str, amount: int, law: str) -> None:
    found = term(code, on=date(on))
    assert (found.amount, found.law) == (amount, law)


@pytest.mark.parametrize(("code", "on"), [("child", "31/05/2017"), ("no_such_term", "21/06/2024")])
def test_where_the_table_is_silent_it_says_so(code: str, on: str) -> None:
    with pytest.raises(ReferenceDataError, match=f"{code}.*{on}"):
        term(code, on=date(on))


def test_a_day_of_the_year_and_a_number_of_days_are_not_taken_for_each_other() -> None:
    june = date("21/06/2024")
    assert term("plan_of_year", on=june).of_year(2025) == date("31/03/2025")
    with pytest.raises(ReferenceDataError, match=r"plan_of_year.*month_day"):
        term("plan_of_year", on=june).after(june)
    with pytest.raises(ReferenceDataError, match=r"task_reminder.*working_days"):
        term("task_reminder", on=june).of_year(2024)


@pytest.mark.parametrize(
    ("on", "last"), [("31/12/2026", "20/01/2027"), ("01/01/2027", "11/01/2027")]
)
def test_what_is_amended_holds_from_its_day(
    monkeypatch: pytest.MonkeyPatch, on: str, last: str
) -> None:
    """An amended decree: from 1 January 2027 complaints are answered within 10 days."""
    amend(monkeypatch, "complaint_answer", "10", since=date("01/01/2027"))
    assert term("complaint_answer", on=date(on)).after(date(on)) == date(last)


def test_each_row_is_whole_and_the_rows_of_a_term_follow_one_another() -> None:
    ended: dict[str, dt.date | None] = {}
    for row in rows("terms.csv"):
        number = r"\d\d-\d\d" if row["unit"] == "month_day" else r"\d+"
        assert re.fullmatch(number, row["amount"]) and row["law"] and row["note"], row
        assert row["unit"] in (
            "days", "working_days", "hours", "years", "month_day"
        ), row  # fmt: skip
        first, before = day(row["valid_from"]), ended.get(row["code"])
        if row["code"] in ended:
            assert before is not None and first == before + dt.timedelta(days=1), row
        ended[row["code"]] = day(row["valid_to"])
