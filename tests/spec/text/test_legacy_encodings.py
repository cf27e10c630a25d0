"""TCVN3, VNI and VISCII: found per column, never per cell, and never where nothing is wrong."""

from __future__ import annotations

import random

import pytest

from dancu.lib.legacy_encodings import ENCODINGS, decode, detect_column, encode
from dancu.reference import names

CODE_PAGES = ("cp1252", "latin-1", "cp1258")


def _people(count: int, seed: int) -> list[str]:
    rng = random.Random(seed)
    parts = (names.surnames(), names.middle_names(), names.given_names())
    texts = [[c.text for c in part if c.text] for part in parts]
    return [" ".join(rng.choice(part) for part in texts) for _ in range(count)]


@pytest.mark.parametrize(
    ("encoding", "shown", "text"),
    [
        ("tcvn3", "NguyÔn V¨n A", "Nguyễn Văn A"),
        ("tcvn3", "TrÇn ThÞ H\u00ad¬ng", "Trần Thị Hương"),
        ("tcvn3", "NGUYÔN THÞ THU H»NG", "NGUYỄN THỊ THU HẰNG"),
        ("tcvn3", "§Æng Quèc ViÖt", "Đặng Quốc Việt"),
        ("vni", "Nguyeãn Vaên A", "Nguyễn Văn A"),
        ("vni", "TRAÀN THÒ HÖÔNG", "TRẦN THỊ HƯƠNG"),
        ("vni", "Ñaëng Quoác Vieät", "Đặng Quốc Việt"),
        ("vni", "Lyù Myõ Thuûy Vyõ", "Lý Mỹ Thủy Vỹ"),
        ("viscii", "Nguy\u00adn Vån A", "Nguyễn Văn A"),
        ("viscii", "Tr¥n Th¸ Hß½ng", "Trần Thị Hương"),
    ],
)
def test_known_lines_are_read(encoding: str, shown: str, text: str) -> None:
    assert decode(shown, encoding) == text


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("code_page", CODE_PAGES)
@pytest.mark.parametrize("count", [12, 600])
def test_a_column_written_in_an_old_encoding_is_found_and_read(
    encoding: str, code_page: str, count: int
) -> None:
    people = _people(count, seed=7)
    shown = [encode(person, encoding, code_page=code_page) for person in people]
    found = detect_column(shown)
    assert found.encoding == encoding
    assert found.score > 0.98
    assert found.samples[0][1].lower() == people[0].lower()
    assert [decode(cell, encoding).lower() for cell in shown] == [p.lower() for p in people]


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_capitals_are_found_too(encoding: str) -> None:
    people = [person.upper() for person in _people(200, seed=8)]
    shown = [encode(person, encoding) for person in people]
    assert detect_column(shown).encoding == encoding
    assert [decode(cell, encoding).upper() for cell in shown] == people


def test_a_capital_font_of_tcvn3_holds_small_letters_only() -> None:
    shown = [encode(person.lower(), "tcvn3") for person in _people(50, seed=9)]
    assert detect_column(shown).encoding == "tcvn3"


CLEAN = _people(400, seed=3)
BARE = ["Nguyen Van An", "Tran Thi Lan", "Le Hoa", "Pham Minh"] * 30
FRENCH = ["Hélène Dupré", "François Lefèvre", "Noël Bézier", "Zoé Aïssa", "Château Brûlé", "Gérôme"]


@pytest.mark.parametrize(
    ("why", "column"),
    [
        ("clean", CLEAN),
        ("clean, capitals", [person.upper() for person in CLEAN]),
        ("no marks", BARE),
        ("no marks and five odd cells", [*BARE, "NguyÔn V¨n A", "TrÇn ThÞ B", "Lª V¨n C¶nh"]),
        ("clean and some odd cells", CLEAN + [encode(p, "tcvn3") for p in CLEAN[:100]]),
        ("one odd cell", ["NguyÔn V¨n A"]),
        ("French", FRENCH * 5),
        ("German", ["Müller Größe", "Jürgen Weiß", "Björn Böhm", "Käthe Süß", "Schröder"] * 4),
        ("UTF-8 read as Latin-1", [p.encode().decode("latin-1") for p in CLEAN]),
        ("numbers", ["024299000001"] * 20),
        ("empty", ["", " "]),
        ("nothing", []),
    ],
)
def test_a_column_without_an_old_encoding_is_left_alone(why: str, column: list[str]) -> None:
    assert detect_column(column).encoding is None, why


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("count", [1, 3, 8, 40])
def test_clean_columns_of_any_size_are_left_alone(seed: int, count: int) -> None:
    assert detect_column(_people(count, seed)).encoding is None
