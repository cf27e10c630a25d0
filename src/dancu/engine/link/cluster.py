"""Clusters that do not snowball: rivals weighed against each other, the surest pair first, never against a constraint.

The result is a pure function of each connected component of the kept pairs: pairs are taken by their odds and, where
these are equal, by a hash of what the two records say and then by their identifiers, so neither the order of the
records nor other components matter.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dancu.engine.link import hashing
from dancu.engine.link.evidence import conflict_of, score_of
from dancu.engine.link.jit import bare, part
from dancu.engine.link.model import KINDS, Model, Weights
from dancu.engine.link.pairs import Found
from dancu.engine.link.settings import LEVELS, MISSING

ONCE = 1
"""Conflict code: both records are of one list that has each person once."""

WEAK = 100
"""Conflict code: together the two clusters speak against one person, though this pair speaks for."""

JUDGED = 101
"""Conflict code: a person has said that two of these records are not the same."""

RIVAL = 102
"""Conflict code: another record of the same list is as good or better."""

_TWICE = 10.0
"""log2 odds from which two records of one list are that list's own repetition, not two rivals."""

_ONE_NAME = [
    LEVELS["name"].index(x) for x in ("same", "no_marks", "other_order", "shorter", "one_letter")
]
"""Levels of a person's own name that a repetition may have; twins have another given name, or other marks."""


@dataclass(frozen=True)
class Decided:
    """People's own answers, by row: `same` and `apart`, int64 [n, 2] with the smaller row first."""

    same: npt.NDArray[np.int64]
    apart: npt.NDArray[np.int64]

    @classmethod
    def none(cls) -> Decided:
        """No answers."""
        return cls(np.zeros((0, 2), np.int64), np.zeros((0, 2), np.int64))


@dataclass(frozen=True)
class Clusters:
    """`root`: first row of each record's cluster. For each pair: `odds` (log2, rivals weighed), `hindered` by what."""

    root: npt.NDArray[np.int32]
    odds: npt.NDArray[np.float64]
    hindered: npt.NDArray[np.int8]


def clusters(
    model: Model,
    found: Found,
    contents: npt.NDArray[np.uint64],
    ids: npt.NDArray[np.int64],
    *,
    prior: float,
    threshold: float,
    floor: float,
    decided: Decided | None = None,
) -> Clusters:
    """The clusters. `prior` and `threshold` in log2 odds, `floor` in bits a pair across two clusters."""
    decided = decided or Decided.none()
    raw = found.score + prior + lift_of(model, found.a, found.b)
    odds = _odds(model, found, len(contents), raw)
    strong = np.flatnonzero(odds >= threshold)
    a, b = found.a[strong], found.b[strong]
    order = _order(odds[strong], contents[a], contents[b], ids[a], ids[b])
    conflict = found.conflict[strong][order]
    root = np.arange(len(contents), dtype=np.int32)
    apart = np.sort((decided.apart[:, 0] << 32) | decided.apart[:, 1])
    _merge(
        model, a[order], b[order], found.score[strong][order], conflict, floor,
        decided.same, apart, root, np.full(len(root), -1, np.int32), root.copy(),
        np.zeros(model.weights.cap.size),
    )  # fmt: skip
    hindered = found.conflict.copy()
    hindered[(odds < threshold) & (raw >= threshold) & (hindered == 0)] = RIVAL
    hindered[strong[order]] = conflict
    return Clusters(root, odds, hindered)


def _order(
    odds: npt.NDArray[np.float64],
    left: npt.NDArray[np.uint64],
    right: npt.NDArray[np.uint64],
    first: npt.NDArray[np.int64],
    second: npt.NDArray[np.int64],
) -> npt.NDArray[np.int64]:
    """Places by odds (in thousandths of a bit), the greatest first; ties by content, then by identifier."""
    steps = np.round(np.clip(odds, -500, 500) * 1000).astype(np.int64)
    tie = hashing.mixed(hashing.mixed(left) + hashing.mixed(right))
    packed = ((500_000 - steps).astype(np.uint64) << np.uint64(40)) | (tie >> np.uint64(24))
    order = np.argsort(packed, kind="stable")
    ordered = packed[order]
    if (ordered[1:] != ordered[:-1]).all():
        return order
    return np.lexsort((np.maximum(first, second), np.minimum(first, second), packed))


