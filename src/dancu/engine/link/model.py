"""What the kernels read: the records of one job as codes, their values as tables, and the weights of an epoch.

Codes of exact, text and number comparisons are rows of the plain tables; codes of names and dates are rows of the
shaped ones. Nothing here depends on the order of the records.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from dancu.engine.link import hashing, names
from dancu.engine.link.columns import Column, even_text
from dancu.engine.link.epoch import Epoch
from dancu.engine.link.jit import bare, part
from dancu.engine.link.settings import LEVELS, Comparison, LinkSettings, level_number

KINDS = {"exact": 0, "text": 1, "number": 2, "date": 3, "name": 4}
SHAPED = ("date", "name")
WIDTH = names.WIDTH
FEATURES: Mapping[str, tuple[str, ...]] = {
    "exact": ("",),
    "text": ("",),
    "number": ("",),
    "date": ("", "year"),
    "name": ("", "folded", "surname", "given", "middle"),
}
"""Features of a value whose shares an epoch keeps."""

BLEND = "blend"
"""Name under which an epoch keeps what the product of its parts counts for."""

OWN: Mapping[str, Mapping[str, int]] = {
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
"""Levels weighed by how often the value is met, and the column of `share` that tells it."""

PLAIN_LEVEL: Mapping[tuple[str, str], str] = {
    ("date", "year"): "partial",
    ("name", "folded"): "no_marks",
    ("name", "surname"): "same",
    ("name", "given"): "given_only",
    ("name", "middle"): "given_only",
}
"""The level whose u stands for a feature not met often enough to count ("same" for a value itself)."""

COMMON_NAME = 12.3
"""Bits: a given name more frequent than 1 in 5,000 is a name, not a slip of the pen."""


_RUN = 4_096  # rows that stay in the cache


class Weights(NamedTuple):
    """Arrays of an epoch; `comparisons` C, `groups` G, `constraints` R."""

    kinds: npt.NDArray[np.int8]  # [C]
    weight: npt.NDArray[np.float64]  # [C, 16] log2 m, or log2 m/u where no share is used
    own: npt.NDArray[np.int8]  # [C, 16] column of `share` for a level, -1: none
    group: npt.NDArray[np.int8]  # [C]
    cap: npt.NDArray[np.float64]  # [G] the most that a group of comparisons can weigh
    ceiling: npt.NDArray[np.float64]  # [C] the most that two different values can weigh
    unless: npt.NDArray[
        np.uint16
    ]  # [R, alternatives, C] levels that excuse, a bit each, 0: not asked
    lists: npt.NDArray[np.uint64]  # [L] sorted hashes of the lists that have each person once
    lift: npt.NDArray[np.float64]  # [L, L] bits that a pair of lists adds to the prior


class Model(NamedTuple):
    """Records as codes, -1 for none, and the tables that the codes are rows of."""

    codes: npt.NDArray[np.int32]  # [records, C]
    only: npt.NDArray[
        np.uint64
    ]  # hash of the source of which a person has one record, 0: no such rule
    sure: npt.NDArray[np.uint64]  # [records, R] hashes of the values that must not differ, 0: none
    share: npt.NDArray[np.float32]  # [plain values]
    letters: npt.NDArray[np.uint64]  # [plain values] length and first letters, four bits each
    text_at: npt.NDArray[np.int64]
    text: npt.NDArray[np.uint8]
    shapes: npt.NDArray[np.int32]  # [shaped values, WIDTH]
    shares: npt.NDArray[np.float32]  # [shaped values, 4]
    name_at: npt.NDArray[np.int64]
    name: npt.NDArray[np.uint8]  # folded, without spaces
    weights: Weights


def build(columns: Mapping[str, Column], epoch: Epoch, only: npt.NDArray[np.uint64]) -> Model:
    """The model of these columns under an epoch."""
    compared = [(c, columns[column_name(c)]) for c in epoch.settings.comparisons]
    codes, plain, shaped = _codes(compared)
    sure = [k.of_records() for k in _constrained(columns, epoch)]
    at, data = _texts([k for c, k in plain if c.kind != "exact"], plain)
    name_at, name = _names(shaped)
    return Model(
        codes=codes,
        only=only,
        sure=np.stack(sure, axis=1) if sure else np.zeros((len(only), 0), np.uint64),
        share=_concatenated([_looked_up(epoch, c, "", k) for c, k in plain], np.float32),
        letters=_letters(at, data),
        text_at=at,
        text=data,
        shapes=_concatenated([shape(c, k) for c, k in shaped], np.int32, WIDTH),
        shares=_concatenated([_shares(c, k, epoch) for c, k in shaped], np.float32, 4),
        name_at=name_at,
        name=name,
        weights=weights(epoch),
    )


def column_name(comparison: Comparison) -> str:
    """The column that a comparison reads; a date's three parts are one column under the comparison's name."""
    return comparison.name if comparison.kind == "date" else comparison.columns[0]


def _constrained(columns: Mapping[str, Column], epoch: Epoch) -> list[Column]:
    return [columns[c.column] for c in epoch.settings.cannot_link]


Pairs = Sequence[tuple[Comparison, Column]]


def _codes(compared: Pairs) -> tuple[npt.NDArray[np.int32], Pairs, Pairs]:
    """Codes int32 [records, C] as rows of the plain and the shaped tables, and whose values those hold in order."""
    plain = [(c, k) for c, k in compared if c.kind not in SHAPED]
    shaped = [(c, k) for c, k in compared if c.kind in SHAPED]
    starts: dict[str, int] = {}
    for some in (plain, shaped):
        row = 0
        for comparison, column in some:
            starts[comparison.name] = row
            row += column.size
    out = np.empty((len(compared[0][1].codes), len(compared)), np.int32)
    # By runs of rows: a row of `out` is then in the cache for all columns.
    for first in range(0, len(out), _RUN):
        rows = slice(first, first + _RUN)
        for place, (comparison, column) in enumerate(compared):
            _shift(column.codes[rows], np.int32(starts[comparison.name]), out[rows, place])
    return out, plain, shaped


@bare
def _shift(codes, start, out):  # type: ignore[no-untyped-def]
    for i in range(codes.size):
        out[i] = codes[i] + start if codes[i] >= 0 else -1


def _concatenated(tables: list[Any], kind: Any, width: int = 0) -> npt.NDArray[Any]:
    empty = np.zeros((0, width) if width else 0, kind)
    return np.ascontiguousarray(np.concatenate([empty, *tables]).astype(kind, copy=False))


def shape(comparison: Comparison, column: Column) -> npt.NDArray[np.int32]:
    """int32 [values, WIDTH]: names as syllables, dates as year, month, day."""
    if comparison.kind == "name":
        return column.names.shapes()
    wide = np.zeros((column.size, WIDTH), np.int32)
    if column.dates is not None:
        wide[:, :3] = column.dates
    return wide


def _shares(comparison: Comparison, column: Column, epoch: Epoch) -> npt.NDArray[np.float32]:
    found = [_looked_up(epoch, comparison, f, column) for f in FEATURES[comparison.kind]]
    return of_features(comparison.kind, found, blend_of(epoch, comparison.name))


def _looked_up(
    epoch: Epoch, comparison: Comparison, feature: str, column: Column
) -> npt.NDArray[np.float32]:
    """`Shares.of` for all values of a column."""
    shares = epoch.shares[comparison.name, feature]
    return hashing.looked_up(column.hashes(feature), shares.hashes, shares.log, shares.rest)


def blend_of(epoch: Epoch, name: str) -> float | None:
    """log2 of what the product of its parts counts for beside the counts of whole names; None: nothing."""
    found = epoch.shares.get((name, BLEND))
    return found.rest if found else None


def of_features(
    kind: str, found: Sequence[npt.NDArray[np.float32]], blend: float | None
) -> npt.NDArray[np.float32]:
    """float32 [values, 4]: the columns of `share` from the shares of the features of a name or date."""
    if kind == "date":
        own, year = found
        return np.stack([own, year, year, year], axis=1)
    own, folded, surname, given, middle = found
    if blend is not None:
        thought = np.sum([f.astype(np.float64) for f in (surname, given, middle)], axis=0) + blend
        own, folded = (
            np.logaddexp2(f.astype(np.float64), thought).astype(np.float32) for f in (own, folded)
        )
    return np.stack([own, folded, np.maximum(surname + given, folded), given], axis=1)


def _texts(
    kept: Sequence[Column], plain: Pairs
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.uint8]]:
    """Where the letters of each plain value begin, and the letters; exact values need none."""
    lengths, data = [np.zeros(1, np.int64)], [np.zeros(0, np.uint8)]
    for _, column in plain:
        if not any(column is k for k in kept):
            lengths.append(np.zeros(column.size, np.int64))
            continue
        raw, at = hashing.flat(column.texts)
        lengths.append(np.diff(at))
        data.append(raw[at[0] : at[-1]])
    return np.cumsum(np.concatenate(lengths)), np.concatenate(data)


def _names(shaped: Pairs) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.uint8]]:
    lengths, data = [np.zeros(1, np.int64)], [np.zeros(0, np.uint8)]
    for comparison, column in shaped:
        if comparison.kind == "date":
            lengths.append(np.zeros(column.size, np.int64))
            continue
        raw, at = hashing.flat(column.names.texts)
        lengths.append(np.diff(at))
        data.append(raw[at[0] : at[-1]])
    return np.cumsum(np.concatenate(lengths)), np.concatenate(data)


@part
def packed_letters(data, first, last):  # type: ignore[no-untyped-def]
    """The length (at most 15), then the first 15 bytes, four bits each: one letter changed changes one place."""
    out = np.uint64(0)
    for k in range(first, min(last, first + 15)):
        out = (out << np.uint64(4)) | np.uint64(data[k] & 15)
    return out | (np.uint64(min(last - first, 15)) << np.uint64(60))


@bare
def _pack_letters(at, data, out):  # type: ignore[no-untyped-def]
    for i in range(out.size):
        out[i] = packed_letters(data, at[i], at[i + 1])


def _letters(at: npt.NDArray[np.int64], data: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint64]:
    out = np.zeros(len(at) - 1, np.uint64)
    _pack_letters(at, data, out)
    return out


def weights(epoch: Epoch) -> Weights:
    """The weights of an epoch."""
    settings = epoch.settings
    size = len(settings.comparisons)
    weight, own = np.zeros((size, 16)), np.full((size, 16), -1, np.int8)
    for c, comparison in enumerate(settings.comparisons):
        for place, level in enumerate(LEVELS[comparison.kind]):
            own[c, place] = OWN[comparison.kind].get(level, -1)
            u = 1.0 if own[c, place] >= 0 else comparison.u[level]
            added = settings.adjust.get(comparison.name, {}).get(level, 0.0)
            weight[c, place] = np.log2(comparison.m[level] / u) + added
    group, cap = _groups(settings)
    lists = once_listed(settings)
    return Weights(
        kinds=np.array([KINDS[c.kind] for c in settings.comparisons], np.int8),
        weight=weight,
        own=own,
        group=group,
        cap=cap,
        ceiling=_ceilings(epoch, weight, own),
        unless=_unless(settings),
        lists=np.array([h for h, _ in lists], np.uint64),
        lift=np.array([[epoch.lift(a, b) for _, b in lists] for _, a in lists]).reshape(
            len(lists), len(lists)
        ),
    )


def once_listed(settings: LinkSettings) -> list[tuple[int, str]]:
    """(hash, name) of the lists that have each person once, by hash."""
    named = {even_text(s) for s in settings.one_per_source}
    return sorted((hashing.text(n), n) for n in named)


def _ceilings(
    epoch: Epoch, weight: npt.NDArray[np.float64], own: npt.NDArray[np.int8]
) -> npt.NDArray[np.float64]:
    most = []
    for c, comparison in enumerate(epoch.settings.comparisons):
        rarest = _rarest(comparison, epoch)
        others = range(1, len(LEVELS[comparison.kind]))
        most.append(max(weight[c, p] - (rarest[o] if (o := own[c, p]) >= 0 else 0) for p in others))
    return np.array(most) + 1e-3


def _rarest(comparison: Comparison, epoch: Epoch) -> list[float]:
    least = [
        min(s.rest, float(s.log.min(initial=0)))
        for s in (epoch.shares[comparison.name, f] for f in FEATURES[comparison.kind])
    ]
    if comparison.kind == "date":
        return [least[0], least[1], least[1], least[1]]
    if comparison.kind == "name":
        return [least[0], least[1], max(least[2] + least[3], least[1]), least[3]]
    return least


def _groups(settings: LinkSettings) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.float64]]:
    named = ["", *dict.fromkeys(c.group for c in settings.comparisons if c.group)]
    group = np.array([named.index(c.group) for c in settings.comparisons], np.int8)
    cap = np.array([np.inf] + [float(settings.caps.get(n, np.inf)) for n in named[1:]])
    return group, cap


def _unless(settings: LinkSettings) -> npt.NDArray[np.uint16]:
    most = max([len(rule.unless) for rule in settings.cannot_link], default=0)
    table = np.zeros((len(settings.cannot_link), most, len(settings.comparisons)), np.uint16)
    asked = (
        (r, place, name, levels)
        for r, rule in enumerate(settings.cannot_link)
        for place, alternative in enumerate(rule.unless)
        for name, levels in alternative.items()
    )
    for r, place, name, levels in asked:
        c = settings.index(name)
        for level in levels:
            table[r, place, c] |= np.uint16(1 << level_number(settings.comparisons[c].kind, level))
    return table
