"""Boards: what they say, whose they are, how a unit is followed through changes of units, what a chart shows."""

from __future__ import annotations

import datetime as dt
import html
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse
from tests.web import reports as made

from dancu.platform.dashboards import asked, charts, told

HALF = "tu=2024-01&den=2024-06"
CODE = "online_rate_essential_25"
LATER = dt.date(2026, 11, 1)


@pytest.fixture(scope="module")
def filed(site: str) -> Iterator[None]:
    """Half a year of dossiers of four communes, and of the year before."""
    del site
    told.forget()
    with made.dossiers():
        yield
    told.forget()


@pytest.fixture
def province(client_as: Callable[..., Any], filed: None) -> Any:
    """A chairman of the province."""
    return client_as("unit_head", unit="24")


def _get(client: Any, name: str, query: str = "", *args: str, status: int = 200) -> str:
    answer = client.get(f"{reverse(f'dashboards:{name}', args=args)}?{HALF}{query}")
    assert answer.status_code == status
    told_in_words = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return re.sub(r"\s+", " ", html.unescape(told_in_words))


def test_a_chairman_reads_value_parts_movement_target_and_gap(province: Any) -> None:
    """674 of 1.089 online: more than 60 per cent are 654, more than 70 per cent 763; 584 of 1.089 the year before."""
    page = _get(province, "board")
    line = page.partition("25 dịch vụ thiết yếu 61,89%")[2]
    assert line.startswith(" 674 / 1.089 +8,26 điểm % +15,41 % tốt lên trước: 53,63%")
    assert "> 60% · Chính phủ đạt" in line
    assert "> 70% · UBND tỉnh còn thiếu 89 hồ sơ" in line
    # A count moves in per cent alone, and fewer of it are better.
    assert "Hồ sơ giấy của 25 dịch vụ thiết yếu 415 415 −17,82 % tốt lên trước: 505" in page


def test_who_misses_most_targets_stands_first(province: Any) -> None:
    late = _get(province, "board").partition("Đơn vị chưa đạt chỉ tiêu")[2]
    assert late.startswith(" 3 trên 209 xã, phường, thị trấn chưa đạt")
    places = [late.index(code) for code in ("07549", "07207", "07204")]
    assert places == sorted(places)
    assert "Xã Thanh Hải 07549 Huyện Lục Ngạn 2 168" in late
    assert "07615" not in late, "three dossiers, all online: nothing missed"


def test_the_map_is_painted_by_the_chosen_figure_and_the_table_says_the_same(province: Any) -> None:
    page = province.get(reverse("dashboards:board") + f"?{HALF}").content.decode()
    drawn = dict(
        re.findall(r"<title>(Huyện Lục Ngạn: 38,33%)[^<]*</title><path class=\"unit (\w)", page)
    )
    assert list(drawn.values()) == ["r"]
    chosen = province.get(
        reverse("dashboards:board") + f"?{HALF}&chi-so=dossiers_received"
    ).content.decode()
    assert re.search(r"<title>Huyện Lục Ngạn: 360[^<]*</title><path class=\"unit b\d", chosen)
    nothing = re.findall(r"<title>[^<]*: 0</title><path class=\"unit (\w+)\"", chosen)
    assert len(nothing) == 7 and len(set(nothing)) == 1, "equal figures have one tone"
    assert "không có chỉ tiêu trong kỳ" in chosen and 'style="' not in page


def test_a_commune_reads_its_place_and_the_records_that_are_missing(
    client_as: Callable[..., Any], filed: None
) -> None:
    """32 of 120 licences online: more than 70 per cent are 85."""
    client = client_as("unit_head", unit="07549")
    page = _get(client, "board")
    assert (
        "Đơn vị đứng thứ 3 trên 3 xã, phường, thị trấn về «Tỷ lệ hồ sơ trực tuyến: cấp đổi" in page
    )
    assert "53 bản ghi nữa là đạt mọi chỉ tiêu về số liệu này" in page
    assert "Đơn vị chưa đạt chỉ tiêu" not in page


def test_what_is_missing_opens_to_the_records_outside_and_a_figure_to_all(
    client_as: Callable[..., Any], filed: None
) -> None:
    client = client_as("unit_head", unit="07549")
    page = html.unescape(client.get(reverse("dashboards:board") + f"?{HALF}").content.decode())
    links = re.findall(rf'href="({reverse("reports:records", args=[CODE])}[^"]+)"', page)
    counts = {
        link.rpartition("dat=")[2]: re.search(
            r"(\d+) bản ghi trong", client.get(link).content.decode()
        )
        for link in links
    }
    assert {side: found and found[1] for side, found in counts.items()} == {"": "360", "0": "222"}


def test_boards_are_for_leaders_and_only_of_units_that_were(
    client_as: Callable[..., Any], province: Any
) -> None:
    clerk = client_as("one_stop_officer")
    for name, args in (("board", ()), ("pillar", ()), ("indicator", (CODE,))):
        _get(clerk, name, "", *args, status=403)
        _get(province, name, "", *args)
        for wrong in ("&don-vi=99999", "&don-vi=24&cua=junk", "&cach=junk"):
            _get(province, name, wrong, *args, status=404)
    _get(province, "indicator", "", "nothing", status=404)
    _get(province, "board", "&chi-so=nothing", status=404)
    _get(province, "pillar", "&tru-cot=nothing", status=404)


