"""A random sample of pairs for a clerk: some of every stratum, more where the model is less sure and pairs are many."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pyarrow as pa

from dancu.engine.link import quality

LEAST = 8
"""Pairs of each stratum at least, or all that there are."""


def draw(pairs: pa.Table, *, size: int, seed: int) -> pa.Table:
    """About `size` pairs (record_a, record_b) in an order that tells nothing of their probability.

    The same run, size and seed give the same sample. Allocation as Neyman (1934): by pairs times the spread that
    the model expects, which is never taken for nought.
    """
    seen = quality.open_pairs(pairs).sort_by([("record_a", "ascending"), ("record_b", "ascending")])
    chance = seen["probability"].to_numpy()
    place = quality.stratum_of(chance, seen["joined"].to_numpy(zero_copy_only=False))
    rng = np.random.default_rng(seed)
    chosen: list[int] = []
    for number, wanted in _allocated(seen, size).items():
        here = np.flatnonzero(place == number)
        chosen += rng.choice(here, min(wanted, len(here)), replace=False).tolist()
    order = rng.permutation(np.array(chosen, np.int64))
    return seen.select(["record_a", "record_b"]).take(pa.array(order))


def _allocated(seen: pa.Table, size: int) -> dict[int, int]:
    """Pairs to draw of each stratum, by its number."""
    found = {
        int(quality.stratum_of(np.array([sum(s.band) / 2]), np.array([s.joined]))[0]): s.pairs
        * sqrt(max(s.expected * (1 - s.expected), 0.01))
        for s in quality.strata(seen)
    }
    left, whole = max(size - LEAST * len(found), 0), sum(found.values())
    return {number: LEAST + round(left * part / whole) for number, part in found.items()}
