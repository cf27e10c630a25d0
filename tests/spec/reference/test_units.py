"""Units are valid in time: the tables a clerk can check by hand."""

from __future__ import annotations

import csv
from datetime import date, timedelta

import pytest

from dancu.reference import units
from dancu.reference.errors import UnknownDayError, UnknownUnitError
from dancu.reference.loader import rows

JUNE_2024 = date(2024, 6, 21)
EARLY_2025 = date(2025, 3, 1)
LATE_2025 = date(2025, 12, 1)
NOW = date(2026, 11, 23)

COUNTS = """day,provinces,districts,communes,communes_of_24,province_24
2024-05-01,63,705,10595,209,Tỉnh Bắc Giang
2024-12-31,63,705,10595,209,Tỉnh Bắc Giang
2025-01-01,63,696,10035,192,Tỉnh Bắc Giang
2025-06-30,63,696,10035,192,Tỉnh Bắc Giang
2025-07-01,34,0,3321,99,Tỉnh Bắc Ninh
2026-09-19,34,0,3321,99,Tỉnh Bắc Ninh
2026-09-20,34,0,3321,99,Thành phố Bắc Ninh
"""


@pytest.mark.parametrize("row", list(csv.DictReader(COUNTS.splitlines())), ids=lambda r: r["day"])
def test_the_tree_of_a_day_has_the_lawful_number_of_units(row: dict[str, str]) -> None:
    tree = units.on(date.fromisoformat(row["day"]))
    got = (tree.provinces, tree.districts, tree.communes, tree.communes_of("24"))
    wanted = (row["provinces"], row["districts"], row["communes"], row["communes_of_24"])
    assert [len(level) for level in got] == [int(n) for n in wanted]
    assert tree.get("24").full_name == row["province_24"]


def test_before_the_first_list_the_question_is_refused() -> None:
    with pytest.raises(UnknownDayError, match="01/05/2024"):
        units.on(date(2024, 4, 30))


def test_a_code_not_in_force_is_refused_with_the_day() -> None:
    with pytest.raises(UnknownUnitError, match=r"07204.*01/12/2025"):
        units.on(LATE_2025).get("07204")


WHERE_NOW = [
    ("07204", JUNE_2024, ["Phường Bắc Giang"]),  # Trần Nguyên Hãn -> Ngô Quyền -> Bắc Giang
    ("07549", JUNE_2024, ["Phường Chũ", "Xã Biên Sơn"]),  # 520 people of Thanh Hải moved
    ("07549", EARLY_2025, ["Phường Chũ"]),  # who lived there in 2025 had not moved
    ("07276", JUNE_2024, ["Xã Yên Thế"]),
    ("07840", JUNE_2024, ["Phường Hiệp Hòa"]),  # xã in July 2025, phường since 20 Sept 2026
    ("24", JUNE_2024, ["Thành phố Bắc Ninh"]),
    ("27", JUNE_2024, ["Thành phố Bắc Ninh"]),
    ("213", JUNE_2024, []),  # districts were abolished
]


@pytest.mark.parametrize(("code", "since", "names"), WHERE_NOW)
def test_an_old_unit_is_found_today(code: str, since: date, names: list[str]) -> None:
    found = units.on(since).get(code).as_of(NOW)
    assert [u.full_name for u in found] == names


def test_the_520_people_are_an_edge_of_their_own_with_their_share() -> None:
    stayed, moved = units.successors("07549", since=JUNE_2024, on=EARLY_2025)
    assert (stayed.unit.code, stayed.kind, stayed.people) == ("07549", "part", 17413)
    assert (moved.unit.code, moved.kind, moved.people) == ("07555", "people_moved", 520)
    assert stayed.share is not None and moved.share is not None
    assert stayed.share + moved.share == pytest.approx(1.0)


@pytest.mark.mission("S06")
def test_the_lineage_file_and_the_chains_say_the_same_for_all_209() -> None:
    for row in rows("admin/bacgiang_lineage.csv"):
        for day, column in ((EARLY_2025, "code_2025h1"), (LATE_2025, "code_2025_07")):
            found = {
                s.unit.code for s in units.successors(row["code_2024"], since=JUNE_2024, on=day)
            }
            assert row[column] in found, row
        (today,) = [s.unit for s in units.successors(row["code_2025h1"], since=EARLY_2025, on=NOW)]
        assert today.full_name == row["name_2026_09"]


