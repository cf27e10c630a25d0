"""The day a list speaks of."""

import datetime as dt

import pytest

from dancu.engine.intake.list_date import find_list_date

ON = dt.date(2024, 6, 30)


@pytest.mark.parametrize(
    ("title", "name", "date"),
    [
        ("(tính đến ngày 21/6/2024)", "ds.xlsx", "2024-06-21"),
        ("Đến ngày 01.02.2024", "ds_2023-01-01.csv", "2024-02-01"),
        ("Quế Nham, ngày 21 tháng 6 năm 2024", "", "2024-06-21"),
        ("Danh sách chi trả tháng 2/2024", "", "2024-02-29"),
        ("Theo Nghị định ngày 15/3/2021", "", None),
        ("Danh sách nhân khẩu", "dan_so_20240615.xlsx", "2024-06-15"),
        ("Danh sách nhân khẩu", "dan_so_15-6-2024.xlsx", "2024-06-15"),
        ("đến ngày 31/2/2024", "", None),
        ("đến ngày 21/6/2025", "", None),
        ("Số 924090000001", "ds_240615.xlsx", None),
    ],
)
def test_a_title_or_a_file_name_tells_the_day(title: str, name: str, date: str | None) -> None:
    found = find_list_date([title], name, on=ON)
    assert found == (dt.date.fromisoformat(date) if date else None)
