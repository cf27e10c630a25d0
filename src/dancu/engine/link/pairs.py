"""Candidate pairs, block by block: compared where they lie, kept only when they say something.

No set of pairs is stored: a pair belongs to the first key that both records share.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from dancu.engine.link import keys
from dancu.engine.link.evidence import conflict_of, score_from
from dancu.engine.link.jit import kernel, part
from dancu.engine.link.model import Model

_PAIRS_A_CHUNK = 400_000  # small enough that every key keeps all cores busy
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


@kernel
def _grown(values, size):  # type: ignore[no-untyped-def]
    larger = np.empty(size, values.dtype)
    larger[: values.size] = values
    return larger


@kernel
def _scan(model, hashes, k, order, bounds, first, last, floor):  # type: ignore[no-untyped-def]
    room = 4096
    a, b = np.empty(room, np.int32), np.empty(room, np.int32)
    score, pattern = np.empty(room, np.float64), np.empty(room, np.uint64)
    conflict = np.empty(room, np.int8)
    sums = np.zeros(model.weights.cap.size)
    kept = compared = widest = 0
    for block in range(first, last):
        widest = max(widest, bounds[block + 1] - bounds[block])
    # The rows of a block side by side: read from memory once, not once a pair.
    codes = np.empty((widest, model.codes.shape[1]), np.int32)
    shared = np.empty((widest, k), np.uint64)
    for block in range(first, last):
        start, size = bounds[block], bounds[block + 1] - bounds[block]
        for x in range(size):
            codes[x] = model.codes[order[start + x]]
            shared[x] = hashes[order[start + x], :k]
        for x in range(size - 1):
            for y in range(x + 1, size):
                if _earlier(shared, x, y, k):
                    continue
                compared += 1
                bits, levels = score_from(model, codes[x], codes[y], sums, floor)
                if bits < floor:
                    continue
                if kept == room:
                    room *= 2
                    a, b = _grown(a, room), _grown(b, room)
                    score, pattern = _grown(score, room), _grown(pattern, room)
                    conflict = _grown(conflict, room)
                i, j = order[start + x], order[start + y]
                a[kept], b[kept], score[kept], pattern[kept] = i, j, bits, levels
                conflict[kept] = conflict_of(model, i, j, levels)
                kept += 1
    return a[:kept], b[:kept], score[:kept], pattern[:kept], conflict[:kept], compared


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


def _submitted(
    pool: ThreadPoolExecutor,
    model: Model,
    hashes: npt.NDArray[np.uint64],
    k: int,
    blocks: keys.Blocks,
    floor: float,
) -> list[Future[tuple[Any, ...]]]:
    order, bounds = blocks
    return [
        pool.submit(_scan, model, hashes, k, order, bounds, first, last, floor)
        for first, last in _chunks(bounds)
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
    kinds = (np.int32, np.int32, np.float64, np.uint64, np.int8)
    a, b, score, pattern, conflict = (
        np.concatenate([np.zeros(0, kind), *(m[f] for k in made for m in made[k])])
        for f, kind in enumerate(kinds)
    )
    key = np.repeat(list(made) or [0], [sum(len(m[0]) for m in made[k]) for k in made] or [0])
    compared = tuple(sum(m[5] for m in made.get(k, ())) for k in range(size))
    return Found(a, b, score, pattern, key.astype(np.int8), conflict, compared)


def sample(
    model: Model, hashes: npt.NDArray[np.uint64], floor: float, most: int
) -> tuple[Found, npt.NDArray[np.float64]]:
    """Pairs of about `most` compared ones of each key, whole blocks chosen by hash, and what each stands for [keys]."""
    made: dict[int, list[tuple[Any, ...]]] = {}
    rate = np.ones(hashes.shape[1])
    for k in range(hashes.shape[1]):
        # Low bits of the hash: the high ones order the blocks.
        low = hashes[:, k] & np.uint64(0xFFFFF)
        for part in (16, 256, 4096) if len(hashes) > 200_000 else (1, 16, 256):
            some = np.flatnonzero((low < 0x100000 // part) & (hashes[:, k] != 0))
            order, bounds = keys.blocks(hashes[some, k])
            rate[k], sizes = part, np.diff(bounds)
            if (sizes * (sizes - 1) // 2).sum() <= most:
                break
        made[k] = [
            _scan(model, hashes, k, some[order].astype(np.int32), bounds, *chunk, floor)
            for chunk in _chunks(bounds)
        ]
    return _together(made, hashes.shape[1]), rate


@kernel
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
