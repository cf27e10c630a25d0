"""UTF-8 that was read as Windows-1252, Latin-1 or Windows-1258: put the bytes back and read anew.

Works on runs, not on whole texts, since half a cell may be whole. Only runs that turn into letters
Vietnamese text can hold are touched; everything else stays. A no-break space that an earlier tool
made a plain space (`HoÃ ng`) is understood inside a word.
"""

from __future__ import annotations

import html
import re
from functools import lru_cache


def _byte_of_char() -> dict[str, int]:
    """Character -> byte for Latin-1, Windows-1252 and Windows-1258 at once (they do not clash)."""
    table = {chr(b): b for b in range(256)}
    for codec in ("cp1258", "cp1252"):
        for b in range(0x80, 0x100):
            try:
                table[bytes([b]).decode(codec)] = b
            except UnicodeDecodeError:
                continue
    return table


BYTES = _byte_of_char()
_TRAIL = "".join(re.escape(c) for c, b in BYTES.items() if 0x80 <= b <= 0xBF)
_LEADS_2 = "".join(c for c, b in BYTES.items() if 0xC2 <= b <= 0xDF)
_LEADS_3 = "".join(c for c, b in BYTES.items() if 0xE0 <= b <= 0xEF)
_RUN = re.compile(f"[{_LEADS_3}][{_TRAIL}][{_TRAIL} ]|[{_LEADS_2}][{_TRAIL}]")
# The A0 of à, Ơ, Ũ … that an earlier tool made a plain space.
_LOST_BLANK = re.compile("[ÃĂÆ] ")
# Đ is C4 90, and 90 is invisible: of the letters that begin with C4 only Đ can lose its half.
_LOST_CONTROL = re.compile(r"\bÄ(?=[^\W\d_])")
_INSIDE_WORD = re.compile("(?<=[a-z])[ÃĂ] (?=[a-z])")
_CLOSING = "’”»…‘“"
_LETTERS = (
    "\u00a0\u00ad\u200b\u200c\u200d\ufeff–—‘’“”…°·«»"
    + "".join(map(chr, range(0xC0, 0x100)))
    + "ĂăĐđĨĩŨũƠơƯư\u0300\u0301\u0302\u0303\u0306\u0309\u031b\u0323"
    + "".join(map(chr, range(0x1EA0, 0x1EFA)))
)
_EXPECTED = frozenset(_LETTERS)
_ENTITY = re.compile(r"&(?:#\d{1,6}|#[xX][0-9a-fA-F]{1,5}|[a-zA-Z]{2,8});")


def read_again(text: str) -> str:
    """`Nguyá»…n VÄƒn Ã¡` -> `Nguyễn Văn á`; text without such runs comes back untouched.

    >>> read_again("Nguyá»…n VÄƒn HoÃ ng"), read_again("LÃ VĂN ÁNH")
    ('Nguyễn Văn Hoàng', 'LÃ VĂN ÁNH')
    """
    again = _read_once(text)
    while again != text:
        text, again = again, _read_once(again)
    return text


def holds_run(text: str) -> bool:
    """Could any part of `text` be UTF-8 bytes shown as characters?"""
    return _RUN.search(text) is not None


def _read_once(text: str) -> str:
    runs = _RUN.findall(text)
    if not runs:
        return _INSIDE_WORD.sub(lambda m: _decoded(m[0]), text)
    if len(runs) == 1 and runs[0][-1] in _CLOSING and text.upper() == text:
        return text  # “LÊ THỊ LÃ” in quotes, not bytes
    again = _RUN.sub(lambda m: _decoded(m[0]), text)
    if again == text:
        return text
    again = _LOST_BLANK.sub(lambda m: _decoded(m[0]), again)
    return _LOST_CONTROL.sub("Đ", again)


@lru_cache(maxsize=4096)
def _decoded(run: str) -> str:
    data = bytes(0xA0 if char == " " else BYTES[char] for char in run)
    try:
        char = data.decode("utf-8")
    except UnicodeDecodeError:
        return run
    return char if char in _EXPECTED else run


def unescape(text: str) -> str:
    """HTML references to letters and blanks, also escaped twice; `&lt;` and `&gt;` stay escaped.

    >>> unescape("Nguy&#7877;n&nbsp;V&amp;#259;n"), unescape("&lt;b&gt;")
    ('Nguyễn\\xa0Văn', '&lt;b&gt;')
    """
    while True:
        again = _ENTITY.sub(_character, text)
        if again == text:
            return text
        text = again


def _character(match: re.Match[str]) -> str:
    char = html.unescape(match[0])
    lawful = len(char) == 1 and char not in "<>" and (char.isprintable() or char == "\xa0")
    return char if lawful else match[0]
