"""How annexes lie on paper: wide ones lie, no word is broken, columns that say nothing are not there."""

from __future__ import annotations

import pytest

from dancu.engine.report.content import Annex, Cell, Column, Row
from dancu.platform.reports_writing.shape import LYING, UPRIGHT, shape


def annex(*columns: tuple[str, str, str], label: str = "Huyện Lục Ngạn") -> Annex:
    """(head, kind, text of the one line) of each column."""
    made = tuple(Column(str(n), head, head, kind) for n, (head, kind, _) in enumerate(columns))  # type: ignore[arg-type]
    return Annex("A", "", "", "1", made, (Row("", label, tuple(Cell(t) for *_, t in columns)),))


RATES = [("Lạng Giang", "share", "99,16")]


@pytest.mark.parametrize(("many", "lies"), [(8, False), (9, True), (12, True)])
def test_a_table_of_many_columns_lies_and_fills_the_page(many: int, lies: bool) -> None:
    label = "Đăng ký biến động về quyền sử dụng đất do thay đổi thông tin về người được cấp"
    found = shape(annex(*RATES * many, label=label))
    assert found.lies == lies
    assert sum(found.widths) == pytest.approx(LYING if lies else UPRIGHT)
    assert min(found.widths[2:]) >= 0.4 + 0.2 * len("99,16") - 0.001


def test_a_date_beside_long_texts_is_not_broken() -> None:
    long = "Mỗi tổ dân phố ba người, trực tối thứ ba và thứ năm, giúp nộp hồ sơ"
    found = shape(
        annex(("Mô hình", "words", long), ("Từ ngày", "text", "15/01/2024"), ("Kết quả", "words", long),
              ("Đơn vị làm theo", "words", long))
    )  # fmt: skip
    assert found.widths[3] >= 2.4
    assert sum(found.widths) == pytest.approx(UPRIGHT)
    assert found.widths[2] == found.widths[4] > found.widths[1] > 2


def test_columns_of_targets_and_places_that_say_nothing_are_left_out() -> None:
    columns = [("Tổng số", "count", "0"), ("Chỉ tiêu (%)", "text", ""), ("Còn thiếu", "gap", "–")]
    assert shape(annex(*columns, ("Xếp hạng", "rank", "1"))).columns == (0, 3)
