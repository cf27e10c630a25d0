"""From records to an epoch: how often values are met, u from random pairs, m by expectation-maximisation.

Fellegi and Sunter (1969) for the weights; Winkler (1988, 2000) for EM and value-specific frequencies. u is never
estimated inside blocks, where pairs are alike by design: it comes from random pairs and stays. m is estimated on
a sample of blocks and leans on the settings by `WEIGHT` imagined pairs, so that a small file keeps the preset.
Nothing depends on the order of the records: samples are drawn by hash.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import log2
from typing import Any

import numpy as np
import numpy.typing as npt

from dancu.engine.link import hashing, keys, known, model, pairs
from dancu.engine.link.cluster import lift_of
from dancu.engine.link.columns import Column
from dancu.engine.link.epoch import Epoch, Shares, bits, chance
from dancu.engine.link.evidence import count_levels, scores
from dancu.engine.link.settings import LEVELS, Comparison, LinkSettings

PSEUDO = 20_000
"""Records and random pairs for which the preset's u counts: a file of ten rows has no statistics of its own."""

WEIGHT = 3_000
"""Pairs for which the preset's m counts."""

IMAGINED = 20_000
"""Records for which the preset's prior counts: a small file says little of how many people it is drawn from."""

LISTED = 1_000
"""Records without a match that every list is thought to have besides its own."""

MOST_COVERED = 0.95
ROUNDS = 12
SETTLED = 0.005
"""Bits that the last round may still move a weight or the prior."""

CONDITIONAL = {("date", "partial"), ("name", "no_marks")}
"""Levels whose m is given that one side lacks something: they are no share of all pairs, and are not estimated."""

_RANDOM_PAIRS = 400_000
_DRAWN = 60_000  # records that random pairs are made of, those with the least hashes
_SAMPLED_PAIRS = 120_000  # of each key
_LOWEST = -12.0  # log2 odds of the least likely pair that EM looks at


@dataclass(frozen=True)
class Learnt:
    """An epoch, the model and the key hashes of the records it was learnt from, and what its keys leave out."""

    epoch: Epoch
    model: model.Model
    hashes: npt.NDArray[np.uint64]
    left: Sequence[keys.Left]


def learn(
    columns: Mapping[str, Column],
    settings: LinkSettings,
    only: npt.NDArray[np.uint64],
    contents: npt.NDArray[np.uint64],
) -> Learnt:
    """The epoch of these records. `contents`: a hash of what each record says."""
    splits, hashes, left = keys.learn(columns, settings)
    prior = log2(settings.matches_per_record / max(len(contents), settings.population))
    first = Epoch(settings, prior, _shares(columns, settings), splits)
    built = model.build(columns, first, only)
    told = _with_u(first, built, contents) if len(contents) > 1 else first
    if settings.learn:
        told = _with_m(told, built._replace(weights=model.weights(told)), hashes)
    return Learnt(told, built._replace(weights=model.weights(told)), hashes, left)


def _shares(columns: Mapping[str, Column], settings: LinkSettings) -> dict[tuple[str, str], Shares]:
    found = {}
    for comparison in settings.comparisons:
        column = columns[model.column_name(comparison)]
        for feature in model.FEATURES[comparison.kind]:
            found[comparison.name, feature] = _share(comparison, column, feature)
        if comparison.known:
            found[comparison.name, model.BLEND] = _blend(comparison, column)
    return found


def _share(comparison: Comparison, column: Column, feature: str) -> Shares:
    """Shares of the values met more than once; what one person brings (`spare`) is not counted."""
    level = model.PLAIN_LEVEL.get((comparison.kind, feature), "same")
    u, records = comparison.u[level], int(column.counts.sum())
    if feature:
        place, hashes = hashing.numbered(column.hashes(feature))
        counts = np.bincount(place + 1, weights=column.counts, minlength=len(hashes) + 1)[1:]
        often = np.flatnonzero(counts > 1)
    else:
        hashes, counts = column.hashes(), column.counts
        often = np.flatnonzero(counts > max(comparison.spare, 1))
    often = often[np.argsort(hashes[often])]
    hashes, met, before = _with_known(hashes[often], counts[often], comparison, feature, u)
    beyond = np.append(met, max(comparison.spare, 1)) - comparison.spare
    share = (np.maximum(beyond, 0) + PSEUDO * np.append(before, u)) / (records + PSEUDO)
    log = np.log2(np.clip(share, u if comparison.spare else 1e-9, 1.0)).astype(np.float32)
    return Shares(hashes, log[:-1], float(log[-1]))


