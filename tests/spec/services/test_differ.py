"""Two portals against each other: a row of each in, the reason and its effect out; and effects always add up."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dancu.sectors.public_services.importing import comparing, reading, sides, standard
from dancu.sectors.public_services.importing.counted import Figures, Period
from dancu.sectors.public_services.importing.reasons import REASONS

JUNE = Period(dt.date(2024, 6, 1), dt.date(2024, 6, 30))
HEADS = "Mã hồ sơ;Trạng thái;Ngày tiếp nhận;Kênh thực hiện;Ngày hẹn trả;Ngày kết thúc xử lý;Số lần bổ sung;Tên thủ tục"
_TABLE = Path(__file__).with_name("differ.csv").read_text("utf-8")
CASES = list(csv.DictReader(_TABLE.splitlines()))


def side(name: str, rows: list[str]) -> sides.Side:
    """A list of rows as a portal exports it; an empty list has a heading and nothing under it."""
    cells = [[*row.split("|"), ""][:7] for row in rows]
    lines = [";".join([*row, "Đăng ký thường trú"]) for row in cells]
    data = "\n".join([HEADS, *lines]).encode()
    return sides.of_lists(
        name, [standard.listed(s) for s in reading.read(data, name=f"{name}.csv")]
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["what"])
def test_each_difference_has_its_reason_and_effect(case: dict[str, str]) -> None:
    a, b = ([row for row in case[which].split(" + ") if row] for which in ("a", "b"))
    found = comparing.compare(side("A", a), side("B", b), JUNE)
    wanted = Figures(*(int(case[name]) for name in Figures._fields))
    told = {one.reason: one.effect for one in found.differences}
    assert case["reason"] in told if case["reason"] else not told, told
    if case["reason"]:
        assert told[case["reason"]] == wanted
    assert found.a.less(found.b) == _sum(found)


def _sum(found: comparing.Comparison) -> Figures:
    total = Figures()
    for _count, effect in found.effects().values():
        total = total.more(effect)
    return total


_DAYS = st.sampled_from(("31/05/2024 16:30", "31/05/2024 23:59", "01/06/2024 06:30", "10/06/2024", "30/06/2024 23:00",
                         "01/07/2024 06:00", "20240615093000", "lạ", ""))  # fmt: skip
_ROWS = st.builds(
    lambda *cells: "|".join(cells),
    st.sampled_from(("H02.07.204-240610-0001", "204.00.07.H02-240610-0001", "H02.07.204-240610-0002",
                     "H02.07.207-240610-0003", "h02.07.204 - 240610 - 0002", "ABC", "")),
    st.sampled_from(("1", "2", "3", "4", "5", "7", "9", "10", "Đã hủy", "lạ", "")), _DAYS,
    st.sampled_from(("1", "2", "3", "", "lạ")), _DAYS, _DAYS, st.sampled_from(("", "1", "2")),
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(_ROWS, min_size=1, max_size=8), st.lists(_ROWS, min_size=1, max_size=8))
def test_effects_of_all_reasons_add_up_to_the_difference_of_the_totals(
    a: list[str], b: list[str]
) -> None:
    found = comparing.compare(side("A", a), side("B", b), JUNE)
    assert found.a.less(found.b) == _sum(found)
    assert {one.reason for one in found.differences} <= {reason.code for reason in REASONS}
