"""Blocking keys: which records are compared at all. A pair belongs to the first key that yields it.

A block larger than the limit is split by further parts; what is still too large is left out, *reported*,
and does not shadow later keys.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dancu.engine.link import hashing
from dancu.engine.link.columns import Column
from dancu.engine.link.settings import Key, LinkSettings

Hashes = npt.NDArray[np.uint64]


@dataclass(frozen=True)
class Left:
    """Blocks of one key that were too large even when split: how many, of how many records."""

    key: str
    blocks: int
    records: int


def matrix(columns: Mapping[str, Column], settings: LinkSettings) -> tuple[Hashes, list[Left]]:
    """Key hashes, uint64 [records, keys] with 0 for none, and what was left out."""
    size = len(next(iter(columns.values())).codes)
    out = np.zeros((size, len(settings.keys)), np.uint64)
    left = []
    for place, key in enumerate(settings.keys):
        values, report = _values(key, columns, settings.max_block)
        out[:, place] = values
        left += report
    return out, left


def _values(key: Key, columns: Mapping[str, Column], most: int) -> tuple[Hashes, list[Left]]:
    values = _of_parts(key.parts, columns)
    large = _too_large(values, most)
    if key.then and large.any():
        finer = hashing.joined([values, *(_part(p, columns) for p in key.then)])
        values = np.where(large, finer, values)
        large = _too_large(values, most)
    blocks = len(np.unique(values[large]))
    report = [Left(key.name, blocks, int(large.sum()))] if blocks else []
    return np.where(large, np.uint64(0), values), report


def _of_parts(parts: tuple[str, ...], columns: Mapping[str, Column]) -> Hashes:
    return hashing.joined([_part(p, columns) for p in parts])


def _part(part: str, columns: Mapping[str, Column]) -> Hashes:
    name, _, feature = part.partition(".")
    return columns[name].of_records(feature)


_BUCKETS = np.uint64(22)


def _too_large(values: Hashes, most: int) -> npt.NDArray[np.bool_]:
    """Records whose block has more than `most` records."""
    # Counted by the first bits of the hash; only what lies in a full bucket is sorted (twelve times less work).
    bucket = (values >> (np.uint64(64) - _BUCKETS)).astype(np.int64)
    full = np.bincount(bucket, minlength=1 << int(_BUCKETS)) > most
    suspects = np.flatnonzero(full[bucket] & (values != 0))
    large = np.zeros(len(values), bool)
    _, place, counts = np.unique(values[suspects], return_inverse=True, return_counts=True)
    large[suspects] = counts[place] > most
    return large


def blocks(values: Hashes) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int64]]:
    """Records in block order (only blocks of two or more), and where each block starts and ends."""
    known = np.flatnonzero(values)
    if not len(known):
        return known.astype(np.int32), np.zeros(1, np.int64)
    order = known[np.argsort(values[known], kind="stable")]
    ordered = values[order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
    sizes = np.diff(np.r_[starts, len(ordered)])
    kept = np.repeat(sizes > 1, sizes)
    return order[kept].astype(np.int32), np.r_[0, np.cumsum(sizes[sizes > 1])]
