"""Codes of dossiers, procedures and units as portals write them, brought to one form.

A dossier's code may name its agency from below or from the top (Circular 01/2018, Decision 20/2020): both lead to the
form from the top without empty levels, so that one dossier has one key whoever wrote it.

>>> dossier("000.19.24.h02 - 240621 - 0001"), dossier("H02.24.19-240621-0001")
('H02.24.19-240621-0001', 'H02.24.19-240621-0001')
>>> dossier("H02.07.204-240631-0001"), procedure("1.004222.000.00.00.H02")
(None, '1.004222')
>>> unit_of("H02.07.204"), unit_of("H02"), unit_of("H02.99.999")
('07204', '24', None)
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from dancu.formats import dossier_code
from dancu.formats.errors import FormatError
from dancu.reference import units
from dancu.sectors.public_services.acting import PROVINCE_CODE

PROVINCE_UNIT: Final = "24"
_PLAIN: Final = (
    r"^([A-HJ-NP-Z]\d\d(?:\.\d{2,3}){0,3}|\d{3}\.\d\d\.\d\d\.[A-HJ-NP-Z]\d\d)"
    r"-\d\d(?:(?:0[1-9]|1[0-2])(?:0[1-9]|1\d|2[0-8])|(?:0[13-9]|1[0-2])(?:29|30)|(?:0[13578]|1[02])31)-(?:[1-9]\d{3}|0[1-9]\d\d|00[1-9]\d|000[1-9])$"
)
_TAIL: Final = len("-240621-0001")
_EMPTY_LEVELS: Final = ("000", "00")


def dossier(text: str) -> str | None:
    """The one form of a code, None when it is none."""
    try:
        code = dossier_code.validate(text)
    except FormatError:
        return None
    return _agency(code[:-_TAIL]) + code[-_TAIL:]


def dossiers(column: pa.ChunkedArray) -> pa.Array:
    """The same for a column, each distinct code once; the usual forms at once."""
    coded = column.combine_chunks().dictionary_encode()
    return _distinct(coded.dictionary).take(coded.indices)


def _distinct(texts: pa.Array) -> pa.Array:
    plain = pc.fill_null(pc.match_substring_regex(texts, pattern=_PLAIN), False)
    agencies = each(pc.utf8_slice_codeunits(texts, 0, -_TAIL), _agency)
    quick = pc.binary_join_element_wise(agencies, pc.utf8_slice_codeunits(texts, -_TAIL), "")
    rest = each(pc.if_else(plain, pa.scalar(None, pa.string()), texts), dossier)
    return pc.if_else(plain, quick, rest)


def each(texts: pa.Array, known: Callable[[str], str | None]) -> pa.Array:
    """A function of one text over a column, called once for each distinct text."""
    coded = texts.dictionary_encode()
    found = pa.array([known(text) for text in coded.dictionary.to_pylist()], pa.string())
    return found.take(coded.indices)


def _agency(code: str) -> str:
    """From the top, without empty levels."""
    parts = code.split(".")
    if parts[0][:1].isdigit():
        parts.reverse()
    return ".".join(part for part in parts if part not in _EMPTY_LEVELS)


def procedure(text: str) -> str | None:
    """A procedure's code without the agency that some portals put behind it."""
    plain = re.sub(r"\s+", "", text).upper().strip(".")
    if found := re.match(r"(\d)\.?(\d{6})(?:\.|$)", plain):
        return f"{found[1]}.{found[2]}"
    return plain or None


@cache
def unit_of(text: str) -> str | None:
    """The unit meant by a code of ours (07204, 213, 24) or by the agency of a dossier's code."""
    plain = re.sub(r"\s+", "", text).upper()
    if re.fullmatch(r"\d+(\.0)?", plain):
        code = plain.removesuffix(".0")
        code = code.zfill(5) if len(code) == 4 else code
    else:
        levels = _agency(plain).split(".")
        if levels[0] != PROVINCE_CODE:
            return None
        code = "".join(levels[1:]) or PROVINCE_UNIT
    return code if units.history(code) else None
