"""The frozen model of one job: value tables, weights, constraints, as arrays that the kernels read.

u comes from the data and is kept: for a shared value its own frequency (term frequency), for the other levels
pairs taken at random. It is never estimated inside blocks, where pairs are alike by design. Nothing here
depends on the order of the records: the random pairs are drawn over records sorted by content.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from dancu.engine.link import hashing, names
from dancu.engine.link.columns import Column
from dancu.engine.link.settings import LEVELS, Comparison, LinkSettings

KINDS = {"exact": 0, "text": 1, "number": 2, "date": 3, "name": 4}
_OWN_FREQUENCY: Mapping[str, Mapping[str, int]] = {
    "exact": {"same": 0},
    "text": {"same": 0},
    "number": {"same": 0},
    "date": {"same": 0, "swapped": 0, "partial": 1},
    "name": {
        "same": 0,
        "no_marks": 1,
        "other_marks": 1,
        "other_order": 1,
        "shorter": 2,
        "one_letter": 1,
        "one_syllable": 2,
        "given_only": 3,
    },
}
PSEUDO = 20_000
"""Records and random pairs for which the preset's u counts: a file of ten rows has no statistics of its own."""

COMMON_NAME = 12.3
"""Bits: a given name more frequent than 1 in 5,000 is a name, not a slip of the pen."""

_WIDTH = names.WIDTH


class Model(NamedTuple):
    """Arrays of one job. `codes`: int32 [records, comparisons]; see `build` for the rest."""

    codes: npt.NDArray[np.int32]
    kinds: npt.NDArray[np.int8]
    rows: npt.NDArray[np.int64]  # first row of a comparison's values in `shapes`
    shapes: npt.NDArray[np.int32]  # dates and names as numbers
    freq_rows: npt.NDArray[np.int64]
    freq: npt.NDArray[np.float32]  # log2 frequencies of each value: itself, folded or year, …
    text_rows: npt.NDArray[np.int64]
    text_at: npt.NDArray[np.int64]
    text: npt.NDArray[np.uint8]
    weight: npt.NDArray[np.float64]  # log2 m, or log2 m/u where no frequency is used
    own: npt.NDArray[np.int8]  # column of `freq` for a level, -1: none
    ceiling: npt.NDArray[np.float64]  # the most that two different values can weigh
    group: npt.NDArray[np.int8]
    cap: npt.NDArray[np.float64]
    only: npt.NDArray[np.int32]  # source of which a person has one record, -1: no such rule
    sure: npt.NDArray[np.int32]  # codes of the columns that must not differ
    unless: npt.NDArray[np.uint16]  # levels that excuse, bit per level, 0: not asked


def build(
    columns: Mapping[str, Column], settings: LinkSettings, only: npt.NDArray[np.int32]
) -> Model:
    """The model of these columns, its u-probabilities still those of the settings."""
    compared = [columns[_column_name(c)] for c in settings.comparisons]
    shapes, rows = _stack(
        [_shape(c, k) for c, k in zip(settings.comparisons, compared, strict=True)]
    )
    freq, freq_rows = _stack(
        [_frequencies(c, k) for c, k in zip(settings.comparisons, compared, strict=True)]
    )
    text, text_at, text_rows = _texts(settings, compared)
    weight, own = _weights(settings)
    group, cap = _groups(settings)
    sure = [columns[c.column].codes for c in settings.cannot_link]
    return Model(
        codes=np.ascontiguousarray(np.stack([c.codes for c in compared], axis=1)),
        kinds=np.array([KINDS[c.kind] for c in settings.comparisons], np.int8),
        rows=rows,
        shapes=shapes.astype(np.int32),
        freq_rows=freq_rows,
        freq=freq.astype(np.float32),
        text_rows=text_rows,
        text_at=text_at,
        text=text,
        weight=weight,
        own=own,
        ceiling=np.full(len(settings.comparisons), np.inf),
        group=group,
        cap=cap,
        only=only,
        sure=np.stack(sure, axis=1) if sure else np.zeros((len(only), 0), np.int32),
        unless=_unless(settings),
    )


def _column_name(comparison: Comparison) -> str:
    return comparison.name if comparison.kind == "date" else comparison.columns[0]


def _stack(tables: list[npt.NDArray[Any]]) -> tuple[npt.NDArray[Any], npt.NDArray[np.int64]]:
    starts = np.cumsum([0, *(len(t) for t in tables)])[:-1]
    return np.concatenate(tables), starts.astype(np.int64)


def _shape(comparison: Comparison, column: Column) -> npt.NDArray[np.int32]:
    if comparison.kind == "name":
        return column.names.table
    if column.dates is None:
        return np.zeros((0, _WIDTH), np.int32)
    wide = np.zeros((len(column.dates), _WIDTH), np.int32)
    wide[:, :3] = column.dates
    return wide


