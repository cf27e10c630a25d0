"""Letters, syllables and type words of an address; knows no unit.

`FOLD` maps one letter to one letter, so that places in the folded text are places in the
original. A glued or badly scanned word is cut into known syllables (`Splitter`).
"""

from __future__ import annotations

import unicodedata

from rapidfuzz.distance import OSA

_LETTERS = "aăâbcdđeêghiklmnoôơpqrstuưvxyfjzwð"
_TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")


def _fold_table() -> dict[int, str]:
    table: dict[int, str] = {}
    for code in [*range(0x41, 0x250), *range(0x1E00, 0x1F00)]:
        char = chr(code)
        base = unicodedata.normalize("NFD", char)[0]
        base = {"đ": "d", "Đ": "d", "ð": "d", "Ð": "d"}.get(base, base).lower()
        if len(base) == 1 and base.isascii() and base != char:
            table[code] = base
    return table


FOLD = _fold_table()

# One or two words before a name -> the type they say.
TYPES = {
    ("xa",): "xã", ("x",): "xã", ("phuong",): "phường", ("p",): "phường", ("f",): "phường",
    ("ph",): "phường", ("thi", "tran"): "thị trấn", ("tt",): "thị trấn", ("ttr",): "thị trấn",
    ("dac", "khu"): "đặc khu", ("dk",): "đặc khu",
    ("huyen",): "huyện", ("h",): "huyện", ("quan",): "quận", ("q",): "quận",
    ("thi", "xa"): "thị xã", ("tx",): "thị xã",
    ("thanh", "pho"): "thành phố", ("tp",): "thành phố", ("t", "p"): "thành phố",
    ("t", "pho"): "thành phố", ("t", "x"): "thị xã", ("t", "tr"): "thị trấn",
    ("tinh",): "tỉnh", ("t",): "tỉnh",
}  # fmt: skip
COMMUNE_TYPES = frozenset({"xã", "phường", "thị trấn", "đặc khu"})
DISTRICT_TYPES = frozenset({"huyện", "quận", "thị xã", "thành phố"})
PROVINCE_TYPES = frozenset({"tỉnh", "thành phố"})

SMALL_PLACES = frozenset(
    [
        "thon",
        "xom",
        "ap",
        "ban",
        "lang",
        "to",
        "khu",
        "doi",
        "pho",
        "duong",
        "ngo",
        "so",
        "tdp",
        "khoi",
        "cum",
        "buon",
        "ngach",
        "hem",
        "kp",
        "phum",
        "soc",
        "kdc",
        "sn",
        "kcn",
        "cho",
        "cau",
        "truong",
        "trai",
    ]
)
"""Words before the name of a hamlet, street or house, never of a unit."""

_SMALL_MARKED = frozenset(
    [
        "thôn",
        "xóm",
        "ấp",
        "bản",
        "làng",
        "đội",
        "phố",
        "đường",
        "ngõ",
        "số",
        "khối",
        "cụm",
        "buôn",
        "ngách",
        "hẻm",
        "sóc",
        "chợ",
        "cầu",
        "trường",
        "trại",
        "tổ",
    ]
)


def is_small_place(syllable: str, raw: str) -> bool:
    """Whether a word opens a hamlet, street or house: `phố` does, `Phổ` (of Phổ Nhơn) does not."""
    if syllable not in SMALL_PLACES:
        return False
    return raw.isascii() or raw.lower() in _SMALL_MARKED


_XA = frozenset({"xaa", "xxa", "xax"})
_TYPE_TYPOS = ("huyen", "tinh", "phuong")
_SPLIT_WORDS = [
    "xa",
    "phuong",
    "thi",
    "tran",
    "huyen",
    "quan",
    "thanh",
    "pho",
    "tinh",
    "thon",
    "xom",
    "ap",
    "khu",
    "to",
    "so",
    "tp",
    "tx",
    "tt",
]
_GLUED_NUMBER = frozenset(
    [
        "p",
        "f",
        "q",
        "phuong",
        "quan",
        "khu",
        "to",
        "thon",
        "xom",
        "ap",
        "so",
        "x",
        "h",
        "tdp",
        "doi",
        "kp",
        "ngo",
    ]
)


class Splitter:
    """Turns one folded word of the text into the syllables it stands for; remembers each word."""

    def __init__(self, syllables: frozenset[str], short_names: frozenset[str]) -> None:
        self._known = syllables | SMALL_PLACES | {w for t in TYPES for w in t} | {"cu", "moi"}
        self._short = short_names
        self._seen: dict[str, tuple[tuple[str, int], ...]] = {}

    def __call__(self, word: str) -> tuple[tuple[str, int], ...]:
        """(syllable, letters of the word it covers), in order."""
        found = self._seen.get(word)
        if found is None:
            if len(self._seen) > 200_000:
                self._seen.clear()
            found = self._seen[word] = self._read(word)
        return found

    def _read(self, word: str) -> tuple[tuple[str, int], ...]:
        if word in self._known or word in self._short:
            return ((word, len(word)),)
        if word in _XA:
            return (("xa", len(word)),)
        if word.isdigit():
            return ((str(int(word)), len(word)),)
        if any(c.isdigit() for c in word):
            return self._with_digits(word)
        if word.startswith("tp") and word[2:] in self._short:
            return (("tp", 2), (word[2:], len(word) - 2))
        typed = self._type_typo(word)
        if typed:
            return ((typed, len(word)),)
        pieces = self._cut(word)
        return tuple((p, len(p)) for p in pieces) if pieces else ((word, len(word)),)

    def _with_digits(self, word: str) -> tuple[tuple[str, int], ...]:
        letters = word.rstrip("0123456789")
        digits = word[len(letters) :]
        if letters in _GLUED_NUMBER and digits:
            return ((letters, len(letters)), (str(int(digits)), len(digits)))
        if len(digits) == len(word) - len(letters) and letters.isalpha() and len(digits) <= 2:
            cut = self._read(letters)
            return (*cut, (str(int(digits)), len(digits)))
        plain = word.translate({48: "o", 49: "i"})
        return ((plain, len(word)),) if plain.isalpha() else ((word, len(word)),)

    def _type_typo(self, word: str) -> str | None:
        if not 3 <= len(word) <= 7:
            return None
        near = [t for t in _TYPE_TYPOS if OSA.distance(word, t, score_cutoff=1) <= 1]
        return near[0] if len(near) == 1 else None

    def _cut(self, word: str) -> list[str] | None:
        """The cheapest cut into known syllables: few pieces, a type word first costs less."""
        if len(word) < 5:
            return None
        best: list[tuple[float, list[str]] | None] = [None] * (len(word) + 1)
        best[0] = (0.0, [])
        for end in range(1, len(word) + 1):
            for start in range(max(0, end - 7), end):
                before, piece = best[start], word[start:end]
                if before is None or piece not in self._known:
                    continue
                cost = before[0] + _price(piece)
                here = best[end]
                if here is None or cost < here[0]:
                    best[end] = (cost, [*before[1], piece])
        whole = best[-1]
        return whole[1] if whole and whole[0] <= 1 + len(word) / 2.5 else None


def _price(piece: str) -> float:
    if piece in _SPLIT_WORDS:
        return 0.9
    return 1.0 if len(piece) > 1 else 2.0


def sounds(text: str) -> tuple[str, str]:
    """(letters with their hats, tone) of a syllable: the same for `hòa` and `hoà`."""
    letters: list[str] = []
    tone = ""
    for char in unicodedata.normalize("NFD", text.lower()):
        if char in _TONES[1:]:
            tone = char
        else:
            letters.append(char)
    return "".join(letters).replace("ð", "đ"), tone
