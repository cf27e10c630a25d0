"""64-bit hashes of values, the same in every process and order: what keys and tie-breaks are made of.

Zero means "no value" everywhere; a hash that falls on zero is moved to one. Each function over arrays has a twin
over one value (`text`, `mix`, `join`), for a record that comes alone.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from dancu.engine.link.jit import bare, kernel, part

U64 = npt.NDArray[np.uint64]
_LETTERS = 0x2000
_MASK = (1 << 64) - 1


@part
def mixed_one(value):  # type: ignore[no-untyped-def]
    """Bits well spread (splitmix64); 0 stays 0, nothing else becomes 0."""
    if value == 0:
        return np.uint64(0)
    x = value + np.uint64(0x9E3779B97F4A7C15)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    x ^= x >> np.uint64(31)
    return x if x != 0 else np.uint64(1)


@part
def _fnv_one(data, first, last):  # type: ignore[no-untyped-def]
    h = np.uint64(14695981039346656037)
    for k in range(first, last):
        h = (h ^ np.uint64(data[k])) * np.uint64(1099511628211)
    return mixed_one(h) if last > first else np.uint64(0)


@bare
def _mixed(values, out):  # type: ignore[no-untyped-def]
    for i in range(values.size):
        out[i] = mixed_one(values[i])


@bare
def _joined(total, table, codes, out):  # type: ignore[no-untyped-def]
    for i in range(codes.size):
        part = table[codes[i]] if codes[i] >= 0 else np.uint64(0)
        if total[i] == 0 or part == 0:
            out[i] = 0
        else:
            out[i] = mixed_one(total[i] * np.uint64(3) + mixed_one(part))


@bare
def _counted(codes, out):  # type: ignore[no-untyped-def]
    for i in range(codes.size):
        if codes[i] >= 0:
            out[codes[i]] += 1


def counted(codes: npt.NDArray[np.int32], size: int) -> npt.NDArray[np.int64]:
    """How often each of `size` codes is met."""
    out = np.zeros(size, np.int64)
    _counted(codes, out)
    return out


@bare
def _mingled(total, table, codes, out):  # type: ignore[no-untyped-def]
    for i in range(codes.size):
        part = table[codes[i]] if codes[i] >= 0 else np.uint64(0)
        out[i] = mixed_one(total[i] * np.uint64(3) + part + np.uint64(11))


def mingled(total: U64, table: U64, codes: npt.NDArray[np.int32]) -> U64:
    """`total` with `table[codes]` stirred in, a missing one as well."""
    out = np.empty(len(codes), np.uint64)
    _mingled(total, table, codes, out)
    return out


_NOTHING = np.frombuffer(b"\0", np.uint8)[:0]  # read-only like Arrow's buffers: one kernel for both


def flat(values: pa.Array) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64]]:
    """UTF-8 bytes and offsets of a string array without nulls."""
    data, offsets, _ = _buffers(values)
    return data, offsets


def _buffers(
    values: pa.Array,
) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64], npt.NDArray[np.uint8]]:
    """UTF-8 bytes, offsets, and the bits of what is valid (from `values.offset` on; none where all is)."""
    width: Any = np.int64 if pa.types.is_large_string(values.type) else np.int32
    valid, offsets, data = values.buffers()
    marks = np.zeros(1, width) if offsets is None else np.frombuffer(offsets, width)
    marks = marks[values.offset : values.offset + len(values) + 1].astype(np.int64)
    raw = np.frombuffer(data, np.uint8) if data else _NOTHING
    nulls = np.frombuffer(valid, np.uint8) if valid and values.null_count else _NOTHING
    return raw, marks, nulls


def of_texts(values: pa.Array) -> U64:
    """One hash for each text; 0 for the empty one."""
    out = np.empty(len(values), np.uint64)
    _hashed(*_buffers(values), values.offset, out)
    return out


@kernel
def _grown(table):  # type: ignore[no-untyped-def]
    """The table with twice the room."""
    out = np.zeros(table.size * 2, np.uint64)
    last = np.uint64(out.size - 1)
    for k in range(0, table.size, 2):
        if table[k] != 0:
            at = np.int64((table[k] << np.uint64(1)) & last)
            while out[at] != 0:
                at = np.int64((np.uint64(at) + np.uint64(2)) & last)
            out[at], out[at + 1] = table[k], table[k + 1]
    return out


@part
def _slot(table, wanted):  # type: ignore[no-untyped-def]
    last = np.uint64(table.size - 1)
    at = (wanted << np.uint64(1)) & last
    while table[at] != 0 and table[at] != wanted:
        at = (at + np.uint64(2)) & last
    return np.int64(at)


@bare
def _hashed(data, offsets, valid, bit, out):  # type: ignore[no-untyped-def]
    for i in range(out.size):
        known = valid.size == 0 or (valid[(bit + i) >> 3] >> ((bit + i) & 7)) & 1
        out[i] = _fnv_one(data, offsets[i], offsets[i + 1]) if known else np.uint64(0)


@kernel
def _numbered(hashes, table, found, codes, firsts):  # type: ignore[no-untyped-def]
    """Numbers distinct hashes in order of appearance (-1 for 0) from `found` on; `table`: hash, number, side by side.

    Answers the table, with more room if it had to grow, and how many were new: `firsts` tells where they are.
    """
    new = 0
    for i in range(codes.size):
        if hashes[i] == 0:
            codes[i] = -1
            continue
        at = _slot(table, hashes[i])
        if table[at] == 0:
            if 4 * (found + new + 1) > table.size:
                table = _grown(table)
                at = _slot(table, hashes[i])
            table[at], table[at + 1], firsts[new] = hashes[i], found + new, i
            new += 1
        codes[i] = table[at + 1]
    return table, new


def _new_table() -> U64:
    return np.zeros(1 << 13, np.uint64)


def coded(values: pa.ChunkedArray) -> tuple[npt.NDArray[np.int32], list[pa.Array], U64]:
    """Code of each text (-1 for none and the empty one), the distinct texts, and their hashes.

    Texts of one 64-bit hash are one. Several times faster than Arrow's dictionary on columns of millions.
    """
    codes, table, found, at = np.empty(len(values), np.int32), _new_table(), 0, 0
    texts, known = [pa.array([], values.type)], []
    for chunk in values.chunks:
        hashes, firsts = np.empty(len(chunk), np.uint64), np.empty(len(chunk), np.int32)
        _hashed(*_buffers(chunk), chunk.offset, hashes)
        table, new = _numbered(hashes, table, found, codes[at : at + len(chunk)], firsts)
        texts.append(chunk.take(pa.array(firsts[:new])))
        known.append(hashes[firsts[:new]])
        found, at = found + new, at + len(chunk)
    return codes, texts, np.concatenate([np.zeros(0, np.uint64), *known])


def numbered(hashes: U64) -> tuple[npt.NDArray[np.int32], U64]:
    """Number of each hash in order of appearance (-1 for 0), and the distinct ones."""
    codes, firsts = np.empty(len(hashes), np.int32), np.empty(len(hashes), np.int32)
    _, found = _numbered(hashes, _new_table(), 0, codes, firsts)
    return codes, hashes[firsts[:found]]


@bare
def _found(table, hashes, values, rest, out):  # type: ignore[no-untyped-def]
    for i in range(out.size):
        at = _slot(table, hashes[i])
        out[i] = values[table[at + 1]] if hashes[i] != 0 and table[at] != 0 else rest


def looked_up(
    hashes: U64, known: U64, values: npt.NDArray[np.float32], rest: float
) -> npt.NDArray[np.float32]:
    """The value of each hash: that of the distinct `known` one, else `rest`."""
    codes, firsts = np.empty(len(known), np.int32), np.empty(len(known), np.int32)
    table, _ = _numbered(known, _new_table(), 0, codes, firsts)
    out = np.empty(len(hashes), np.float32)
    _found(table, hashes, values, np.float32(rest), out)
    return out


@bare
def _even(data, offsets):  # type: ignore[no-untyped-def]
    for i in range(offsets.size - 1):
        before = np.uint8(32)
        for k in range(offsets[i], offsets[i + 1]):
            letter = data[k]
            if letter >= 128 or letter < 32 or 65 <= letter <= 90:
                return False
            if letter == 32 and before == 32:
                return False
            before = letter
        if before == 32:
            return False
    return True


def even(values: pa.Array) -> bool:
    """Whether all are plain ASCII in small letters and single spaces; other letters are not looked at."""
    return bool(_even(*flat(values)))


@cache
def _small_letters() -> npt.NDArray[np.uint16]:
    """The small letter of each of the first 8,192 ones as Arrow knows it; 0 for spaces and where its size differs."""
    out = np.zeros(_LETTERS, np.uint16)
    letters = [chr(k) for k in range(33, _LETTERS)]
    small = pc.utf8_lower(pa.array(letters)).to_pylist()
    for letter, low in zip(letters, small, strict=True):
        if not letter.isspace() and len(low) == 1 and len(low.encode()) == len(letter.encode()):
            out[ord(letter)] = ord(low)
    out[32] = 32
    return out


@bare
def _lowered(data, offsets, small, out, ends, odd):  # type: ignore[no-untyped-def]
    for i in range(odd.size):
        at, last, end, before = offsets[i], offsets[i + 1], ends[i], np.int64(32)
        while at < last:
            lead = np.int64(data[at])
            width = 1 if lead < 0x80 else 2 if lead < 0xE0 else 3
            letter = lead
            if width == 2:
                letter = (lead & 0x1F) << 6 | np.int64(data[at + 1] & 0x3F)
            elif width == 3:
                letter = np.int64(data[at + 1] & 0x3F) << 6 | np.int64(data[at + 2] & 0x3F)
                letter |= (lead & 0x0F) << 12
            low = np.int64(small[letter] if lead < 0xF0 and letter < small.size else 0)
            if low == 0 or (low == 32 and before == 32):
                before = np.int64(32)
                break
            if width == 1:
                out[end] = low
            elif width == 2:
                out[end], out[end + 1] = 0xC0 | low >> 6, 0x80 | low & 0x3F
            else:
                out[end], out[end + 1] = 0xE0 | low >> 12, 0x80 | low >> 6 & 0x3F
                out[end + 2] = 0x80 | low & 0x3F
            at, end, before = at + width, end + width, low
        odd[i] = before == 32
        ends[i + 1] = ends[i] if odd[i] else end


def lowered(values: pa.Array) -> tuple[pa.Array, npt.NDArray[np.bool_]]:
    """The texts in small letters, and which ones were left empty: spaces too many, letters out of the way."""
    data, offsets = flat(values)
    out = np.empty(int(offsets[-1] - offsets[0]), np.uint8)
    ends, odd = np.zeros(len(offsets), np.int64), np.empty(len(values), np.bool_)
    _lowered(data, offsets, _small_letters(), out, ends, odd)
    low = pa.LargeStringArray.from_buffers(len(values), pa.py_buffer(ends), pa.py_buffer(out))
    return low, odd


def mixed(values: U64) -> U64:
    """Bits well spread; 0 stays 0, nothing else becomes 0."""
    out = np.empty(len(values), np.uint64)
    _mixed(np.ascontiguousarray(values), out)
    return out


def joined(total: U64, table: U64, codes: npt.NDArray[np.int32]) -> U64:
    """`total` with one part more, in order: `table[codes]`; 0 where anything is missing (code -1)."""
    out = np.empty(len(codes), np.uint64)
    _joined(total, table, codes, out)
    return out


def mix(value: int) -> int:
    """`mixed` of one value."""
    if not value:
        return 0
    x = (value + 0x9E3779B97F4A7C15) & _MASK
    x = ((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    x = ((x ^ (x >> 27)) * 0x94D049BB133111EB) & _MASK
    return x ^ (x >> 31) or 1


def text(value: str) -> int:
    """`of_texts` of one text."""
    total = 14695981039346656037
    for byte in value.encode():
        total = ((total ^ byte) * 1099511628211) & _MASK
    return mix(total) if value else 0


def join(total: int, part: int) -> int:
    """`joined` of one record."""
    return mix((total * 3 + mix(part)) & _MASK) if total and part else 0
