"""The records an index began with, as one model in memory: candidates and their weights in one compiled call.

The model has room for one record more and its values, into which the record that is looked for is written; so one
search at a time. Deleted rows stay and are passed over.
"""

from __future__ import annotations

import threading
from typing import Any

import numpy as np
import numpy.typing as npt

from dancu.engine.link import model, packed, pairs
from dancu.engine.link.evidence import conflict_of, score_from
from dancu.engine.link.jit import bare, kernel, part
from dancu.engine.link.packed import get, letters_into

Ids = npt.NDArray[np.int64]
Found = tuple[Ids, npt.NDArray[np.float64], npt.NDArray[np.uint64], npt.NDArray[np.int8]]
_SPARE_TEXT = 16 * packed.LETTERS
_BUCKETS = 20  # bits of a key's hash by which its place is found


class Base:
    """`ids` ascending; `labels` and `gone` for each row, both changed by the index; `rows` packed."""

    def __init__(
        self,
        built: model.Model,
        rows: packed.PackedRows,
        ids: Ids,
        found: pairs.Found,
        weights: model.Weights,
    ) -> None:
        self.ids, self.rows = ids, rows
        self.gone, self.labels = np.zeros(len(ids), np.bool_), ids.copy()
        self._model = _with_room(built, weights)
        self._values = _values(rows, built)
        self._sizes = (len(ids), len(built.share), len(built.shapes))
        self._post(rows.keys)
        self._stamps = np.zeros(len(ids), np.int32)
        self._stamp = 0
        self._sums = np.zeros(weights.cap.size)
        self._out = _room(4096)
        self._edges = found
        self._lock = threading.Lock()
        self._starts, self._pair_of = _adjacency(found, len(ids))

    def _post(self, hashes: npt.NDArray[np.uint64]) -> None:
        columns_ = [np.flatnonzero(hashes[:, k]).astype(np.int32) for k in range(hashes.shape[1])]
        values = np.concatenate([np.zeros(0, np.uint64)] + [hashes[r, k] for k, r in enumerate(columns_)])  # fmt: skip
        order = np.argsort(values)
        self._keys = values[order]
        self._rows = np.concatenate([np.zeros(0, np.int32), *columns_])[order]
        bounds = np.arange(1 << _BUCKETS, dtype=np.uint64) << np.uint64(64 - _BUCKETS)
        self._buckets = np.append(np.searchsorted(self._keys, bounds), len(values))

    def row(self, record_id: int) -> int:
        """The row of a record that is here and not gone, else -1."""
        at = int(np.searchsorted(self.ids, record_id))
        here = at < len(self.ids) and self.ids[at] == record_id and not self.gone[at]
        return at if here else -1

    def find(self, one: packed.Packed, floor: float) -> Found:
        """(identifier, score, pattern, conflict) of the records that share a key and reach `floor` bits."""
        data = np.frombuffer(one.data, np.uint8)
        wanted = np.array(one.keys, np.uint64)
        with self._lock:
            _enter(data, self._model, *self._values, *self._sizes)
            while True:
                self._stamp += 1
                kept = _search(
                    self._model, self._keys, self._rows, self._buckets, wanted, self._stamps,
                    self._stamp, self.gone, floor, self._sums, self._out,
                )  # fmt: skip
                if kept >= 0:
                    break
                self._out = _room(2 * len(self._out[0]))
            row, score, pattern, conflict = (column[:kept].copy() for column in self._out)
        return self.ids[row], score, pattern, conflict

    def neighbours(self, row: int) -> list[tuple[int, float, int, int]]:
        """(identifier, score, pattern, conflict) of the kept pairs of a row with rows that are not gone."""
        out = []
        edges = self._edges
        for pair in self._pair_of[self._starts[row] : self._starts[row + 1]].tolist():
            other = int(edges.a[pair]) + int(edges.b[pair]) - row
            if not self.gone[other]:
                told = float(edges.score[pair]), int(edges.pattern[pair]), int(edges.conflict[pair])
                out.append((int(self.ids[other]), *told))
        return out


def _room(size: int) -> tuple[npt.NDArray[Any], ...]:
    kinds = (np.int64, np.float64, np.uint64, np.int8)
    return tuple(np.empty(size, kind) for kind in kinds)


def _with_room(built: model.Model, weights: model.Weights) -> model.Model:
    """The model with one row more, and as many values more as one record can bring."""
    wide = len(weights.kinds)

    def more(table: npt.NDArray[Any], rows: int) -> npt.NDArray[Any]:
        return np.concatenate([table, np.zeros((rows, *table.shape[1:]), table.dtype)])

    return model.Model(
        codes=more(built.codes, 1), only=more(built.only, 1), sure=more(built.sure, 1),
        share=more(built.share, wide), letters=more(built.letters, wide),
        text_at=more(built.text_at, wide), text=more(built.text, _SPARE_TEXT),
        shapes=more(built.shapes, wide), shares=more(built.shares, wide),
        name_at=more(built.name_at, wide), name=more(built.name, _SPARE_TEXT), weights=weights,
    )  # fmt: skip


def _values(
    rows: packed.PackedRows, built: model.Model
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.uint64]]:
    """(slots, hashes): where the number of each value is found; plain values first, then the shaped ones."""
    size = len(built.share) + len(built.shapes)
    slots = np.full(1 << max(6, (2 * size).bit_length()), -1, np.int32)
    hashes = np.zeros(size, np.uint64)
    _fill(rows.data, rows.at, built, slots, hashes, len(built.share))
    return slots, hashes