def test_looking_back_finds_every_predecessor() -> None:
    ward = units.on(NOW).get("07210")
    assert {u.full_name for u in ward.as_of(JUNE_2024)} == {
        "Phường Thọ Xương", "Phường Trần Nguyên Hãn", "Phường Ngô Quyền", "Phường Lê Lợi",
        "Phường Hoàng Văn Thụ", "Phường Trần Phú", "Phường Xương Giang", "Phường Dĩnh Kế",
        "Xã Dĩnh Trì",
    }  # fmt: skip
    back = [u for c in units.on(NOW).communes_of("24") for u in c.as_of(JUNE_2024)]
    assert sum(u.province_code == "24" for u in back) == 209 + 1  # Thanh Hải counts twice


def test_districts_and_provinces_follow_their_communes() -> None:
    tree = units.on(JUNE_2024)
    split = {s.unit.full_name: s.kind for s in tree.get("219").successors(on=EARLY_2025)}
    assert split == {"Huyện Lục Ngạn": "part", "Thị xã Chũ": "part"}
    (absorbed,) = tree.get("221").successors(on=EARLY_2025)
    assert (absorbed.unit.full_name, absorbed.kind) == ("Thành phố Bắc Giang", "whole")


def test_a_code_used_again_names_two_units() -> None:
    names = [(u.full_name, u.valid_from) for u in units.history("24")]
    assert names == [
        ("Tỉnh Bắc Giang", date(2024, 5, 1)),
        ("Tỉnh Bắc Ninh", date(2025, 7, 1)),
        ("Thành phố Bắc Ninh", date(2026, 9, 20)),
    ]


def test_a_ward_that_grew_is_another_unit_under_the_same_code_and_name() -> None:
    first, second, *_ = units.history("07207")  # Ngô Quyền took in Trần Nguyên Hãn
    assert first.full_name == second.full_name == "Phường Ngô Quyền"
    assert second.valid_from - timedelta(days=1) == first.valid_to


def test_the_list_of_20_september_2026_is_the_one_published() -> None:
    published = {r["code"]: r["full_name"] for r in rows("admin/units_2026-09-20.csv")}
    assert {c: u.full_name for c, u in units.on(NOW).by_code.items()} == published


def test_acts_of_2026_begin_on_their_own_days() -> None:
    for day, code, name in [
        (date(2026, 4, 29), "75", "Tỉnh Đồng Nai"),
        (date(2026, 4, 30), "75", "Thành phố Đồng Nai"),
        (date(2026, 8, 31), "22", "Tỉnh Quảng Ninh"),
        (date(2026, 9, 1), "22", "Thành phố Quảng Ninh"),
    ]:
        assert units.on(day).get(code).full_name == name


def test_successor_table_counts_targets_and_loses_no_code() -> None:
    table = units.successor_table(frm=EARLY_2025, to=LATE_2025).to_pylist()
    by_code: dict[str, list[dict[str, object]]] = {}
    for row in table:
        by_code.setdefault(str(row["old_code"]), []).append(row)
    assert set(by_code) == set(units.on(EARLY_2025).by_code)
    for found in by_code.values():
        known = [r for r in found if r["new_code"] is not None]
        assert {r["n_targets"] for r in found} == {len(known)}
    bac_giang = [u.code for u in units.on(EARLY_2025).communes_of("24")]
    assert {by_code[c][0]["n_targets"] for c in bac_giang} == {1}


def test_in_bac_giang_nobody_is_without_a_successor() -> None:
    table = units.successor_table(frm=JUNE_2024, to=NOW).to_pylist()
    communes = {u.code for u in units.on(JUNE_2024).communes_of("24")}
    lost = [r for r in table if r["old_code"] in communes and r["new_code"] is None]
    assert lost == []


def test_the_arrow_tree_has_a_row_for_each_unit() -> None:
    table = units.table(on=JUNE_2024)
    assert table.num_rows == 63 + 705 + 10595
    assert table.column_names[:3] == ["code", "level", "name"]
    assert table.column("district_code").null_count == 63