def _frequencies(comparison: Comparison, column: Column) -> npt.NDArray[np.float64]:
    """log2 of how often each value, and each of its coarser forms, is met; [values, 4]."""
    own = _log_share(column.counts, column, comparison, "same")
    if comparison.kind == "date" and column.dates is not None:
        year = _summed(column.dates[:, 0].astype(np.uint64), column.counts)
        coarse = [_log_share(year, column, comparison, "partial")] * 3
        return np.stack([own, *coarse], axis=1)
    if comparison.kind != "name":
        return np.stack([own] * 4, axis=1)
    read = column.names
    given = _log_share(
        _summed(read.hashes("given"), column.counts), column, comparison, "given_only"
    )
    surname = _log_share(_summed(read.hashes("surname"), column.counts), column, comparison, "same")
    folded = _summed(read.hashes("folded"), column.counts)
    bare = _log_share(folded, column, comparison, "no_marks")
    return np.stack([own, bare, np.maximum(given + surname, bare), given], axis=1)


def _summed(values: npt.NDArray[np.uint64], counts: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """For each value the records of all values equal to it in the coarser form."""
    _, place = np.unique(values, return_inverse=True)
    total = np.bincount(place, weights=counts) if len(counts) else np.zeros(0)
    return total[place].astype(np.int64)


def _log_share(
    counts: npt.NDArray[np.int64], column: Column, comparison: Comparison, level: str
) -> npt.NDArray[np.float64]:
    known = int(column.counts.sum())
    u = comparison.u[level]
    beyond = np.maximum(counts - comparison.spare, 0)
    share = (beyond + PSEUDO * u) / (known + PSEUDO)
    return np.asarray(np.log2(np.clip(share, u if comparison.spare else 1e-9, 1.0)))


def _texts(
    settings: LinkSettings, columns: list[Column]
) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Bytes of the values that are compared by letters, and where each begins."""
    data, marks, starts = [np.zeros(0, np.uint8)], [], []
    size = rows = 0
    for comparison, column in zip(settings.comparisons, columns, strict=True):
        starts.append(rows)
        if comparison.kind in ("text", "number", "name"):
            texts = column.names.texts if comparison.kind == "name" else column.texts
            raw, at = hashing.flat(texts)
            data.append(raw[at[0] : at[-1]])
            marks.append(at - at[0] + size)
            size, rows = size + int(at[-1] - at[0]), rows + len(at)
    at = np.concatenate(marks) if marks else np.zeros(1, np.int64)
    return np.concatenate(data), at.astype(np.int64), np.array(starts, np.int64)


def _weights(settings: LinkSettings) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int8]]:
    weight = np.zeros((len(settings.comparisons), 16))
    own = np.full((len(settings.comparisons), 16), -1, np.int8)
    for c, comparison in enumerate(settings.comparisons):
        for place, level in enumerate(LEVELS[comparison.kind]):
            own[c, place] = _OWN_FREQUENCY[comparison.kind].get(level, -1)
            u = 1.0 if own[c, place] >= 0 else comparison.u[level]
            weight[c, place] = np.log2(comparison.m[level] / u)
    return weight, own


def with_random_pairs(model: Model, settings: LinkSettings, counts: npt.NDArray[np.int64]) -> Model:
    """The model with u of the plain levels from random pairs; `counts` int64 [comparisons, 16]."""
    weight = model.weight.copy()
    for c, comparison in enumerate(settings.comparisons):
        seen = int(counts[c, :15].sum())
        for place, level in enumerate(LEVELS[comparison.kind]):
            if model.own[c, place] < 0:
                u = (counts[c, place] + PSEUDO * comparison.u[level]) / (seen + PSEUDO)
                weight[c, place] = np.log2(comparison.m[level] / u)
    return model._replace(weight=weight, ceiling=_ceilings(model, settings, weight))


def _ceilings(
    model: Model, settings: LinkSettings, weight: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    ends = np.append(model.freq_rows[1:], len(model.freq))
    most = []
    for c, comparison in enumerate(settings.comparisons):
        freq = model.freq[model.freq_rows[c] : ends[c]]
        rarest = freq.min(axis=0) if len(freq) else np.zeros(4)
        others = range(1, len(LEVELS[comparison.kind]))
        most += [
            max(weight[c, p] - (rarest[o] if (o := model.own[c, p]) >= 0 else 0) for p in others)
        ]
    return np.array(most) + 1e-6


def _groups(settings: LinkSettings) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.float64]]:
    named = ["", *dict.fromkeys(c.group for c in settings.comparisons if c.group)]
    group = np.array([named.index(c.group) for c in settings.comparisons], np.int8)
    cap = np.array([np.inf] + [float(settings.caps.get(n, np.inf)) for n in named[1:]])
    return group, cap


def _unless(settings: LinkSettings) -> npt.NDArray[np.uint16]:
    table = np.zeros((len(settings.cannot_link), len(settings.comparisons)), np.uint16)
    for r, rule in enumerate(settings.cannot_link):
        for name, levels in rule.unless.items():
            c = settings.index(name)
            for level in levels:
                table[r, c] |= np.uint16(1 << LEVELS[settings.comparisons[c].kind].index(level))
    return table