def _adjacency(found: pairs.Found, size: int) -> tuple[Ids, npt.NDArray[np.int32]]:
    degree = np.bincount(found.a, minlength=size) + np.bincount(found.b, minlength=size)
    starts = np.r_[0, np.cumsum(degree)].astype(np.int64)
    pair_of = np.empty(int(starts[-1]), np.int32)
    _adjacent(found.a, found.b, starts[:-1].copy(), pair_of)
    return starts, pair_of


@bare
def _adjacent(a, b, free, pair_of):  # type: ignore[no-untyped-def]
    for p in range(a.size):
        for row in (a[p], b[p]):
            pair_of[free[row]] = p
            free[row] += 1


@part
def _look(slots, hashes, wanted):  # type: ignore[no-untyped-def]
    mask = slots.size - 1
    # The hash is spread already, but the comparison was stirred into its low bits too.
    at = np.int64((wanted ^ (wanted >> np.uint64(32))) & np.uint64(mask))
    while slots[at] >= 0 and hashes[slots[at]] != wanted:
        at = (at + 1) & mask
    return at


@part
def _of_comparison(value, c):  # type: ignore[no-untyped-def]
    return value ^ (np.uint64(c + 1) * np.uint64(0x9E3779B97F4A7C15))


@part
def _after(data, at, kind):  # type: ignore[no-untyped-def]
    """Where the packed value at `at` (behind its hash) ends."""
    if kind == 3:
        return at + 14
    at += 16 + 2 + 4 * np.int64(data[at + 16]) if kind == 4 else 4
    return at + 2 + (np.int64(data[at]) | np.int64(data[at + 1]) << 8)


@bare
def _fill(data, starts, built, slots, hashes, plain):  # type: ignore[no-untyped-def]
    for row in range(built.codes.shape[0]):
        at = starts[row] + 16 + 8 * built.sure.shape[1]
        for c in range(built.codes.shape[1]):
            at += 1
            if data[at - 1] == 0:
                continue
            kind = built.weights.kinds[c]
            number = built.codes[row, c] + (plain if kind >= 3 else 0)
            if hashes[number] == 0:
                wanted = _of_comparison(get(data, at, 8), c)
                hashes[number] = wanted
                slots[_look(slots, hashes, wanted)] = number
            at = _after(data, at + 8, kind)


@kernel
def _enter(data, model, slots, hashes, row, plain, shaped):  # type: ignore[no-untyped-def]
    """Writes a packed record into the row kept free; values not met before into the room behind the others."""
    share, shares = model.share.view(np.uint32), model.shares.view(np.uint32)
    model.only[row] = get(data, 8, 8)
    at = 16
    for r in range(model.sure.shape[1]):
        model.sure[row, r] = get(data, at, 8)
        at += 8
    new_plain, new_shaped = plain, shaped
    for c in range(model.codes.shape[1]):
        at += 1
        if data[at - 1] == 0:
            model.codes[row, c] = -1
            continue
        kind = model.weights.kinds[c]
        slot = _look(slots, hashes, _of_comparison(get(data, at, 8), c))
        at += 8
        if slots[slot] >= 0:
            model.codes[row, c] = slots[slot] - (plain if kind >= 3 else 0)
        elif kind < 3:
            code = new_plain
            new_plain += 1
            model.codes[row, c] = code
            share[code] = np.uint32(get(data, at, 4))
            size = np.int64(data[at + 4]) | np.int64(data[at + 5]) << 8
            model.letters[code] = letters_into(data, at + 6, size, model.text, model.text_at, code)
        else:
            code = new_shaped
            new_shaped += 1
            model.codes[row, c] = code
            width = 2 if kind == 3 else 4
            for s in range(4):
                shares[code, s] = np.uint32(get(data, at + 4 * min(s, width - 1), 4))
            first = at + 4 * width
            if kind == 3:
                model.shapes[code, 0] = np.int32(get(data, first, 4))
                model.shapes[code, 1], model.shapes[code, 2] = data[first + 4], data[first + 5]
                model.name_at[code + 1] = model.name_at[code]
            else:
                n = np.int64(data[first])
                model.shapes[code, 0], model.shapes[code, 1] = n, data[first + 1]
                for s in range(model.shapes.shape[1] - 2):
                    model.shapes[code, 2 + s] = -1
                for s in range(n):
                    model.shapes[code, 2 + s] = np.int32(get(data, first + 2 + 4 * s, 4))
                behind = first + 2 + 4 * n
                size = np.int64(data[behind]) | np.int64(data[behind + 1]) << 8
                letters_into(data, behind + 2, size, model.name, model.name_at, code)
        at = _after(data, at, kind)


@bare
def _search(model, keys, rows, buckets, wanted, stamps, stamp, gone, floor, sums, out):  # type: ignore[no-untyped-def]
    """Weighs the row kept free against every row that shares a key; how many are kept, -1 when `out` is too small."""
    row = stamps.size
    kept = 0
    ids, score, pattern, conflict = out
    for k in range(wanted.size):
        if wanted[k] == 0:
            continue
        bucket = np.int64(wanted[k] >> np.uint64(64 - _BUCKETS))
        at, last = buckets[bucket], buckets[bucket + 1]
        while at < last and keys[at] < wanted[k]:
            at += 1
        while at < last and keys[at] == wanted[k]:
            other = np.int64(rows[at])
            at += 1
            if stamps[other] == stamp or gone[other]:
                continue
            stamps[other] = stamp
            bits, levels = score_from(model, model.codes, row, other, sums, floor)
            if bits < floor:
                continue
            if kept == score.size:
                return -1
            ids[kept], score[kept], pattern[kept] = other, bits, levels
            conflict[kept] = conflict_of(model, row, other, levels)
            kept += 1
    return kept