def test_what_was_recorded_later_was_not_known_then(province: Any) -> None:
    """The dossiers are of 2024 and were taken in today."""
    page = _get(province, "indicator", "", CODE).partition("Ba cách nói cùng một số")[2]
    now, then, restated = re.findall(r"danh mục từ 01/05/2024 (\S+)", page)[:3]
    assert (now, then, restated) == ("61,89%", "—", "—")
    assert page.count("biết đến 01/07/2024 00:00") == 2


def test_a_merged_ward_is_followed_to_its_heir_and_the_page_says_so(
    province: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """07204 and 07207 became one ward on 1 July 2025: 278 and 249 of 360 each."""
    monkeypatch.setattr(asked, "register_day", lambda: LATER)
    page = _get(province, "indicator", "&don-vi=07204&cua=2024-06-21", CODE)
    assert "Đơn vị được hỏi : Phường Trần Nguyên Hãn (07204)" in page.replace(":", " :").replace(
        "  ", " "
    )
    assert "(07210)" in page and "73,19%" in page and "527 / 720" in page
    # Then, in the units of then, it is the ward itself again.
    then = _get(province, "indicator", "&don-vi=07204&cua=2024-06-21&cach=khi-do", CODE)
    assert "Phường Trần Nguyên Hãn (07204)" in then and "Đơn vị được hỏi" not in then


def test_the_code_of_a_divided_district_leads_to_the_province(
    province: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asked, "register_day", lambda: LATER)
    page = _get(province, "board", "&don-vi=213&cua=2024-06-21")
    assert "Thành phố Bắc Giang (213)" in page and "Thành phố Bắc Ninh (24)" in page


def test_a_province_made_of_two_is_shown_by_one_of_them_before(
    province: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asked, "register_day", lambda: LATER)
    page = _get(province, "board", "&don-vi=24&cua=2026-11-01&cach=khi-do")
    assert (
        "Khi đó chưa có đơn vị này; đang xem một trong các đơn vị trước đó: Tỉnh Bắc Giang (24)"
        in page
    )


def test_the_line_is_of_24_months_with_changes_of_units_marked(
    province: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asked, "register_day", lambda: dt.date(2025, 12, 31))
    address = reverse("dashboards:indicator", args=[CODE])
    page = province.get(f"{address}?tu=2025-01&den=2025-12").content.decode()
    chart = page.partition('class="line through"')[2].partition("</svg>")[0]
    marks = re.findall(r'<line class="mark".*?đổi đơn vị (\S+)</text>', chart)
    assert marks == ["01/01/2025", "01/07/2025"]
    table = page.partition("Bảng của biểu đồ")[2].partition("</table>")[0]
    months = re.findall(r'<th scope="row">(\d\d/\d{4})', table)
    assert len(months) == 24 and (months[0], months[-1]) == ("12/2025", "01/2024")
    # January 2024: 29 days of three services in three communes, and the three of the fourth.
    assert "270 / 270" in table.rpartition("01/2024")[2]


def test_a_pillar_puts_the_lowest_unit_first(province: Any) -> None:
    page = _get(province, "pillar", "&cap=xa&sort=online_rate_all&nhom=public_services")
    rows = page.partition("Tỉnh Bắc Giang 61,89%")[2]
    assert rows and rows.index("Xã Thanh Hải") < rows.index("Phường Ngô Quyền") < rows.index(
        "Phường Trần Nguyên Hãn"
    )
    districts = _get(province, "pillar", "&cap=huyen&nhom=public_services")
    assert (
        "Huyện Lục Ngạn 38,33%" in districts
        and "Xã Thanh Hải" not in districts.partition("Đơn vị Tỷ lệ")[2]
    )


def _points(*values: int | None) -> list[charts.Point]:
    return [
        charts.Point(dt.date(2025, n, 1), None if v is None else Decimal(v), f"{v}", f"{n}: {v}")
        for n, v in enumerate(values, start=1)
    ]


def test_a_month_without_a_figure_breaks_the_line_and_a_target_is_a_line() -> None:
    drawn = charts.chart(
        _points(50, 60, None, 55, 65), goals=[(Decimal(70), "> 70%")], changes=[dt.date(2025, 4, 1)], percent=True
    )  # fmt: skip
    assert drawn is not None and len(drawn.paths) == 2 and len(drawn.dots) == 4
    top = {words: y for y, words in drawn.goals}["> 70%"]
    assert all(dot.y > top for dot in drawn.dots), "all below the target"
    # The line of 1 April stands at the end of March: between the third point and the fourth.
    (mark, _side, day), fourth = drawn.marks[0], drawn.dots[2]
    assert day == "01/04/2025" and drawn.dots[1].x < mark < fourth.x
    assert charts.chart(_points(50, None), goals=[], changes=[], percent=True) is None
