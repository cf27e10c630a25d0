"""What a file is, told by its bytes; its extension only serves to notice a wrong one."""

from __future__ import annotations

import io
import zipfile
from pathlib import PurePath
from typing import Final

from dancu.engine.intake.errors import IntakeError

OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BIFF8: Final = b"\x09\x08\x10\x00\x00\x06"
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_KNOWN_BINARY: Final = (
    (b"%PDF", "PDF"),
    (b"\x89PNG", "ảnh PNG"),
    (b"\xff\xd8\xff", "ảnh JPEG"),
    (b"Rar!", "tệp nén RAR"),
    (b"7z\xbc\xaf", "tệp nén 7z"),
    (b"\x1f\x8b", "tệp nén gzip"),
    (b"{\\rtf", "văn bản RTF"),
    (b"SQLite format 3", "cơ sở dữ liệu SQLite"),
)
EXTENSIONS: Final = {
    "xlsx": {"xlsx", "xlsm"},
    "xls": {"xls"},
    "ods": {"ods"},
    "parquet": {"parquet"},
    "xml": {"xml"},
    "json": {"json"},
    "html": {"html", "htm"},
    "sheetml": {"xml", "xls"},
    "text": {"csv", "tsv", "txt"},
}


def kind_of(data: bytes, name: str) -> str:
    """xlsx, xls, ods, parquet, xml, sheetml, json, html or text; IntakeError for what is never read."""
    if not data.strip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"):
        raise IntakeError("empty_file", name=name)
    if data[:4] == b"PK\x03\x04" or data[:4] == b"PK\x05\x06":
        return _zip_kind(data, name)
    if data[:8] == OLE:
        return _ole_kind(data, name)
    if data[:4] == b"PAR1":
        return "parquet"
    for magic, kind in _KNOWN_BINARY:
        if data.startswith(magic):
            raise IntakeError("not_supported", name=name, kind=kind)
    return _text_kind(data[:4096], name)


def wrong_extension(kind: str, name: str) -> bool:
    """Whether the name promises another kind of file than the bytes are."""
    suffix = PurePath(name).suffix.lower().lstrip(".")
    return bool(suffix) and suffix not in EXTENSIONS[kind]


def _zip_kind(data: bytes, name: str) -> str:
    try:
        names = set(zipfile.ZipFile(io.BytesIO(data)).namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise IntakeError("truncated_zip", name=name) from error
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "xl/workbook.bin" in names:
        raise IntakeError("not_supported", name=name, kind="bảng tính nhị phân .xlsb")
    if "word/document.xml" in names:
        raise IntakeError("not_supported", name=name, kind="văn bản Word")
    if "content.xml" in names and "mimetype" in names:
        return "ods"
    raise IntakeError("zip_archive", name=name)


def _ole_kind(data: bytes, name: str) -> str:
    if _ENCRYPTED in data or _has_filepass(data):
        raise IntakeError("password", name=name)
    if "WordDocument".encode("utf-16-le") in data:
        raise IntakeError("not_supported", name=name, kind="văn bản Word")
    return "xls"


def _has_filepass(data: bytes) -> bool:
    """Whether one of the first records of an Excel 97 stream is FILEPASS (MS-XLS 2.4.117)."""
    at = data.find(_BIFF8)
    for _ in range(8):
        if at < 0 or at + 4 > len(data):
            return False
        kind, size = (int.from_bytes(data[at + i : at + i + 2], "little") for i in (0, 2))
        if kind == 0x2F:
            return True
        at += 4 + size
    return False


def _text_kind(head: bytes, name: str) -> str:
    if _looks_binary(head):
        raise IntakeError("binary_junk", name=name)
    start = head.lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n").replace(b"\x00", b"")[:512].lower()
    if b"<workbook" in start or b"excel.sheet" in start:
        return "sheetml"
    if start.startswith(b"<?xml") or start.startswith(b"<"):
        return "html" if b"<html" in start or b"<table" in start else "xml"
    return "json" if start[:1] in (b"{", b"[") else "text"


def _looks_binary(head: bytes) -> bool:
    """Control bytes that no text has; UTF-16 has NULs in every other place and is text."""
    if head[:2] in (b"\xff\xfe", b"\xfe\xff") or is_utf16(head):
        return False
    control = sum(byte < 9 or 13 < byte < 32 for byte in head if byte not in (0, 27))
    # TCVN3 and VISCII put letters on a few control codes, so a handful is honest.
    return control > max(8, len(head) // 20)


def is_utf16(head: bytes) -> str | None:
    """The byte order of UTF-16 without a mark, seen from its zero bytes, or None."""
    even, odd = head[0:400:2].count(0), head[1:400:2].count(0)
    half = max(1, len(head[:400]) // 2)
    if odd > 0.4 * half and even < 0.05 * half:
        return "utf-16-le"
    if even > 0.4 * half and odd < 0.05 * half:
        return "utf-16-be"
    return None