def lift_of(
    model: Model, a: npt.NDArray[np.int32], b: npt.NDArray[np.int32]
) -> npt.NDArray[np.float64]:
    """Bits that the lists of the two records add to the prior of each pair of rows."""
    return lift_between(model.weights, model.only[a], model.only[b])


def lift_between(
    weights: Weights, left: npt.NDArray[np.uint64], right: npt.NDArray[np.uint64]
) -> npt.NDArray[np.float64]:
    """The same of lists given by their hashes, 0 for one that may have a person twice."""
    lists = weights.lists
    if not len(lists):
        return np.zeros(len(left))
    found = weights.lift[
        np.minimum(np.searchsorted(lists, left), len(lists) - 1),
        np.minimum(np.searchsorted(lists, right), len(lists) - 1),
    ]
    return np.where((left != 0) & (right != 0) & (left != right), found, 0.0)


def _odds(
    model: Model, found: Found, size: int, raw: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    degree = np.bincount(found.a, minlength=size) + np.bincount(found.b, minlength=size)
    starts = np.r_[0, np.cumsum(degree)].astype(np.int64)
    pair_of = np.empty(int(starts[-1]), np.int32)
    _adjacent(found.a, found.b, starts[:-1].copy(), pair_of)
    weight = np.where(found.conflict == 0, np.exp2(np.clip(raw, -60, 60)), 0.0)
    twice = (found.conflict == ONCE) & (raw >= _TWICE) & _one_name(model, found)
    out = np.empty(len(found.a))
    _weigh(
        _lists_of(model),
        found.a,
        found.b,
        raw,
        twice,
        weight,
        starts,
        pair_of,
        out,
    )
    return np.where(found.conflict == 0, out, raw)


def _lists_of(model: Model) -> npt.NDArray[np.int8]:
    """The place of each record's list among those that have each person once, -1 for any other."""
    lists = model.weights.lists
    if not len(lists):
        return np.full(len(model.only), -1, np.int8)
    return np.where(model.only != 0, np.searchsorted(lists, model.only), -1).astype(np.int8)


def _one_name(model: Model, found: Found) -> npt.NDArray[np.bool_]:
    """Whether nothing in the names of a pair says two people; names that belong to a group are other people's."""
    allowed = sum(1 << level for level in (*_ONE_NAME, MISSING))
    out = np.ones(len(found.a), np.bool_)
    names = (model.weights.kinds == KINDS["name"]) & (model.weights.group == 0)
    for c in np.flatnonzero(names):
        level = (found.pattern >> np.uint64(4 * c)) & np.uint64(15)
        out &= (np.uint64(allowed) >> level) & np.uint64(1) != 0
    return out


@bare
def _adjacent(a, b, free, pair_of):  # type: ignore[no-untyped-def]
    for p in range(a.size):
        for row in (a[p], b[p]):
            pair_of[free[row]] = p
            free[row] += 1


@bare
def _weigh(lists, a, b, log, twice, weight, starts, pair_of, out):  # type: ignore[no-untyped-def]
    """Odds that a pair is one person when a list has each person once: w / (1 + what its rivals are worth)."""
    for p in range(a.size):
        rivals = 0.0
        if weight[p] > 0.0:
            rivals = _rivals(lists, a, b, twice, weight, starts, pair_of, a[p], b[p])
            rivals += _rivals(lists, a, b, twice, weight, starts, pair_of, b[p], a[p])
        out[p] = log[p] - np.log2(1.0 + rivals)


@bare
def _rivals(lists, a, b, twice, weight, starts, pair_of, x, y):  # type: ignore[no-untyped-def]
    """What the other records in the list of `y` are worth to `x`, each less by what else they could be."""
    total = 0.0
    if starts[x + 1] - starts[x] == 1 or lists[y] < 0:
        return total
    for e in range(starts[x], starts[x + 1]):
        p = pair_of[e]
        z = b[p] if a[p] == x else a[p]
        rival = z != y and lists[z] == lists[y] and weight[p] > 0.0
        if rival and not _repeats(a, b, twice, starts, pair_of, y, z):
            total += weight[p] / (1.0 + _claims(lists, a, b, weight, starts, pair_of, z, x))
    return total


@part
def _claims(lists, a, b, weight, starts, pair_of, z, x):  # type: ignore[no-untyped-def]
    """What `z` is worth to the other records in the list of `x`."""
    total = 0.0
    if lists[x] < 0:
        return total
    for e in range(starts[z], starts[z + 1]):
        p = pair_of[e]
        other = b[p] if a[p] == z else a[p]
        if other != x and lists[other] == lists[x]:
            total += weight[p]
    return total


@part
def _repeats(a, b, twice, starts, pair_of, y, z):  # type: ignore[no-untyped-def]
    for e in range(starts[y], starts[y + 1]):
        p = pair_of[e]
        if (a[p] == z or b[p] == z) and twice[p]:
            return True
    return False


@part
def _root(parent, i):  # type: ignore[no-untyped-def]
    while parent[i] != i:
        parent[i] = parent[parent[i]]
        i = parent[i]
    return i


@part
def _is_apart(apart, i, j):  # type: ignore[no-untyped-def]
    if apart.size == 0:
        return False
    wanted = (np.int64(min(i, j)) << 32) | np.int64(max(i, j))
    low, high = 0, apart.size
    while low < high:
        middle = (low + high) >> 1
        if apart[middle] < wanted:
            low = middle + 1
        else:
            high = middle
    return low < apart.size and apart[low] == wanted


@bare
def _hindrance(model, x, y, following, floor, apart, sums):  # type: ignore[no-untyped-def]
    """What forbids two clusters (given by their roots) to be one person; 0 for nothing."""
    total, count = 0.0, 0
    i = x
    while i >= 0:
        j = y
        while j >= 0:
            bits, pattern = score_of(model, model.codes, i, j, sums)
            if _is_apart(apart, i, j):
                return JUDGED
            conflict = conflict_of(model, i, j, pattern)
            if conflict:
                return conflict
            total += bits
            count += 1
            j = following[j]
        i = following[i]
    return 0 if total >= floor * count else WEAK


@part
def _join(parent, following, last, x, y):  # type: ignore[no-untyped-def]
    parent[y] = x
    following[last[x]] = y
    last[x] = last[y]


@bare
def _merge(model, a, b, score, conflict, floor, same, apart, parent, following, last, sums):  # type: ignore[no-untyped-def]
    """Joins clusters in the order given; `parent` becomes the smallest row of each cluster."""
    for k in range(same.shape[0]):
        x, y = _root(parent, np.int32(same[k, 0])), _root(parent, np.int32(same[k, 1]))
        if x != y:
            _join(parent, following, last, min(x, y), max(x, y))
    for k in range(a.size):
        x, y = _root(parent, a[k]), _root(parent, b[k])
        if x == y or conflict[k]:
            continue
        if y < x:
            x, y = y, x
        if following[x] < 0 and following[y] < 0 and apart.size == 0:
            # Two records alone: the pair itself is all the evidence, and it has no conflict.
            found = 0 if score[k] >= floor else WEAK
        else:
            found = _hindrance(model, x, y, following, floor, apart, sums)
        if found:
            conflict[k] = found
            continue
        _join(parent, following, last, x, y)
    for i in range(parent.size):
        parent[i] = _root(parent, i)


def connected(
    a: npt.NDArray[np.int32], b: npt.NDArray[np.int32], size: int
) -> npt.NDArray[np.int32]:
    """The smallest row of the connected component of each of `size` rows; `a`, `b`: its edges."""
    parent = np.arange(size, dtype=np.int32)
    _connect(a, b, parent)
    return parent


@bare
def _connect(a, b, parent):  # type: ignore[no-untyped-def]
    for k in range(a.size):
        x, y = _root(parent, a[k]), _root(parent, b[k])
        if x != y:
            parent[max(x, y)] = min(x, y)
    for i in range(parent.size):
        parent[i] = _root(parent, i)