def _with_known(
    hashes: npt.NDArray[np.uint64],
    counts: npt.NDArray[Any],
    comparison: Comparison,
    feature: str,
    u: float,
) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Sorted values with those of the reference data, their counts here, and the share each was thought to have."""
    table = known.shares(comparison.known, feature)
    every = np.union1d(hashes, np.array(sorted(table), np.uint64))
    number = np.ones(len(every))
    number[np.searchsorted(every, hashes)] = counts
    return (
        every,
        number,
        np.array([table.get(h, u) for h in every.tolist()] if table else [u] * len(every)),
    )


def _blend(comparison: Comparison, column: Column) -> Shares:
    """What the product of its parts counts for beside the counts of whole names (log2): less, the larger the file."""
    weight = PSEUDO / (int(column.counts.sum()) + PSEUDO)
    none = np.zeros(0, np.uint64)
    return Shares(none, none.astype(np.float32), log2(weight) + known.TOGETHER)


def _with_u(epoch: Epoch, built: model.Model, contents: npt.NDArray[np.uint64]) -> Epoch:
    """The epoch with u of the levels that no share weighs, from random pairs."""
    some = np.flatnonzero(contents <= np.uint64(min(1.0, _DRAWN / len(contents)) * (2**64 - 2049)))
    order = some[np.argsort(contents[some])]
    draw = np.random.default_rng(2024)
    count = min(_RANDOM_PAIRS, len(contents) * (len(contents) - 1) // 20)
    left = order[draw.integers(0, len(order), count)]
    right = order[draw.integers(0, len(order), count)]
    apart = left != right
    counts = np.zeros((len(epoch.settings.comparisons), 16), np.int64)
    count_levels(built, left[apart], right[apart], counts)
    told = []
    for c, comparison in enumerate(epoch.settings.comparisons):
        seen = int(counts[c, :15].sum())
        u = dict(comparison.u)
        for place, level in enumerate(LEVELS[comparison.kind]):
            if level not in model.OWN[comparison.kind]:
                u[level] = float((counts[c, place] + PSEUDO * u[level]) / (seen + PSEUDO))
        told.append(replace(comparison, u=u))
    return replace(epoch, settings=replace(epoch.settings, comparisons=tuple(told)))


def _with_m(epoch: Epoch, built: model.Model, hashes: npt.NDArray[np.uint64]) -> Epoch:
    """The epoch with m, and the share of matches, by EM over a sample of the blocks of every key."""
    found, rate = pairs.sample(built, hashes, _LOWEST - epoch.prior, _SAMPLED_PAIRS)
    if not len(found.a):
        return epoch
    witness = _witnesses(epoch.settings, pairs.shared(hashes, found.a, found.b))
    stands_for = rate[found.key]
    size = np.array([int((built.only == h).sum()) for h in built.weights.lists])
    start, apart = epoch, _apart(size, len(hashes))
    levels = _levels(found.pattern, len(epoch.settings.comparisons))
    score, sums = np.empty(len(found.a)), np.zeros(built.weights.cap.size)
    for _ in range(ROUNDS):
        before = epoch
        scores(built, found.a, found.b, found.pattern, sums, score)
        raw = score + epoch.prior + lift_of(built, found.a, found.b)
        match = np.where(found.conflict > 0, 0.0, chance(raw)) * stands_for
        settings = _maximised(start.settings, levels, match, float(stands_for.mean()), witness)
        prior = _prior(start.settings, len(hashes), float(match.sum()), apart)
        cover = _covered(built, epoch.settings, found, match, size)
        epoch = replace(epoch, settings=settings, prior=prior, cover=cover)
        built = built._replace(weights=model.weights(epoch))
        if _settled(before, epoch):
            break
    return epoch


def _levels(pattern: npt.NDArray[np.uint64], size: int) -> list[npt.NDArray[np.int64]]:
    """The level of every pair in each comparison."""
    return [((pattern >> np.uint64(4 * c)) & np.uint64(15)).astype(np.int64) for c in range(size)]


def _settled(before: Epoch, after: Epoch) -> bool:
    """Whether a round has moved no weight and not the prior by more than `SETTLED`."""
    pairs_of_m = zip(before.settings.comparisons, after.settings.comparisons, strict=True)
    moved = max(abs(log2(b.m[k] / a.m[k])) for a, b in pairs_of_m for k in a.m)
    return max(moved, abs(after.prior - before.prior)) < SETTLED and bool(before.cover)


def _prior(settings: LinkSettings, records: int, matches: float, apart: float) -> float:
    """log2 odds that two records taken at random, and not of one list that has each person once, are one person."""
    before = settings.matches_per_record / settings.population
    imagined = IMAGINED**2 / 2
    share = (matches + before * imagined) / (records**2 / 2 * apart + imagined)
    return bits(min(share, 0.5))


def _covered(
    built: model.Model,
    settings: LinkSettings,
    found: pairs.Found,
    match: npt.NDArray[np.float64],
    size: npt.NDArray[np.int64],
) -> dict[tuple[str, str], float]:
    """For each two lists the share of the first that is met in the second; a short list says little."""
    names = [name for _, name in model.once_listed(settings)]
    left, right = built.only[found.a], built.only[found.b]
    between = (left != 0) & (right != 0) & (left != right)
    met = np.zeros((len(names), len(names)))
    places = [np.searchsorted(built.weights.lists, side[between]) for side in (left, right)]
    np.add.at(met, (places[0], places[1]), match[between])
    met += met.T
    return {
        (one, other): float(min(met[a, b] / (size[a] + LISTED), MOST_COVERED))
        for a, one in enumerate(names)
        for b, other in enumerate(names)
        if a != b
    }


def _apart(size: npt.NDArray[np.int64], records: int) -> float:
    """Share of the pairs of records that may be one person: all but those within a list of one record a person."""
    return max(1 - float((size.astype(float) ** 2).sum()) / max(records, 1) ** 2, 0.05)


def _witnesses(
    settings: LinkSettings, shared: npt.NDArray[np.uint16]
) -> list[npt.NDArray[np.bool_]]:
    """For each comparison the pairs that a key without its columns brought: only these tell how often it errs."""
    out = []
    for comparison in settings.comparisons:
        own = {comparison.name, *comparison.columns}
        free = sum(
            1 << place
            for place, key in enumerate(settings.keys)
            if not own & {p.partition(".")[0] for p in (*key.parts, *key.then)}
        )
        out.append((shared & np.uint16(free)) != 0)
    return out


def _maximised(
    settings: LinkSettings,
    levels: Sequence[npt.NDArray[np.int64]],
    match: npt.NDArray[np.float64],
    each: float,
    witness: Sequence[npt.NDArray[np.bool_]],
) -> LinkSettings:
    """The settings with m from the pairs as likely matches; `each`: pairs that a sampled one stands for on average."""
    told = []
    for comparison, level, seen_by in zip(settings.comparisons, levels, witness, strict=True):
        seen = np.bincount(level, weights=np.where(seen_by, match, 0.0), minlength=16)
        told.append(replace(comparison, m=_new_m(comparison, seen / each)))
    return replace(settings, comparisons=tuple(told))


def _new_m(comparison: Comparison, seen: npt.NDArray[np.float64]) -> dict[str, float]:
    levels = LEVELS[comparison.kind]
    free = [k for k in range(len(levels)) if (comparison.kind, levels[k]) not in CONDITIONAL]
    whole = sum(comparison.m[levels[k]] for k in free)
    total = sum(seen[k] for k in free) + WEIGHT
    m = dict(comparison.m)
    for k in free:
        share = (seen[k] + WEIGHT * comparison.m[levels[k]] / whole) / total
        m[levels[k]] = float(np.clip(share * whole, 1e-5, 0.9999))
    return m


def contents_of(
    columns: Mapping[str, Column], source: npt.NDArray[np.uint64]
) -> npt.NDArray[np.uint64]:
    """A hash of all that a record says, for an order that no renumbering changes."""
    total = source
    for name in sorted(columns):
        total = hashing.mingled(total, columns[name].hashes(), columns[name].codes)
    return total
