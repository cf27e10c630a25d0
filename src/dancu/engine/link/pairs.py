"""Candidate pairs, block by block: compared where they lie, kept only when they say something.

No set of pairs is stored: a pair belongs to the first key that both records share.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from dancu.engine.link import keys
from dancu.engine.link.evidence import conflict_of, score_from
from dancu.engine.link.jit import bare, part
from dancu.engine.link.model import Model

_PAIRS_A_CHUNK = 400_000  # small enough that every key keeps all cores busy
_ROWS = 1_024  # rows read from memory at once
_KINDS = (np.int32, np.int32, np.float64, np.uint64, np.int8)
_AHEAD = 3  # keys whose blocks are sorted before their pairs are compared


@dataclass(frozen=True)
class Found:
    """Kept pairs, one element each: rows `a` < `b`, `score` in bits, `pattern` of levels, `key`, `conflict`."""

    a: npt.NDArray[np.int32]
    b: npt.NDArray[np.int32]
    score: npt.NDArray[np.float64]
    pattern: npt.NDArray[np.uint64]
    key: npt.NDArray[np.int8]
    conflict: npt.NDArray[np.int8]
    compared: tuple[int, ...]


@part
def _earlier(hashes, x, y, k):  # type: ignore[no-untyped-def]
    # A loop: numba compiles no generator expression with any().
    for e in range(k):  # noqa: SIM110
        if hashes[x, e] == hashes[y, e] and hashes[x, e] != 0:
            return True
    return False


class _Out(NamedTuple):
    """Room for kept pairs."""

    a: npt.NDArray[np.int32]
    b: npt.NDArray[np.int32]
    score: npt.NDArray[np.float64]
    pattern: npt.NDArray[np.uint64]
    conflict: npt.NDArray[np.int8]


class _Scratch(NamedTuple):
    """The rows of some blocks side by side: read from memory once, not once a pair."""

    codes: npt.NDArray[np.int32]
    hashes: npt.NDArray[np.uint64]
    sums: npt.NDArray[np.float64]


@part
def _gather(model, hashes, k, order, first, last, scratch):  # type: ignore[no-untyped-def]
    for x in range(last - first):
        row = order[first + x]
        for c in range(scratch.codes.shape[1]):
            scratch.codes[x, c] = model.codes[row, c]
        for e in range(k):
            scratch.hashes[x, e] = hashes[row, e]


@bare
def _scan_blocks(model, hashes, k, order, bounds, span, floor, scratch, out):  # type: ignore[no-untyped-def]
    """Compares the blocks of `span` until `out` may not hold the next; returns (next block, kept, compared)."""
    kept = compared = 0
    first = last = bounds[span[0]]
    for block in range(span[0], span[1]):
        start, size = bounds[block], bounds[block + 1] - bounds[block]
        if kept + size * (size - 1) // 2 > out.a.size:
            return block, kept, compared
        if bounds[block + 1] > last:
            # Many rows at once: their ways to memory then overlap.
            first, last = start, min(start + scratch.codes.shape[0], bounds[span[1]])
            _gather(model, hashes, k, order, first, last, scratch)
        start -= first
        for x in range(start, start + size - 1):
            for y in range(x + 1, start + size):
                if _earlier(scratch.hashes, x, y, k):
                    continue
                compared += 1
                bits, levels = score_from(model, scratch.codes, x, y, scratch.sums, floor)
                if bits < floor:
                    continue
                i, j = order[first + x], order[first + y]
                out.a[kept], out.b[kept] = i, j
                out.score[kept], out.pattern[kept] = bits, levels
                out.conflict[kept] = conflict_of(model, i, j, levels)
                kept += 1
    return span[1], kept, compared


def _room(size: int) -> _Out:
    columns: list[Any] = [np.empty(size, kind) for kind in _KINDS]
    return _Out(*columns)


def _scan(
    model: Model,
    hashes: npt.NDArray[np.uint64],
    k: int,
    blocks: keys.Blocks,
    span: tuple[int, int],
    floor: float,
) -> tuple[Any, ...]:
    """The kept pairs of a run of blocks (a, b, score, pattern, conflict) and how many were compared."""
    order, bounds = blocks
    widest = int(np.diff(bounds[span[0] : span[1] + 1]).max())
    rows = max(widest, _ROWS)
    scratch = _Scratch(
        np.empty((rows, model.codes.shape[1]), np.int32),
        np.empty((rows, k), np.uint64),
        np.zeros(model.weights.cap.size),
    )
    room = max(widest * (widest - 1) // 2, 100_000)
    out = _room(room)
    made: list[tuple[npt.NDArray[Any], ...]] = []
    at, compared = span[0], 0
    while at < span[1]:
        at, kept, seen = _scan_blocks(
            model, hashes, k, order, bounds, (at, span[1]), floor, scratch, out
        )
        compared += seen
        made.append(tuple(column[:kept].copy() for column in out))
    return (*(np.concatenate(column) for column in zip(*made, strict=True)), compared)


def find(model: Model, hashes: npt.NDArray[np.uint64], floor: float) -> Found:
    """Every pair that shares a key and scores at least `floor` bits."""
    used = [k for k in range(hashes.shape[1]) if hashes[:, k].any()]
    made: dict[int, list[tuple[Any, ...]]] = {}
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        sorting = {k: pool.submit(keys.blocks, hashes[:, k]) for k in used[:_AHEAD]}
        for place, k in enumerate(used):
            jobs = _submitted(pool, model, hashes, k, sorting.pop(k).result(), floor)
            for later in used[place + _AHEAD : place + _AHEAD + 1]:
                sorting[later] = pool.submit(keys.blocks, hashes[:, later])
            made[k] = [job.result() for job in jobs]
    return _together(made, hashes.shape[1])


def of_key(
    model: Model,
    hashes: npt.NDArray[np.uint64],
    k: int,
    values: npt.NDArray[np.uint64],
    floor: float,
) -> tuple[Any, ...]:
    """Kept pairs (a, b, score, pattern, conflict) of rows that share a value of key `k`, and how many were compared.

    `values`: the key of each row, 0 for rows that are here for another key; `hashes` tell which pairs an earlier
    key has.
    """
    blocks = keys.blocks(values)
    made = [_scan(model, hashes, k, blocks, span, floor) for span in _chunks(blocks[1])]
    empty = (*(np.zeros(0, kind) for kind in _KINDS), 0)
    columns = list(zip(empty, *made, strict=True))
    return (*(np.concatenate(c) for c in columns[:-1]), sum(columns[-1]))


def _submitted(
    pool: ThreadPoolExecutor,
    model: Model,
    hashes: npt.NDArray[np.uint64],
    k: int,
    blocks: keys.Blocks,
    floor: float,
) -> list[Future[tuple[Any, ...]]]:
    return [
        pool.submit(_scan, model, hashes, k, blocks, span, floor) for span in _chunks(blocks[1])
    ]


def _chunks(bounds: npt.NDArray[np.int64]) -> Iterator[tuple[int, int]]:
    """Runs of whole blocks, of about as many pairs each."""
    sizes = np.diff(bounds)
    total = np.cumsum(sizes * (sizes - 1) // 2)
    if len(total):
        cuts = np.searchsorted(total, np.arange(_PAIRS_A_CHUNK, total[-1], _PAIRS_A_CHUNK)) + 1
        edges = np.unique(np.r_[0, cuts, len(sizes)])
        yield from ((int(first), int(last)) for first, last in pairwise(edges))


def _together(made: dict[int, list[tuple[Any, ...]]], size: int) -> Found:
    a, b, score, pattern, conflict = (
        np.concatenate([np.zeros(0, kind), *(m[f] for k in made for m in made[k])])
        for f, kind in enumerate(_KINDS)
    )
    key = np.repeat(list(made) or [0], [sum(len(m[0]) for m in made[k]) for k in made] or [0])
    compared = tuple(sum(m[5] for m in made.get(k, ())) for k in range(size))
    return Found(a, b, score, pattern, key.astype(np.int8), conflict, compared)


@bare
def _draw(hashes, k, limit, out):  # type: ignore[no-untyped-def]
    kept = 0
    for i in range(hashes.shape[0]):
        value = hashes[i, k]
        if value != 0 and np.int64(value & np.uint64(0xFFFFF)) < limit:
            if kept < out.size:
                out[kept] = i
            kept += 1
    return kept


def _drawn(hashes: npt.NDArray[np.uint64], k: int, limit: int) -> npt.NDArray[np.int32]:
    """Rows whose key has low bits under the limit."""
    room = np.empty(len(hashes) * limit // 0x100000 + len(hashes) // 50 + 1000, np.int32)
    kept = _draw(hashes, k, limit, room)
    if kept > len(room):
        room = np.empty(kept, np.int32)
        _draw(hashes, k, limit, room)
    return room[:kept]


def sample(
    model: Model, hashes: npt.NDArray[np.uint64], floor: float, most: int
) -> tuple[Found, npt.NDArray[np.float64]]:
    """Pairs of about `most` compared ones of each key, whole blocks chosen by hash, and what each stands for [keys]."""
    made: dict[int, list[tuple[Any, ...]]] = {}
    rate = np.ones(hashes.shape[1])
    steps = (16, 256, 4096) if len(hashes) > 200_000 else (1, 16, 256)
    for k in range(hashes.shape[1]):
        some = _drawn(hashes, k, 0x100000 // steps[0])
        for step in steps:
            # Low bits of the hash: the high ones order the blocks.
            some = some[(hashes[some, k] & np.uint64(0xFFFFF)) < 0x100000 // step]
            order, bounds = keys.blocks(hashes[some, k])
            rate[k], sizes = step, np.diff(bounds)
            if (sizes * (sizes - 1) // 2).sum() <= most:
                break
        made[k] = [
            _scan(model, hashes, k, (some[order], bounds), span, floor) for span in _chunks(bounds)
        ]
    return _together(made, hashes.shape[1]), rate


@bare
def _shared(hashes, a, b, out):  # type: ignore[no-untyped-def]
    for i in range(a.size):
        bits = np.uint16(0)
        for k in range(hashes.shape[1]):
            if hashes[a[i], k] != 0 and hashes[a[i], k] == hashes[b[i], k]:
                bits |= np.uint16(1 << k)
        out[i] = bits


def shared(
    hashes: npt.NDArray[np.uint64], a: npt.NDArray[np.int32], b: npt.NDArray[np.int32]
) -> npt.NDArray[np.uint16]:
    """For each pair the keys it shares, a bit each."""
    out = np.zeros(len(a), np.uint16)
    _shared(hashes, a, b, out)
    return out
