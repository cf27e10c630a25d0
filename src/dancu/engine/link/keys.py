"""Blocking keys: which records are compared at all. A pair belongs to the first key that yields it.

A block larger than the limit is split by further parts; what is still too large is left out, *reported*,
and does not shadow later keys. Which blocks those are is part of the epoch.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dancu.engine.link import hashing
from dancu.engine.link.columns import Column
from dancu.engine.link.epoch import Epoch, Splits
from dancu.engine.link.jit import bare, kernel
from dancu.engine.link.settings import Key, LinkSettings

Hashes = npt.NDArray[np.uint64]
_RUN = 16_384  # rows whose keys are made together, so that each stays in the cache
Blocks = tuple[npt.NDArray[np.int32], npt.NDArray[np.int64]]


@dataclass(frozen=True)
class Left:
    """Blocks of one key that were too large even when split: how many, of how many records."""

    key: str
    blocks: int
    records: int


def learn(
    columns: Mapping[str, Column], settings: LinkSettings
) -> tuple[dict[str, Splits], Hashes, list[Left]]:
    """Which blocks are too large in these records, and what `matrix` says of them then."""
    splits: dict[str, Splits] = {}
    out, places = _matrix(columns, settings)
    left: list[Left] = []
    for place in places:
        key = settings.keys[place]
        values = np.ascontiguousarray(out[:, place])
        split = gone = _large(values, settings.max_block)
        if len(split):
            gone = _large(_split(values, split, key, columns), settings.max_block)
        splits[key.name] = Splits(split, gone)
        if len(split):
            out[:, place] = _values(values, splits[key.name], key, columns, left)
    return {k.name: splits.get(k.name, Splits()) for k in settings.keys}, out, left


def matrix(columns: Mapping[str, Column], epoch: Epoch) -> tuple[Hashes, list[Left]]:
    """Key hashes, uint64 [records, keys] with 0 for none, and what was left out."""
    out, places = _matrix(columns, epoch.settings)
    left: list[Left] = []
    for place in places:
        key = epoch.settings.keys[place]
        if len(epoch.splits[key.name].split):
            values = np.ascontiguousarray(out[:, place])
            out[:, place] = _values(values, epoch.splits[key.name], key, columns, left)
    return out, left


def _matrix(columns: Mapping[str, Column], settings: LinkSettings) -> tuple[Hashes, list[int]]:
    """Hashes of all keys before any block is split, and the places of the keys that are in use."""
    size, places = _size(columns), usable(settings, columns)
    out = np.zeros((size, len(settings.keys)), np.uint64)
    known = [settings.keys[place] for place in places]
    for key in known:
        for part in key.parts:  # made once, before the threads ask for them
            name, _, feature = part.partition(".")
            columns[name].hashes(feature)

    def fill(first: int) -> None:
        rows = slice(first, first + _RUN)
        for place, key in zip(places, known, strict=True):
            out[rows, place] = of_parts(hashing.text(key.name), key.parts, columns, rows)

    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        list(pool.map(fill, range(0, size, _RUN)))
    return out, places


def _size(columns: Mapping[str, Column]) -> int:
    return len(next(iter(columns.values())).codes)


def _values(
    values: Hashes, splits: Splits, key: Key, columns: Mapping[str, Column], left: list[Left]
) -> Hashes:
    """The values of a key with its splits made; what is left out is noted in `left`."""
    finer = _split(values, splits.split, key, columns)
    gone = _within(finer, splits.left_out)
    out = np.where(gone, np.uint64(0), finer)
    lost = (values != 0) & (out == 0)
    if lost.any():
        left.append(Left(key.name, len(np.unique(values[lost])), int(lost.sum())))
    return out


def usable(settings: LinkSettings, columns: Mapping[str, Column]) -> list[int]:
    """Places of the keys all of whose parts hold a value somewhere."""
    held = {name for name, c in columns.items() if c.size}
    return [
        place
        for place, key in enumerate(settings.keys)
        if all(p.partition(".")[0] in held for p in key.parts)
    ]


def of_parts(
    seed: int,
    parts: tuple[str, ...],
    columns: Mapping[str, Column],
    rows: slice = slice(None),
) -> Hashes:
    """Key hashes before any block is split, uint64 [records of `rows`]; 0 where a part is missing."""
    total: Hashes | None = None
    for part in parts:
        name, _, feature = part.partition(".")
        column = columns[name]
        codes = column.codes[rows]
        if total is None:
            total = np.full(len(codes), np.uint64(seed))
        total = hashing.joined(total, column.hashes(feature), codes)
    return np.full(_size(columns), np.uint64(seed))[rows] if total is None else total


def _split(values: Hashes, chosen: Hashes, key: Key, columns: Mapping[str, Column]) -> Hashes:
    """The values with those of the chosen blocks joined with the further parts (0 where one is missing)."""
    out = values.copy()
    if not key.then:
        return out
    rows = np.flatnonzero(_within(values, chosen))
    total = values[rows]
    for part in key.then:
        name, _, feature = part.partition(".")
        total = hashing.joined(total, columns[name].hashes(feature), columns[name].codes[rows])
    out[rows] = total
    return out


def _large(values: Hashes, most: int) -> Hashes:
    """Sorted hashes of the blocks with more than `most` records."""
    # Counted by the first bits of the hash; only what lies in a full bucket is sorted.
    suspects = _suspects(np.ascontiguousarray(values), most, 22)
    if not len(suspects):
        return np.zeros(0, np.uint64)
    found, counts = np.unique(suspects, return_counts=True)
    return np.asarray(found[counts > most], np.uint64)


@kernel
def _suspects(values, most, depth):  # type: ignore[no-untyped-def]
    counts = np.zeros(1 << depth, np.int32)
    shift = np.uint64(64 - depth)
    for i in range(values.size):
        if values[i] != 0:
            counts[np.int64(values[i] >> shift)] += 1
    total = 0
    for b in range(counts.size):
        if counts[b] > most:
            total += counts[b]
    out = np.empty(total, np.uint64)
    if total:
        kept = 0
        for i in range(values.size):
            if values[i] != 0 and counts[np.int64(values[i] >> shift)] > most:
                out[kept] = values[i]
                kept += 1
    return out


def _within(values: Hashes, chosen: Hashes) -> npt.NDArray[np.bool_]:
    out = np.zeros(len(values), np.bool_)
    if len(chosen):
        _mark(values, chosen, out)
    return out


@bare
def _mark(values, chosen, out):  # type: ignore[no-untyped-def]
    for i in range(values.size):
        low, high = 0, chosen.size
        while low < high:
            middle = (low + high) >> 1
            if chosen[middle] < values[i]:
                low = middle + 1
            else:
                high = middle
        out[i] = low < chosen.size and chosen[low] == values[i]


def blocks(values: Hashes) -> Blocks:
    """Records in block order (only blocks of two or more, each in row order), and where each block starts and ends."""
    order, bounds = _grouped(np.ascontiguousarray(values), max(8, len(values).bit_length() - 1))
    return order, bounds


@kernel
def _grouped(values, depth):  # type: ignore[no-untyped-def]
    """A counting sort by the first `depth` bits of the hash, then the few of each bucket put in order."""
    shift = np.uint64(64 - depth)
    starts = np.zeros((1 << depth) + 1, np.int32)
    for i in range(values.size):
        if values[i] != 0:
            starts[np.int64(values[i] >> shift) + 1] += 1
    # A bucket with one record holds no block: its record is not moved at all.
    total = np.int32(0)
    for b in range(1, starts.size):
        count = starts[b]
        starts[b] = total if count > 1 else -1
        total += count if count > 1 else 0
    rows, hashes = np.empty(total, np.int32), np.empty(total, np.uint64)
    for i in range(values.size):
        if values[i] != 0:
            bucket = np.int64(values[i] >> shift) + 1
            at = starts[bucket]
            if at >= 0:
                rows[at], hashes[at] = i, values[i]
                starts[bucket] = at + 1
    return _runs(rows, hashes, shift)


@kernel
def _runs(rows, hashes, shift):  # type: ignore[no-untyped-def]
    """Orders each bucket by hash (rows stay in order) and keeps the runs of two and more."""
    bounds = np.empty(rows.size // 2 + 1, np.int64)
    kept = made = first = 0
    bounds[0] = 0
    while first < rows.size:
        last = first + 1
        while last < rows.size and hashes[last] >> shift == hashes[first] >> shift:
            last += 1
        _insertion(rows, hashes, first, last)
        start = first
        for at in range(first + 1, last + 1):
            if at == last or hashes[at] != hashes[start]:
                if at - start > 1:
                    for k in range(start, at):
                        rows[kept] = rows[k]
                        kept += 1
                    made += 1
                    bounds[made] = kept
                start = at
        first = last
    return rows[:kept].copy(), bounds[: made + 1].copy()


@bare
def _insertion(rows, hashes, first, last):  # type: ignore[no-untyped-def]
    if last - first > 200:
        _heap(rows, hashes, first, last - first)
        return
    for k in range(first + 1, last):
        row, value = rows[k], hashes[k]
        at = k
        while at > first and hashes[at - 1] > value:
            rows[at], hashes[at] = rows[at - 1], hashes[at - 1]
            at -= 1
        rows[at], hashes[at] = row, value


@bare
def _heap(rows, hashes, first, size):  # type: ignore[no-untyped-def]
    """Heapsort by hash, then row: numba's own stable sort takes seconds to compile."""
    start, end = size // 2, size
    while end > 1:
        if start > 0:
            start -= 1
            row, value = rows[first + start], hashes[first + start]
        else:
            end -= 1
            row, value = rows[first + end], hashes[first + end]
            rows[first + end], hashes[first + end] = rows[first], hashes[first]
        hole, child = start, 2 * start + 1
        while child < end:
            left, right = first + child, first + child + 1
            if child + 1 < end and (
                hashes[right] > hashes[left]
                or (hashes[right] == hashes[left] and rows[right] > rows[left])
            ):
                child, left = child + 1, right
            if hashes[left] < value or (hashes[left] == value and rows[left] <= row):
                break
            rows[first + hole], hashes[first + hole] = rows[left], hashes[left]
            hole, child = child, 2 * child + 1
        rows[first + hole], hashes[first + hole] = row, value
