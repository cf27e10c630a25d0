"""Names of people: their parts, titles and notes, the order of lists, and the words we know."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dancu.formats.person_name import compact, list_key, parse, title_of, without_extras
from dancu.reference import names


@pytest.mark.parametrize(
    ("text", "surname", "middle", "given", "kind"),
    [
        ("NGUYỄN VĂN AN", "Nguyễn", "Văn", "An", "vietnamese"),
        ("Lê Hoa", "Lê", "", "Hoa", "vietnamese"),
        ("Trần Thị Thanh Thuỷ", "Trần", "Thị Thanh", "Thủy", "vietnamese"),
        ("Tôn Nữ Thị Ninh", "Tôn Nữ", "Thị", "Ninh", "vietnamese"),
        ("Tôn Đức Thắng", "Tôn", "Đức", "Thắng", "vietnamese"),
        ("Nguyen Van An", "Nguyen", "Van", "An", "vietnamese"),
        ("Sùng A Páo", "Sùng", "A", "Páo", "vietnamese"),
        ("Đinh Y Nhu", "Đinh", "Y", "Nhu", "vietnamese"),
        ("H'Hen Niê", "Niê", "", "H'Hen", "clan_last"),
        ("Y Thông Niê Kdăm", "Niê Kdăm", "", "Y Thông", "clan_last"),
        ("Y Thơm", "", "", "Y Thơm", "clan_last"),
        ("K'Brơi", "", "", "K'Brơi", "clan_last"),
        ("John Smith", "John", "", "Smith", "other"),
    ],
)
def test_the_parts_of_a_name_keep_their_order(
    text: str, surname: str, middle: str, given: str, kind: str
) -> None:
    name = parse(text)
    assert (name.surname, name.middle, name.given, name.kind) == (surname, middle, given, kind)


def test_a_name_knows_its_syllables_and_its_key_without_marks() -> None:
    name = parse("ĐẶNG THỊ HOÀ")
    assert name.syllables == ("Đặng", "Thị", "Hòa")
    assert name.folded_key == "dang thi hoa"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ông Nguyễn Văn Hùng", "Ông"),
        ("Bà: Trần Thị Lan", "Bà:"),
        ("Mr. John Smith", "Mr."),
        ("Bs Lê Văn Tâm", "Bs"),
        ("Ông Văn Hùng", ""),
        ("Cô Lan", ""),
        ("Nguyễn Văn Hùng", ""),
        ("Ông", ""),
    ],
)
def test_a_title_is_told_from_a_surname(text: str, expected: str) -> None:
    assert title_of(text) == expected


@pytest.mark.parametrize(
    ("text", "name", "taken"),
    [
        ("Bà Trần Thị Lan (đã chết)", "Trần Thị Lan", 2),
        ("Nguyễn Văn Hùng [chủ hộ", "Nguyễn Văn Hùng", 1),
        ("Nguyễn Văn Hùng", "Nguyễn Văn Hùng", 0),
    ],
)
def test_titles_and_notes_come_off_for_matching_and_are_told(
    text: str, name: str, taken: int
) -> None:
    found, off = without_extras(text)
    assert (found, len(off)) == (name, taken)


def test_a_list_is_ordered_by_given_name_then_surname() -> None:
    right = ["Trần Văn An", "Lê Thị Ánh", "Lê Văn Bình", "Nguyễn Văn Bình", "Bùi Thị Đào"]
    assert sorted(sorted(right), key=list_key) == right


def test_the_counted_names_are_read_in_full() -> None:
    assert len(names.surnames()) == 155
    assert (len(names.middle_names()), len(names.given_names())) == (440, 522)
    assert names.surnames()[0] == names.NameCount("Nguyễn", 4965, 4408)
    assert names.surname_population()["Nguyễn"] > 30_000_000
    assert not names.known_surnames() & names.clans_last() - {"Siu"}


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.text("aàạăâđêôơưyNGVTHH'’ -.(0\u0303\u00a0", max_size=20))
def test_a_name_cleaned_twice_is_cleaned_once(text: str) -> None:
    assert compact(compact(text)) == compact(text)
