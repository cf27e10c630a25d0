"""Due dates as a clerk counts them on the wall calendar."""

from __future__ import annotations

import datetime as dt

import pytest

from dancu.reference import holidays

CASES = [
    # from, working days, due, why
    ("21/06/2024", 5, "28/06/2024", "một tuần không có ngày lễ"),
    ("21/06/2024", 0, "21/06/2024", "không thêm ngày nào"),
    ("22/06/2024", 1, "24/06/2024", "bắt đầu từ thứ Bảy: ngày đầu là thứ Hai"),
    ("26/04/2024", 1, "02/05/2024", "nghỉ hoán đổi 29/4, nghỉ 30/4 và 1/5"),
    ("26/04/2024", 3, "04/05/2024", "thứ Bảy 4/5 làm bù cũng là ngày làm việc"),
    ("07/02/2024", 1, "15/02/2024", "Tết Giáp Thìn nghỉ 8/2 đến 14/2"),
    ("24/01/2025", 5, "07/02/2025", "Tết Ất Tỵ nghỉ 25/1 đến 2/2"),
    ("30/12/2025", 2, "05/01/2026", "1/1 nghỉ, 2/1 nghỉ hoán đổi"),
    ("13/02/2026", 1, "23/02/2026", "Tết Bính Ngọ nghỉ 14/2 đến 22/2"),
    ("24/04/2026", 1, "28/04/2026", "Giỗ Tổ rơi vào Chủ nhật: nghỉ bù thứ Hai"),
]  # fmt: skip


def day(text: str) -> dt.date:
    return dt.datetime.strptime(text, "%d/%m/%Y").date()


@pytest.mark.parametrize(("start", "n", "due", "why"), CASES, ids=[c[3] for c in CASES])
def test_due_in_working_days(start: str, n: int, due: str, why: str) -> None:
    assert holidays.working_days_after(day(start), n) == day(due), why
    # Counting back from a Saturday start lands on the same number.
    assert holidays.working_days_between(day(start), day(due)) == n


def test_every_day_off_is_a_weekday_and_every_extra_day_a_saturday() -> None:
    for one in holidays.holidays().values():
        assert (one.day.weekday() == 5) if one.working else (one.day.weekday() < 5), one


@pytest.mark.parametrize(("year", "least"), [(2024, 11), (2025, 11), (2026, 11), (2027, 11)])
def test_a_year_has_the_days_off_that_the_law_gives(year: int, least: int) -> None:
    off = [d for d, one in holidays.holidays().items() if d.year == year and not one.working]
    swapped = [d for d, one in holidays.holidays().items() if d.year == year and one.working]
    assert len(off) - len(swapped) >= least - (1 if year < 2026 else 0)


def test_what_is_not_announced_yet_is_marked() -> None:
    assert any(h.assumed for h in holidays.holidays().values() if h.day.year == 2027)
    assert not any(h.assumed for h in holidays.holidays().values() if h.day.year < 2026)


def test_negative_days_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="-1"):
        holidays.working_days_after(dt.date(2024, 1, 1), -1)
