"""A record under an epoch as bytes: all that comparing it needs, without a vocabulary that others must share.

What a live register keeps beside each record, what an event makes of a new one, what travels between machines.
Written in bulk from a model or one by one from a record (`packer`); both give the same bytes. Read back, any handful of
records makes a small model of its own, for the same kernels that compare millions.

Layout, little-endian: contents u64, only u64, sure u64 for each constraint; then for each comparison a byte that
says whether there is a value, and if so its hash u64 and: shares f32 (1, 2 or 4) and, for a date, year i32, month u8,
day u8; for a name, syllables u8, has marks u8, syllable numbers i32; for all but dates, length u16 and letters.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from dancu.engine.link import columns, keys, learn, matcher, model
from dancu.engine.link.epoch import Epoch
from dancu.engine.link.jit import bare, kernel, part

Bytes = npt.NDArray[np.uint8]
LETTERS = 65_535
"""Bytes kept of one value."""


@dataclass(frozen=True)
class Packed:
    """One record: its bytes, and its key hashes in the order of the settings (0 for none)."""

    data: bytes
    keys: tuple[int, ...]


@dataclass(frozen=True)
class PackedRows:
    """Many: `data` and where each begins (`at`, one more than records), `keys` uint64 [records, keys]."""

    data: Bytes
    at: npt.NDArray[np.int64]
    keys: npt.NDArray[np.uint64]

    def one(self, row: int) -> bytes:
        """The bytes of one record."""
        return self.data[self.at[row] : self.at[row + 1]].tobytes()


def pack_all(records: pa.Table, epoch: Epoch) -> PackedRows:
    """Every record of a table."""
    read = columns.read(records, epoch.settings)
    source = columns.text_column(records, epoch.settings.source_column, is_name=False)
    contents = learn.contents_of(read, source.of_records())
    built = model.build(read, epoch, matcher.only_of(source, epoch.settings))
    return pack_model(built, read, contents, keys.matrix(read, epoch)[0], epoch)


def pack_model(
    built: model.Model,
    read: Mapping[str, columns.Column],
    contents: npt.NDArray[np.uint64],
    hashes: npt.NDArray[np.uint64],
    epoch: Epoch,
) -> PackedRows:
    """Every record of a model made from the columns `read`."""
    compared = [
        (c.kind in model.SHAPED, read[model.column_name(c)]) for c in epoch.settings.comparisons
    ]
    none = [np.zeros(0, np.uint64)]
    plain = np.concatenate(none + [k.hashes() for shaped, k in compared if not shaped])
    shaped = np.concatenate(none + [k.hashes() for is_shaped, k in compared if is_shaped])
    at = np.zeros(len(contents) + 1, np.int64)
    _measure(built, at)
    np.cumsum(at, out=at)
    data = np.empty(int(at[-1]), np.uint8)
    _write(built, plain, shaped, contents, at, data)
    return PackedRows(data, at, hashes)


@part
def _size_of(model, c, code):  # type: ignore[no-untyped-def]
    if code < 0:
        return 1
    kind = model.weights.kinds[c]
    if kind == 3:
        return 9 + 8 + 6
    if kind == 4:
        n = model.shapes[code, 0]
        return 9 + 16 + 2 + 4 * n + 2 + min(LETTERS, model.name_at[code + 1] - model.name_at[code])
    return 9 + 4 + 2 + min(LETTERS, model.text_at[code + 1] - model.text_at[code])


@bare
def _measure(model, sizes):  # type: ignore[no-untyped-def]
    for row in range(model.codes.shape[0]):
        total = 8 * (2 + model.sure.shape[1])
        for c in range(model.codes.shape[1]):
            total += _size_of(model, c, model.codes[row, c])
        sizes[row + 1] = total


@part
def _put(data, at, value, size):  # type: ignore[no-untyped-def]
    for k in range(size):
        data[at + k] = np.uint8((value >> np.uint64(8 * k)) & np.uint64(255))
    return at + size


@part
def get(data, at, size):  # type: ignore[no-untyped-def]
    value = np.uint64(0)
    for k in range(size):
        value |= np.uint64(data[at + k]) << np.uint64(8 * k)
    return value


@part
def _put_text(data, at, text, first, last):  # type: ignore[no-untyped-def]
    size = min(LETTERS, last - first)
    data[at], data[at + 1] = size & 255, size >> 8
    for k in range(size):
        data[at + 2 + k] = text[first + k]
    return at + 2 + size


@kernel
def _write(model, plain, shaped, contents, starts, data):  # type: ignore[no-untyped-def]
    share = model.share.view(np.uint32)
    shares = model.shares.view(np.uint32)
    for row in range(model.codes.shape[0]):
        at = _put(data, starts[row], contents[row], 8)
        at = _put(data, at, model.only[row], 8)
        for r in range(model.sure.shape[1]):
            at = _put(data, at, model.sure[row, r], 8)
        for c in range(model.codes.shape[1]):
            code = model.codes[row, c]
            data[at] = code >= 0
            at += 1
            if code < 0:
                continue
            kind = model.weights.kinds[c]
            at = _put(data, at, shaped[code] if kind >= 3 else plain[code], 8)
            if kind < 3:
                at = _put(data, at, np.uint64(share[code]), 4)
                at = _put_text(data, at, model.text, model.text_at[code], model.text_at[code + 1])
                continue
            for s in range(2 if kind == 3 else 4):
                at = _put(data, at, np.uint64(shares[code, s]), 4)
            if kind == 3:
                at = _put(data, at, np.uint64(model.shapes[code, 0]), 4)
                data[at], data[at + 1] = model.shapes[code, 1], model.shapes[code, 2]
                at += 2
                continue
            n = model.shapes[code, 0]
            data[at], data[at + 1] = n, model.shapes[code, 1]
            at += 2
            for s in range(n):
                at = _put(data, at, np.uint64(model.shapes[code, 2 + s]), 4)
            at = _put_text(data, at, model.name, model.name_at[code], model.name_at[code + 1])


def gather(rows: PackedRows, chosen: npt.NDArray[np.int64]) -> tuple[Bytes, npt.NDArray[np.int64]]:
    """The bytes of the chosen records, one after another, and where each begins."""
    sizes = rows.at[chosen + 1] - rows.at[chosen]
    at = np.r_[0, np.cumsum(sizes)].astype(np.int64)
    out = np.empty(int(at[-1]), np.uint8)
    _gather(rows.data, rows.at, chosen, at, out)
    return out, at


@bare
def _gather(data, starts, chosen, at, out):  # type: ignore[no-untyped-def]
    for k in range(chosen.size):
        first = starts[chosen[k]]
        for i in range(at[k + 1] - at[k]):
            out[at[k] + i] = data[first + i]


def list_of(data: bytes) -> int:
    """Hash of the list that has each person once and that the packed record stands in; 0 for any other list."""
    return int.from_bytes(data[8:16], "little")


def together(parts: Sequence[bytes]) -> tuple[Bytes, npt.NDArray[np.int64]]:
    """Packed records one after another, and where each begins."""
    at = np.zeros(len(parts) + 1, np.int64)
    np.cumsum([len(p) for p in parts], out=at[1:])
    return np.frombuffer(b"".join(parts) or b"\0", np.uint8).copy(), at


def unpack(
    data: Bytes, at: npt.NDArray[np.int64], weights: model.Weights
) -> tuple[model.Model, npt.NDArray[np.uint64]]:
    """(a model of these records alone, the hash of what each says)."""
    size, wide = len(at) - 1, len(weights.kinds)
    constraints = weights.unless.shape[0]
    plain = size * int((weights.kinds < 3).sum())
    shaped = size * wide - plain
    empty = model.Model(
        codes=np.empty((size, wide), np.int32),
        only=np.empty(size, np.uint64),
        sure=np.empty((size, constraints), np.uint64),
        share=np.empty(plain, np.float32),
        letters=np.empty(plain, np.uint64),
        text_at=np.zeros(plain + 1, np.int64),
        text=np.empty(len(data), np.uint8),
        shapes=np.full((shaped, model.WIDTH), -1, np.int32),
        shares=np.empty((shaped, 4), np.float32),
        name_at=np.zeros(shaped + 1, np.int64),
        name=np.empty(len(data), np.uint8),
        weights=weights,
    )
    contents = np.empty(size, np.uint64)
    slots = np.full(1 << max(6, (2 * size * wide).bit_length()), -1, np.int32)
    hashes = np.empty(plain + shaped + 1, np.uint64)
    _read(data, at, empty, contents, slots, hashes)
    return empty, contents


@part
def _slot(slots, hashes, wanted):  # type: ignore[no-untyped-def]
    mask = slots.size - 1
    at = np.int64(wanted & np.uint64(mask))
    while slots[at] >= 0 and hashes[slots[at]] != wanted:
        at = (at + 1) & mask
    return at


@kernel
def _read(data, starts, model, contents, slots, hashes):  # type: ignore[no-untyped-def]
    share, shares = model.share.view(np.uint32), model.shares.view(np.uint32)
    codes_of = np.empty(hashes.size, np.int32)
    known = plain = shaped = 0
    for row in range(contents.size):
        at = starts[row]
        contents[row], model.only[row] = get(data, at, 8), get(data, at + 8, 8)
        at += 16
        for r in range(model.sure.shape[1]):
            model.sure[row, r] = get(data, at, 8)
            at += 8
        for c in range(model.codes.shape[1]):
            kind = model.weights.kinds[c]
            at += 1
            if data[at - 1] == 0:
                model.codes[row, c] = -1
                continue
            # One table of values for all comparisons: the comparison is part of what is looked up.
            wanted = get(data, at, 8) ^ (np.uint64(c + 1) * np.uint64(0x9E3779B97F4A7C15))
            at += 8
            slot = _slot(slots, hashes, wanted)
            new = slots[slot] < 0
            if new:
                hashes[known] = wanted
                slots[slot] = known
                codes_of[known] = plain if kind < 3 else shaped
                known += 1
            code = codes_of[slots[slot]]
            model.codes[row, c] = code
            if kind < 3:
                size = np.int64(data[at + 4]) | np.int64(data[at + 5]) << 8
                if new:
                    share[code] = np.uint32(get(data, at, 4))
                    model.letters[code] = letters_into(
                        data, at + 6, size, model.text, model.text_at, code
                    )
                    plain += 1
                at += 6 + size
                continue
            width = 2 if kind == 3 else 4
            if new:
                for s in range(4):
                    shares[code, s] = np.uint32(get(data, at + 4 * min(s, width - 1), 4))
                shaped += 1
            at += 4 * width
            if kind == 3:
                if new:
                    model.shapes[code, 0] = np.int32(get(data, at, 4))
                    model.shapes[code, 1], model.shapes[code, 2] = data[at + 4], data[at + 5]
                    model.name_at[code + 1] = model.name_at[code]
                at += 6
                continue
            n = np.int64(data[at])
            size = np.int64(data[at + 2 + 4 * n]) | np.int64(data[at + 3 + 4 * n]) << 8
            if new:
                model.shapes[code, 0], model.shapes[code, 1] = n, data[at + 1]
                for s in range(n):
                    model.shapes[code, 2 + s] = np.int32(get(data, at + 2 + 4 * s, 4))
                letters_into(data, at + 4 + 4 * n, size, model.name, model.name_at, code)
            at += 4 + 4 * n + size


@part
def letters_into(data, at, size, text, text_at, code):  # type: ignore[no-untyped-def]
    """Copies the letters of value `code`; answers `model.packed_letters` of them."""
    first = text_at[code]
    packed = np.uint64(0)
    for k in range(size):
        text[first + k] = data[at + k]
        if k < 15:
            packed = (packed << np.uint64(4)) | np.uint64(data[at + k] & 15)
    text_at[code + 1] = first + size
    return packed | (np.uint64(min(size, 15)) << np.uint64(60))
