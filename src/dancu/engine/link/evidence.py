"""The evidence of one pair: its level in every comparison, their weights, and what keeps it apart. Compiled.

A record is a row of codes, in the model or copied from it; both rows index the tables of the same model.
"""

from __future__ import annotations

import numpy as np

from dancu.engine.link.jit import bare, part
from dancu.engine.link.model import COMMON_NAME
from dancu.engine.link.similarity import date_level, jaro_winkler, name_level, one_edit

_COMMON = -COMMON_NAME


@part
def level_of(model, c, a, b):  # type: ignore[no-untyped-def]
    """Level of comparison `c` for two value codes; 15 when one is missing."""
    if a < 0 or b < 0:
        return 15
    kind = model.weights.kinds[c]
    if a == b:
        if kind == 3:
            return 0 if model.shapes[a, 1] > 0 and model.shapes[a, 2] > 0 else 2
        return 0
    if kind == 0:
        return 1
    if kind == 2:
        return number_level(model, a, b)
    if kind == 3:
        return date_level(model.shapes, a, b)
    if kind == 1:
        at = model.text_at
        near = jaro_winkler(model.text, at[a], at[a + 1], at[b], at[b + 1])
        return 1 if near >= 0.92 else 2 if near >= 0.8 else 3
    level = name_level(model.shapes, a, b)
    return level if level < 6 else _slip(model, a, b, level)


@part
def number_level(model, a, b):  # type: ignore[no-untyped-def]
    """Level of two different numbers; the letters are read only where few places differ."""
    left, right = model.letters[a], model.letters[b]
    longer = np.int64(left >> np.uint64(60)) - np.int64(right >> np.uint64(60))
    if longer > 1 or longer < -1:
        return 2
    if longer == 0:
        apart = left ^ right
        apart |= apart >> np.uint64(1)
        apart |= apart >> np.uint64(2)
        apart &= np.uint64(0x1111111111111111)
        apart &= apart - np.uint64(1)
        apart &= apart - np.uint64(1)
        if apart != 0:
            return 2
    at = model.text_at
    return 1 if one_edit(model.text, at[a], at[a + 1], at[b], at[b + 1]) else 2


@part
def _slip(model, a, b, level):  # type: ignore[no-untyped-def]
    at = model.name_at
    # An and Anh are two names; Khuyen and Khuyn are one name and a slip.
    rare = level < 8 or min(model.shares[a, 3], model.shares[b, 3]) < _COMMON
    return 5 if rare and one_edit(model.name, at[a], at[a + 1], at[b], at[b + 1]) else level


@part
def weight_of(model, c, level, a, b):  # type: ignore[no-untyped-def]
    """Bits of evidence for one person: positive speaks for, negative against."""
    if level == 15:
        return 0.0
    own = model.weights.own[c, level]
    if own < 0:
        return model.weights.weight[c, level]
    if model.weights.kinds[c] < 3:
        return model.weights.weight[c, level] - max(model.share[a], model.share[b])
    return model.weights.weight[c, level] - max(model.shares[a, own], model.shares[b, own])


@bare
def score_of(model, codes, x, y, sums):  # type: ignore[no-untyped-def]
    """(sum of weights with each group's cap, levels packed in 4 bits each) of rows x and y of `codes`.

    `sums`: scratch, one for each group.
    """
    return score_from(model, codes, x, y, sums, -np.inf)


