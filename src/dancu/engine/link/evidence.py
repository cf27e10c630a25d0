"""The evidence of one pair: its level in every comparison, their weights, and what keeps it apart. Compiled."""

from __future__ import annotations

import numpy as np

from dancu.engine.link.jit import kernel
from dancu.engine.link.model import COMMON_NAME
from dancu.engine.link.similarity import date_level, jaro_winkler, name_level, one_edit

_COMMON = -COMMON_NAME


@kernel
def level_of(model, c, a, b):  # type: ignore[no-untyped-def]
    """Level of comparison `c` for two value codes; 15 when one is missing."""
    if a < 0 or b < 0:
        return 15
    if a == b:
        kind = model.kinds[c]
        if kind == 3:
            row = model.shapes[model.rows[c] + a]
            return 0 if row[1] > 0 and row[2] > 0 else 2
        return 0
    kind = model.kinds[c]
    if kind == 0:
        return 1
    if kind == 3:
        return date_level(model.shapes[model.rows[c] + a], model.shapes[model.rows[c] + b])
    at, rows = model.text_at, model.text_rows[c]
    a0, a1, b0, b1 = at[rows + a], at[rows + a + 1], at[rows + b], at[rows + b + 1]
    if kind == 2:
        return 1 if one_edit(model.text, a0, a1, b0, b1) else 2
    if kind == 1:
        near = jaro_winkler(model.text, a0, a1, b0, b1)
        return 1 if near >= 0.92 else 2 if near >= 0.8 else 3
    level = name_level(model.shapes[model.rows[c] + a], model.shapes[model.rows[c] + b])
    if level >= 6 and one_edit(model.text, a0, a1, b0, b1):
        fa, fb = model.freq[model.freq_rows[c] + a, 3], model.freq[model.freq_rows[c] + b, 3]
        # An and Anh are two names; Khuyen and Khuyn are one name and a slip.
        if level < 8 or min(fa, fb) < _COMMON:
            return 5
    return level


@kernel
def weight_of(model, c, level, a, b):  # type: ignore[no-untyped-def]
    """Bits of evidence for one person: positive speaks for, negative against."""
    if level == 15:
        return 0.0
    own = model.own[c, level]
    if own < 0:
        return model.weight[c, level]
    row = model.freq_rows[c]
    return model.weight[c, level] - max(model.freq[row + a, own], model.freq[row + b, own])


@kernel
def score_of(model, i, j, sums):  # type: ignore[no-untyped-def]
    """(sum of weights with each group's cap, levels packed in 4 bits each). `sums`: scratch, one for each group."""
    sums[:] = 0.0
    pattern = np.uint64(0)
    for c in range(model.kinds.size):
        a, b = model.codes[i, c], model.codes[j, c]
        level = level_of(model, c, a, b)
        pattern |= np.uint64(level) << np.uint64(4 * c)
        sums[model.group[c]] += weight_of(model, c, level, a, b)
    total = 0.0
    for g in range(sums.size):
        total += min(sums[g], model.cap[g])
    return total, pattern


@kernel
def at_most(model, i, j, sums):  # type: ignore[no-untyped-def]
    """A bound that `score_of` does not pass, from codes alone: no text is read, dates are."""
    sums[:] = 0.0
    for c in range(model.kinds.size):
        a, b = model.codes[i, c], model.codes[j, c]
        if a < 0 or b < 0:
            continue
        if a == b or model.kinds[c] == 0 or model.kinds[c] == 3:
            sums[model.group[c]] += weight_of(model, c, level_of(model, c, a, b), a, b)
        else:
            sums[model.group[c]] += model.ceiling[c]
    total = 0.0
    for g in range(sums.size):
        total += min(sums[g], model.cap[g])
    return total


@kernel
def conflict_of(model, i, j, pattern):  # type: ignore[no-untyped-def]
    """0 when nothing forbids one person, 1 for one record per source, 2 + r for constraint r."""
    if model.only[i] >= 0 and model.only[i] == model.only[j]:
        return 1
    for r in range(model.sure.shape[1]):
        a, b = model.sure[i, r], model.sure[j, r]
        if a >= 0 and b >= 0 and a != b and not _excused(model, r, pattern):
            return 2 + r
    return 0


@kernel
def _excused(model, r, pattern):  # type: ignore[no-untyped-def]
    asked = False
    for c in range(model.kinds.size):
        allowed = model.unless[r, c]
        if allowed:
            asked = True
            level = (pattern >> np.uint64(4 * c)) & np.uint64(15)
            if not (np.uint64(allowed) >> level) & np.uint64(1):
                return False
    return asked


@kernel
def count_levels(model, left, right, counts):  # type: ignore[no-untyped-def]
    """Levels met in the given pairs, added to `counts` [comparisons, 16]."""
    for k in range(left.size):
        for c in range(model.kinds.size):
            counts[c, level_of(model, c, model.codes[left[k], c], model.codes[right[k], c])] += 1


@kernel
def tenths(model, left, right, pattern, out):  # type: ignore[no-untyped-def]
    """Weight of each comparison of each pair, in tenths of a bit, with its level: level * 10000 + 5000 + tenths."""
    for k in range(left.size):
        for c in range(model.kinds.size):
            a, b = model.codes[left[k], c], model.codes[right[k], c]
            level = int((pattern[k] >> np.uint64(4 * c)) & np.uint64(15))
            out[k, c] = level * 10000 + 5000 + round(weight_of(model, c, level, a, b) * 10)
