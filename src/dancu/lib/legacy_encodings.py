"""TCVN3 (ABC), VNI-Windows and VISCII: the Vietnamese encodings from before Unicode.

A reader that takes such bytes for Latin-1 or Windows-1252 shows `NguyÔn V¨n A`; the letters look
like letters, so no single cell proves anything. `detect_column` therefore decides per column:
nearly all marked words must be Vietnamese syllables after decoding and few before it. Detect on the
raw column, before any other repair (VISCII writes ễ as a soft hyphen).
Sources: TCVN 5712:1993 (VN3), RFC 1456 (VISCII 1.1), the VNI-Windows font table.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Final

from dancu.lib.mojibake import BYTES
from dancu.lib.syllable import is_syllable, order_marks

_LETTERS: Final = "àảãáạ ằẳẵắặ ầẩẫấậ èẻẽéẹ ềểễếệ ìỉĩíị òỏõóọ ồổỗốộ ờởỡớợ ùủũúụ ừửữứự ỳỷỹýỵ".replace(
    " ", ""
)
_TCVN3_BYTES: Final = bytes.fromhex(
    "b5b6b7b8b9 bbbcbdbec6 c7c8c9cacb cccecfd0d1 d2d3d4d5d6 d7d8dcddde"
    "dfe1e2e3e4 e5e6e7e8e9 eaebecedee eff1f2f3f4 f5f6f7f8f9 fafbfcfdfe"
)
_TCVN3: Final = dict(zip(_TCVN3_BYTES, _LETTERS, strict=True)) | dict(
    zip(range(0xA1, 0xAF), "ĂÂÊÔƠƯĐăâêôơưđ", strict=True)
)
_VISCII: Final = (
    {0x02: "Ẳ", 0x05: "Ẵ", 0x06: "Ẫ", 0x14: "Ỷ", 0x19: "Ỹ", 0x1E: "Ỵ"}
    | dict(zip(range(0x80, 0xA0), "ẠẮẰẶẤẦẨẬẼẸẾỀỂỄỆỐỒỔỖỘỢỚỜỞỊỎỌỈỦŨỤỲ", strict=True))
    | dict(zip(range(0xA0, 0xC0), "Õắằặấầẩậẽẹếềểễệốồổỗ\u1ee0Ơộờởị\u1ef0ỨỪỬơớƯ", strict=True))
    | dict(zip(range(0xC0, 0xE0), "ÀÁÂÃẢĂẳẵÈÉÊẺÌÍĨỳĐứÒÓÔạỷừửÙÚỹỵÝỡư", strict=True))
    | dict(zip(range(0xE0, 0x100), "àáâãảăữẫèéêẻìíĩỉđựòóôõỏọụùúũủýợỮ", strict=True))
)
# VNI writes the plain letter, then one sign for its marks; a few letters have a sign of their own.
_TONES: Final = ("", "\u0301", "\u0300", "\u0309", "\u0303", "\u0323")
_VNI_SIGNS: Final = dict(zip("ùøûõï", _TONES[1:], strict=True))
_VNI_CIRCUMFLEX: Final = dict(zip("âáàåãä", _TONES, strict=True))
_VNI_BREVE: Final = dict(zip("êéèúüë", _TONES, strict=True))
_VNI_SINGLE: Final = dict(zip("ôöñíìæóòî", "ơưđíìỉĩịỵ", strict=True))


def _vni_pairs() -> Iterator[tuple[str, str]]:
    yield from _VNI_SINGLE.items()
    for base, plain in (*zip("aeouy", "aeouy", strict=True), ("ô", "ơ"), ("ö", "ư")):
        yield from ((base + sign, order_marks(plain + mark)) for sign, mark in _VNI_SIGNS.items())
    for base in "aeo":
        for sign, mark in _VNI_CIRCUMFLEX.items():
            yield base + sign, order_marks(base + "\u0302" + mark)
    for sign, mark in _VNI_BREVE.items():
        yield "a" + sign, order_marks("a\u0306" + mark)


def _vni_table() -> dict[str, str]:
    """As typed -> letter, with capitals and the mixed pair of a capital and a small sign."""
    table = dict(_vni_pairs())
    capitals = {typed.upper(): letter.upper() for typed, letter in table.items()}
    mixed = {
        typed[0].upper() + typed[1:]: letter.upper()
        for typed, letter in table.items()
        if len(typed) == 2
    }
    return mixed | capitals | table


_VNI: Final = _vni_table()
_VNI_RUN: Final = re.compile("|".join(sorted(map(re.escape, _VNI), key=len, reverse=True)))
_BYTE_TABLES: Final = {"tcvn3": _TCVN3, "viscii": _VISCII}
ENCODINGS: Final = ("tcvn3", "vni", "viscii")
_MARKED = re.compile(r"[^\x00-\x7f]|[\x02\x05\x06\x14\x19\x1e]")
_SEPARATORS = re.compile(r"[\s!-/:-@\[-`{-~0-9]+")
_WORD = re.compile(r"[^\W\d_]+")
_SAMPLE_VALUES = 2_000
_SHOWN = 5


@dataclass(frozen=True)
class Detection:
    """What a column is written in; `encoding` None means: leave it as it is.

    `score`: share of marked words that are Vietnamese syllables once decoded; `as_is`: before.
    `samples`: up to five (before, after) pairs to show to a person.
    """

    encoding: str | None
    score: float
    as_is: float
    samples: tuple[tuple[str, str], ...]


def decode(text: str, encoding: str) -> str:
    """Text whose characters stand for bytes of `encoding`, as Unicode (NFC).

    >>> decode("NguyÔn V¨n A", "tcvn3"), decode("Traàn Thò Höông", "vni")
    ('Nguyễn Văn A', 'Trần Thị Hương')
    """
    if encoding == "vni":
        return _VNI_RUN.sub(lambda match: _VNI[match[0]], text)
    table = _BYTE_TABLES[encoding]
    out = "".join([table.get(BYTES.get(char, -1), char) for char in text])
    return _WORD.sub(_capital_word, out) if encoding == "tcvn3" else out


def _capital_word(match: re.Match[str]) -> str:
    """TCVN3 has no toned capitals: `NGUYễN` was typed for a capital font."""
    word = match[0]
    plain = [char for char in word if char.isascii()]
    return word.upper() if len(plain) > 1 and all(char.isupper() for char in plain) else word


def encode(text: str, encoding: str, *, code_page: str = "cp1252") -> str:
    """Unicode text as a reader of `code_page` shows its bytes in `encoding` (for test data).

    TCVN3 loses the case of toned capitals, as the real one did.

    >>> encode("Nguyễn Văn A", "tcvn3"), encode("Trần Thị Hương", "vni")
    ('NguyÔn V¨n A', 'Traàn Thò Höông')
    """
    table = _encoder(encoding, code_page)
    return "".join([table.get(char, char) for char in order_marks(text)])


@lru_cache
def _encoder(encoding: str, code_page: str) -> dict[str, str]:
    if encoding == "vni":
        # The mixed pairs (capital, small sign) stand first in the table, so the regular ones win.
        return {letter: typed for typed, letter in _VNI.items()}
    table = {letter: _shown(byte, code_page) for byte, letter in _BYTE_TABLES[encoding].items()}
    if encoding == "tcvn3":
        table = {letter.upper(): shown for letter, shown in table.items()} | table
    return table


def _shown(byte: int, code_page: str) -> str:
    try:
        return bytes([byte]).decode(code_page)
    except UnicodeDecodeError:
        return chr(byte)


def detect_column(values: Sequence[str]) -> Detection:
    """The legacy encoding of a whole column, or none.

    Fires only where at least four different marked words and a fifth of the filled cells speak for
    it, at least nine in ten of them become syllables, and at most half of them are syllables as is.
    """
    filled = list(islice((value for value in values if value.strip()), _SAMPLE_VALUES))
    marked = [value for value in filled if _MARKED.search(value)]
    words = _marked_words(marked)
    as_is = _share(map(order_marks, words))
    if len(words) < 4 or len(marked) < 0.2 * len(filled) or as_is > 0.5:
        return Detection(None, 0.0, as_is, ())
    scores = {name: _share(decode(word, name) for word in words) for name in ENCODINGS}
    best = max(scores, key=lambda name: scores[name])
    if scores[best] < 0.9:
        return Detection(None, scores[best], as_is, ())
    shown = dict.fromkeys(marked)
    samples = tuple((value, decode(value, best)) for value in islice(shown, _SHOWN))
    return Detection(best, scores[best], as_is, samples)


def _marked_words(values: Iterable[str]) -> list[str]:
    """Different words with a character outside ASCII; C0 and C1 bytes are letters here."""
    seen: dict[str, None] = {}
    for value in values:
        for word in _SEPARATORS.split(value):
            if word and _MARKED.search(word):
                seen[word] = None
    return list(seen)


def _share(words: Iterable[str]) -> float:
    verdicts = [is_syllable(word) for word in words]
    return sum(verdicts) / len(verdicts) if verdicts else 0.0
