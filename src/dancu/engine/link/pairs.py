"""Candidate pairs, block by block: compared where they lie, kept only when they say something.

No set of pairs is stored: a pair belongs to the first key that both records share.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from dancu.engine.link import keys
from dancu.engine.link.evidence import at_most, conflict_of, score_of
from dancu.engine.link.jit import kernel
from dancu.engine.link.model import Model

_PAIRS_A_CHUNK = 100_000  # small enough that every key keeps all cores busy


@dataclass(frozen=True)
class Found:
    """Kept pairs, one element each: rows `a` and `b`, `score` in bits, `pattern` of levels, `key`, `conflict`."""

    a: npt.NDArray[np.int32]
    b: npt.NDArray[np.int32]
    score: npt.NDArray[np.float64]
    pattern: npt.NDArray[np.uint64]
    key: npt.NDArray[np.int8]
    conflict: npt.NDArray[np.int8]
    compared: tuple[int, ...]


@kernel
def _earlier(hashes, i, j, k):  # type: ignore[no-untyped-def]
    # A loop: numba compiles no generator expression with any().
    for e in range(k):  # noqa: SIM110
        if hashes[i, e] != 0 and hashes[i, e] == hashes[j, e]:
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
    sums = np.zeros(model.cap.size)
    kept = compared = 0
    for block in range(first, last):
        for x in range(bounds[block], bounds[block + 1]):
            for y in range(x + 1, bounds[block + 1]):
                i, j = min(order[x], order[y]), max(order[x], order[y])
                if _earlier(hashes, i, j, k):
                    continue
                compared += 1
                if at_most(model, i, j, sums) < floor:
                    continue
                bits, levels = score_of(model, i, j, sums)
                if bits < floor:
                    continue
                if kept == room:
                    room *= 2
                    a, b = _grown(a, room), _grown(b, room)
                    score, pattern = _grown(score, room), _grown(pattern, room)
                    conflict = _grown(conflict, room)
                a[kept], b[kept], score[kept], pattern[kept] = i, j, bits, levels
                conflict[kept] = conflict_of(model, i, j, levels)
                kept += 1
    return a[:kept], b[:kept], score[:kept], pattern[:kept], conflict[:kept], compared


def find(model: Model, hashes: npt.NDArray[np.uint64], floor: float) -> Found:
    """Every pair that shares a key and scores at least `floor` bits."""
    parts, compared = [], []
    with ThreadPoolExecutor(min(4, os.cpu_count() or 1)) as pool:
        # The blocks of the next key are sorted while the pairs of this one are compared.
        waiting = [
            [pool.submit(_scan, *job) for job in _jobs(model, hashes, k, floor)]
            for k in range(hashes.shape[1])
        ]
        for k, jobs in enumerate(waiting):
            made = [job.result() for job in jobs]
            parts += [(*m[:5], np.full(len(m[0]), k, np.int8)) for m in made]
            compared.append(sum(m[5] for m in made))
    empty = np.zeros(0)
    a, b, score, pattern, conflict, key = (
        (np.concatenate(column) for column in zip(*parts, strict=True)) if parts else [empty] * 6
    )
    return Found(
        a.astype(np.int32), b.astype(np.int32), score, pattern.astype(np.uint64),
        key.astype(np.int8), conflict.astype(np.int8), tuple(compared),
    )  # fmt: skip


def _jobs(model: Model, hashes: npt.NDArray[np.uint64], k: int, floor: float) -> list[tuple]:  # type: ignore[type-arg]
    """Runs of whole blocks, of about as many pairs each."""
    order, bounds = keys.blocks(hashes[:, k])
    sizes = np.diff(bounds)
    total = np.cumsum(sizes * (sizes - 1) // 2)
    if not len(total):
        return []
    cuts = np.searchsorted(total, np.arange(_PAIRS_A_CHUNK, total[-1], _PAIRS_A_CHUNK)) + 1
    edges = np.unique(np.r_[0, cuts, len(sizes)])
    return [(model, hashes, k, order, bounds, int(f), int(t), floor) for f, t in pairwise(edges)]
