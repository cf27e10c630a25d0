"""What each flaw does to a cell, as a table."""

import pytest

from dancu.lib.text import fold
from dancu.province import days, kinds, places, tables
from dancu.province.flaws import kinds as table
from dancu.reference.loader import rows

CELLS = [
    (days.month_first, "25/12/1990", "12/25/1990"),
    (days.month_first, "05/12/1990", "05/12/1990"),
    (days.swapped, "05/12/1990", "12/05/1990"),
    (days.swapped, "25/12/1990", "25/12/1990"),
    (kinds._letter_o, "924090000123", "9240900O0123"),
    (kinds._spaced, "924090000123", "924 090 000 123"),
    (kinds._scientific, "924090000123", "9.24E+11"),
    (kinds._tone_place, "Lê Thị Hòa", "Lê Thị Hoà"),
    (kinds._tone_place, "Lê Thị Hoàng", "Lê Thị Hoàng"),
    (kinds._tone_place, "Lê Thị Quý", "Lê Thị Quý"),
]


@pytest.mark.parametrize(("flaw", "cell", "becomes"), CELLS)
def test_a_flaw_makes_of_a_cell(flaw, cell: str, becomes: str) -> None:  # type: ignore[no-untyped-def]
    if flaw is kinds._letter_o:
        assert flaw(cell).count("O") == 1 and flaw(cell).replace("O", "0") == cell
    else:
        assert flaw(cell) == becomes


@pytest.mark.parametrize("luck", [0, 1, 2])
@pytest.mark.parametrize("name", ["Nguyễn Văn Hải", "Lò Thị Ái", "Hoa", "Trần Ỷ"])
def test_a_slip_never_leaves_the_name_as_it_was(name: str, luck: int) -> None:
    assert kinds._slip(name, luck) != name


def test_all_eight_error_groups_are_planted_and_every_kind_has_a_maker() -> None:
    planted = [k for k in table() if k.role == "planted"]
    assert {k.group for k in planted} == set(range(1, 9))
    structural = {"person_twice", "dead_listed", "moved_listed"}
    assert {k.kind for k in table()} == set(kinds.FLAWS) | structural
    assert all(0 < k.rate <= 0.6 for k in table())


def test_every_former_commune_is_one_that_the_reference_data_know() -> None:
    known = {
        r["former_key"]: fold(r["name_2025h1"]) for r in rows("admin/bacgiang_former_names.csv")
    }
    for row in tables.rows("former_communes.csv"):
        assert fold(row["former"]).replace(" ", "") in known, row
    today = {f"{p.commune}, {p.district}" for p in places.places(places.FIRST)}
    assert set(places.former()) <= today
