"""The bytes of a text file as UTF-8, whatever they were written in.

UTF-8 and UTF-16 are told by their form. Other bytes are cp1258 (Windows Vietnamese) if that makes
syllables, else they are shown as cp1252: TCVN3, VNI and VISCII are then found column by column.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from typing import Final

from dancu.engine.intake.errors import IntakeError
from dancu.engine.intake.sniff import is_utf16
from dancu.lib.syllable import is_syllable

# A private-use letter before each byte that did not fit the encoding of the file.
ALIEN: Final = "\ue0ff"
MIXED: Final = "utf-8 (mixed)"
_WORDS: Final = re.compile(r"[^\W\d_]{2,}")
_SAMPLE: Final = 200_000


def _as_latin(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("latin-1"), error.end


def _as_alien(error: UnicodeError) -> tuple[str, int]:
    text, end = _as_latin(error)
    return "".join(ALIEN + char for char in text), end


codecs.register_error("dancu-latin", _as_latin)
codecs.register_error("dancu-alien", _as_alien)


def to_utf8(data: bytes, name: str) -> tuple[bytes, str]:
    """UTF-8 bytes without a mark, and the name of the encoding found."""
    if data.startswith(codecs.BOM_UTF8):
        return _utf8(data[3:], name)
    if data[:4] in (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE):
        return data.decode("utf-32", "replace").encode("utf-8"), "utf-32"
    if data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return data.decode("utf-16", "replace").encode("utf-8"), "utf-16"
    order = is_utf16(data[:4096])
    if order:
        return data.decode(order, "replace").encode("utf-8"), order
    at = data.find(b"\x00")
    if at >= 0:
        raise IntakeError("nul_bytes", name=name, row=data.count(b"\n", 0, at) + 1)
    return _utf8(data, name)


def _utf8(data: bytes, name: str) -> tuple[bytes, str]:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return _not_utf8(data)
    if b"\x00" in data:
        raise IntakeError("nul_bytes", name=name, row=data.count(b"\n", 0, data.find(b"\x00")) + 1)
    return data, "utf-8"


def _not_utf8(data: bytes) -> tuple[bytes, str]:
    """A few alien bytes in UTF-8 are marked; otherwise the file is in a single-byte encoding."""
    text = data.decode("utf-8", "dancu-alien")
    aliens = text.count(ALIEN)
    marked = sum(not char.isascii() for char in text[:_SAMPLE]) - 2 * text[:_SAMPLE].count(ALIEN)
    if aliens * 4 < marked * max(1, len(text) // _SAMPLE):
        return text.encode("utf-8"), MIXED
    found = "cp1258" if _is_cp1258(data[:_SAMPLE]) else "cp1252"
    text = data.decode(found, "dancu-latin")
    if found == "cp1258":
        text = unicodedata.normalize("NFC", text)
    return text.encode("utf-8"), found


def _is_cp1258(sample: bytes) -> bool:
    text = unicodedata.normalize("NFC", sample.decode("cp1258", "dancu-latin"))
    words = {word for word in _WORDS.findall(text) if not word.isascii()}
    right = sum(is_syllable(word) for word in words)
    return bool(words) and right >= 0.7 * len(words)
