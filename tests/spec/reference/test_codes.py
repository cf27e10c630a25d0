"""What a cell of a list means in the official codes."""

from __future__ import annotations

import pytest

from dancu.reference import codes, ethnic
from dancu.reference.errors import UnknownCodeError

CELLS = [
    ("relation_to_head", "Chủ hộ", "CH"),
    ("relation_to_head", "CHU HO", "CH"),
    ("relation_to_head", "vợ", "5"),
    ("relation_to_head", "Con", "7"),
    ("relation_to_head", "con trai", "7"),
    ("relation_to_head", "Ba", "3"),
    ("relation_to_head", "Bà", "2"),
    ("relation_to_head", "Con dâu", "99"),
    ("relation_to_head", "Cháu nội", "11"),
    ("relation_to_head", "7", "7"),
    ("relation_to_head", "hàng xóm", None),
    ("sex", "NỮ", "2"),
    ("sex", "nu", "2"),
    ("sex", "Nam", "1"),
    ("sex", "F", "2"),
    ("sex", "Namm", None),
    ("marital_status", "Đang có vợ/chồng", "2"),
    ("marital_status", "độc thân", "1"),
    ("marital_status", "Goá chồng", "3"),
    ("life_status", "Đã mất", "2"),
    ("life_status", "mất tích", "3"),
    ("religion", "Không", "00"),
    ("religion", "Thiên chúa giáo", "02"),
    ("religion", "Phật giáo Hoà Hảo", "03"),
    ("religion", "Phật giáo Hòa Hảo", "03"),
    ("religion", "1", "01"),
    ("nationality", "Việt Nam", "VNM"),
    ("nationality", "vnm", None),
    ("ethnic", "Kinh", "01"),
    ("ethnic", "dân tộc Nùng", "07"),
    ("ethnic", "San Diu", "18"),
    ("ethnic", "Cao Lan", "15"),
    ("ethnic", "Hoa", "04"),  # also a name of Mông: the group's own name goes first
    ("ethnic", "Trại", None),  # a name of Dao and of Sán Dìu: nobody guesses
    ("blood_group", "nhóm máu O", "04"),
]


@pytest.mark.parametrize(("name", "cell", "code"), CELLS)
def test_a_cell_means_one_code_or_none(name: str, cell: str, code: str | None) -> None:
    assert codes.LISTS[name].from_text(cell) == code


@pytest.mark.parametrize("name", codes.LISTS)
def test_every_code_and_official_name_reads_back(name: str) -> None:
    found = codes.LISTS[name]
    for item in found.codes:
        assert found.validate(item.code) == item.code
        assert found.from_text(item.code) == item.code
        assert found.from_text(found.label(item.code)) == item.code
        assert found.from_text(f"  {item.name_vi.upper()} ") == item.code


def test_a_code_outside_the_list_is_refused() -> None:
    with pytest.raises(UnknownCodeError, match="relation_to_head"):
        codes.relation_to_head.validate("12")


BOTH_NUMBERINGS = [  # name, 1979, 2008
    ("Hoa", "04", "06"),
    ("Mường", "06", "04"),
    ("Sán Chay", "15", "13"),
    ("Sán Dìu", "18", "17"),
    ("Kinh", "01", "01"),
]


@pytest.mark.parametrize(("name", "old", "new"), BOTH_NUMBERINGS)
def test_the_two_ethnic_numberings_are_never_mixed(name: str, old: str, new: str) -> None:
    assert ethnic.code(old) == ethnic.code(new, scheme="2008") == ethnic.code(name) == old
    assert ethnic.in_scheme(old, scheme="2008") == new


def test_a_2008_number_that_our_source_does_not_show_is_not_guessed() -> None:
    assert ethnic.code("54", scheme="2008") is None
    assert ethnic.in_scheme("54", scheme="2008") is None