@part
def score_from(model, codes, x, y, sums, floor):  # type: ignore[no-untyped-def]
    """`score_of`, given up (-1e9) as soon as it cannot reach `floor`.

    First what the codes alone tell, values that differ counting as much as they ever could; then these, one by one.
    """
    for g in range(sums.size):
        sums[g] = 0.0
    pattern, waiting = np.uint64(0), np.uint64(0)
    for c in range(codes.shape[1]):
        a, b = codes[x, c], codes[y, c]
        kind = model.weights.kinds[c]
        level = 15
        if a >= 0 and b >= 0:
            if a != b and kind != 0 and kind != 3:
                waiting |= np.uint64(1) << np.uint64(c)
                sums[model.weights.group[c]] += model.weights.ceiling[c]
                continue
            level = 0
            if a != b or kind == 3:
                level = level_of(model, c, a, b)
            sums[model.weights.group[c]] += weight_of(model, c, level, a, b)
        pattern |= np.uint64(level) << np.uint64(4 * c)
    total = _capped(model, sums)
    if waiting == 0 or total + 0.001 < floor:
        return total if total >= floor else -1e9, pattern
    for c in range(codes.shape[1]):
        if (waiting >> np.uint64(c)) & np.uint64(1):
            a, b = codes[x, c], codes[y, c]
            level = level_of(model, c, a, b)
            gained = weight_of(model, c, level, a, b) - model.weights.ceiling[c]
            sums[model.weights.group[c]] += gained
            pattern |= np.uint64(level) << np.uint64(4 * c)
            if _capped(model, sums) + 0.001 < floor:
                return -1e9, pattern
    # Summed anew in one order, so that a score does not depend on the way it was reached.
    return score_known(model, codes, x, y, pattern, sums), pattern


@part
def score_known(model, codes, x, y, pattern, sums):  # type: ignore[no-untyped-def]
    """The score of a pair whose levels are known."""
    for g in range(sums.size):
        sums[g] = 0.0
    for c in range(codes.shape[1]):
        level = np.int64((pattern >> np.uint64(4 * c)) & np.uint64(15))
        if level != 15:
            sums[model.weights.group[c]] += weight_of(model, c, level, codes[x, c], codes[y, c])
    return _capped(model, sums)


@part
def _capped(model, sums):  # type: ignore[no-untyped-def]
    total = 0.0
    for g in range(sums.size):
        total += min(sums[g], model.weights.cap[g])
    return total


@part
def conflict_of(model, i, j, pattern):  # type: ignore[no-untyped-def]
    """0 when nothing forbids records i and j to be one person, 1 for one record per source, 2 + r for constraint r."""
    if model.only[i] != 0 and model.only[i] == model.only[j]:
        return 1
    for r in range(model.sure.shape[1]):
        a, b = model.sure[i, r], model.sure[j, r]
        if a != 0 and b != 0 and a != b and not _excused(model, r, pattern):
            return 2 + r
    return 0


@part
def _excused(model, r, pattern):  # type: ignore[no-untyped-def]
    for alternative in range(model.weights.unless.shape[1]):
        asked, holds = False, True
        for c in range(model.weights.kinds.size):
            allowed = model.weights.unless[r, alternative, c]
            if allowed:
                asked = True
                level = (pattern >> np.uint64(4 * c)) & np.uint64(15)
                if not (np.uint64(allowed) >> level) & np.uint64(1):
                    holds = False
        if asked and holds:
            return True
    return False


@bare
def count_levels(model, left, right, counts):  # type: ignore[no-untyped-def]
    """Levels met in the given pairs, added to `counts` [comparisons, 16]."""
    for k in range(left.size):
        for c in range(counts.shape[0]):
            counts[c, level_of(model, c, model.codes[left[k], c], model.codes[right[k], c])] += 1


@bare
def tenths(model, left, right, pattern, out):  # type: ignore[no-untyped-def]
    """Weight of each comparison of each pair, in tenths of a bit, with its level: level * 10000 + 5000 + tenths."""
    for k in range(left.size):
        for c in range(out.shape[1]):
            a, b = model.codes[left[k], c], model.codes[right[k], c]
            level = int((pattern[k] >> np.uint64(4 * c)) & np.uint64(15))
            out[k, c] = level * 10000 + 5000 + round(weight_of(model, c, level, a, b) * 10)


@bare
def scores(model, left, right, pattern, sums, out):  # type: ignore[no-untyped-def]
    """The scores of pairs whose levels are known, under this model's weights."""
    for k in range(left.size):
        out[k] = score_known(model, model.codes, left[k], right[k], pattern[k], sums)
