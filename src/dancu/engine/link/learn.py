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

import numpy as np
import numpy.typing as npt

from dancu.engine.link import hashing, keys, model, pairs
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
    return found


def _share(comparison: Comparison, column: Column, feature: str) -> Shares:
    """Shares of the values met more than once; what one person brings (`spare`) is not counted."""
    level = model.PLAIN_LEVEL.get((comparison.kind, feature), "same")
    u, known = comparison.u[level], int(column.counts.sum())
    if feature:
        place, hashes = hashing.numbered(column.hashes(feature))
        counts = np.bincount(place + 1, weights=column.counts, minlength=len(hashes) + 1)[1:]
        often = np.flatnonzero(counts > 1)
    else:
        hashes, counts = column.hashes(), column.counts
        often = np.flatnonzero(counts > max(comparison.spare, 1))
    often = often[np.argsort(hashes[often])]
    hashes, counts = hashes[often], counts[often]
    beyond = np.append(counts, max(comparison.spare, 1)) - comparison.spare
    share = (np.maximum(beyond, 0) + PSEUDO * u) / (known + PSEUDO)
    log = np.log2(np.clip(share, u if comparison.spare else 1e-9, 1.0)).astype(np.float32)
    return Shares(hashes, log[:-1], float(log[-1]))


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
    start, apart = epoch, _apart(built.only)
    for _ in range(ROUNDS):
        score = np.empty(len(found.a))
        scores(built, found.a, found.b, found.pattern, np.zeros(built.weights.cap.size), score)
        raw = score + epoch.prior + lift_of(built, found.a, found.b)
        match = np.where(found.conflict > 0, 0.0, chance(raw))
        settings = _maximised(
            start.settings, found.pattern, match * stands_for, stands_for, witness
        )
        prior = _prior(start.settings, len(hashes), float((match * stands_for).sum()), apart)
        cover = _covered(built, epoch.settings, found, match * stands_for)
        epoch = replace(epoch, settings=settings, prior=prior, cover=cover)
        built = built._replace(weights=model.weights(epoch))
    return epoch


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
) -> dict[tuple[str, str], float]:
    """For each two lists the share of the first that is met in the second; a short list says little."""
    names = [name for _, name in model.once_listed(settings)]
    left, right = built.only[found.a], built.only[found.b]
    between = (left != 0) & (right != 0) & (left != right)
    met = np.zeros((len(names), len(names)))
    places = [np.searchsorted(built.weights.lists, side[between]) for side in (left, right)]
    np.add.at(met, (places[0], places[1]), match[between])
    met += met.T
    size = np.array([int((built.only == h).sum()) for h in built.weights.lists])
    return {
        (one, other): float(min(met[a, b] / (size[a] + LISTED), MOST_COVERED))
        for a, one in enumerate(names)
        for b, other in enumerate(names)
        if a != b
    }


def _apart(only: npt.NDArray[np.uint64]) -> float:
    """Share of the pairs of records that may be one person: all but those within a list of one record a person."""
    counts = np.unique(only[only != 0], return_counts=True)[1]
    return max(1 - float((counts.astype(float) ** 2).sum()) / max(len(only), 1) ** 2, 0.05)


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
    pattern: npt.NDArray[np.uint64],
    match: npt.NDArray[np.float64],
    stands_for: npt.NDArray[np.float64],
    witness: Sequence[npt.NDArray[np.bool_]],
) -> LinkSettings:
    each = float(stands_for.mean())
    told = []
    for c, comparison in enumerate(settings.comparisons):
        level = ((pattern >> np.uint64(4 * c)) & np.uint64(15)).astype(np.int64)
        seen = np.bincount(level[witness[c]], weights=match[witness[c]], minlength=16)
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
