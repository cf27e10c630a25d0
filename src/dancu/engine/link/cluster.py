"""Clusters that do not snowball: the strongest evidence first, and never against a constraint.

The result is a pure function of each connected component: pairs are taken by score and, where scores are equal,
by a hash of what the two records say, so neither the order of the records nor other components matter.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from dancu.engine.link import hashing
from dancu.engine.link.evidence import conflict_of, score_of
from dancu.engine.link.jit import kernel
from dancu.engine.link.model import Model
from dancu.engine.link.pairs import Found

WEAK = 100
"""Conflict code: together the two clusters speak against one person, though this pair speaks for."""


@kernel
def _root(parent, i):  # type: ignore[no-untyped-def]
    while parent[i] != i:
        parent[i] = parent[parent[i]]
        i = parent[i]
    return i


@kernel
def _hindrance(model, x, y, following, floor, sums):  # type: ignore[no-untyped-def]
    """What forbids two clusters (given by their roots) to be one person; 0 for nothing."""
    total, count = 0.0, 0
    i = x
    while i >= 0:
        j = y
        while j >= 0:
            bits, pattern = score_of(model, min(i, j), max(i, j), sums)
            conflict = conflict_of(model, i, j, pattern)
            if conflict:
                return conflict
            total += bits
            count += 1
            j = following[j]
        i = following[i]
    return 0 if total >= floor * count else WEAK


@kernel
def _merge(model, a, b, score, conflict, floor, parent):  # type: ignore[no-untyped-def]
    """Joins clusters in the order given; `parent` becomes the smallest row of each cluster."""
    following = np.full(parent.size, -1, np.int32)
    last = np.arange(parent.size).astype(np.int32)
    sums = np.zeros(model.cap.size)
    for k in range(a.size):
        x, y = _root(parent, a[k]), _root(parent, b[k])
        if x == y or conflict[k]:
            continue
        if y < x:
            x, y = y, x
        if following[x] < 0 and following[y] < 0:
            # Two records alone: the pair itself is all the evidence, and it has no conflict.
            found = 0 if score[k] >= floor else WEAK
        else:
            found = _hindrance(model, x, y, following, floor, sums)
        if found:
            conflict[k] = found
            continue
        parent[y] = x
        following[last[x]] = y
        last[x] = last[y]
    for i in range(parent.size):
        parent[i] = _root(parent, i)


def clusters(
    model: Model,
    found: Found,
    contents: npt.NDArray[np.uint64],
    *,
    least: float,
    floor: float,
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int8]]:
    """(first row of each record's cluster, what hindered each pair). `least`: bits that a joining pair needs."""
    strong = np.flatnonzero(found.score >= least)
    a, b = found.a[strong], found.b[strong]
    tie = hashing.mixed(hashing.mixed(contents[a]) + hashing.mixed(contents[b]))
    order = np.lexsort((tie, -np.round(found.score[strong], 6)))
    conflict = found.conflict[strong][order]
    parent = np.arange(len(contents), dtype=np.int32)
    _merge(model, a[order], b[order], found.score[strong][order], conflict, floor, parent)
    hindered = found.conflict.copy()
    hindered[strong[order]] = conflict
    return parent, hindered
