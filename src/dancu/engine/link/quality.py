"""How good a linkage is, where nobody knows the truth: from the model's own probabilities, and from a clerk's sample.

What the model says holds as far as its probabilities do, and its interval covers chance alone. What a clerk says of
a sample drawn at random within strata holds whatever the model believes; only pairs that no key brought together are
beyond both, and their number is estimated by capture and recapture (Sekar and Deming 1949; Chapman 1951): keys that
share no column are two independent catches of the same fish.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import sqrt

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from dancu.engine.link.settings import LinkSettings

BANDS = (0.0, 0.2, 0.5, 0.8, 0.95, 0.999, 1.0)
"""Bounds of the strata of probability; each is split further into joined and not joined."""

_DRAWS = 5_000
_LIKELY = 0.9
_NORMAL = 1.96


@dataclass(frozen=True)
class Interval:
    """An estimate and its 95% interval, shares between 0 and 1 or a count of pairs."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Estimate:
    """Pairwise precision and recall over the kept pairs, and how many true pairs no key brought together.

    `unseen` is None where it cannot be told (one independent catch only); recall is then of the pairs seen.
    """

    precision: Interval
    recall: Interval
    unseen: Interval | None


@dataclass(frozen=True)
class Stratum:
    """Pairs of one band, joined or not: how many, how many a clerk judged, and how many of these are one person.

    `unsure`: pairs of which the clerk could not tell; they are not among the judged.
    """

    band: tuple[float, float]
    joined: bool
    pairs: int
    expected: float
    judged: int = 0
    same: int = 0
    unsure: int = 0

    def share(self) -> Interval | None:
        """The share of one person among the judged (Wilson 1927), wide enough for whatever the unsure are."""
        if not self.judged:
            return None
        asked = self.judged + self.unsure
        least, most = _wilson(self.same, asked)[0], _wilson(self.same + self.unsure, asked)[1]
        return Interval(self.same / self.judged, least, most)


def _wilson(hits: int, size: int) -> tuple[float, float]:
    share, z2 = hits / size, _NORMAL**2
    middle = (share + z2 / (2 * size)) / (1 + z2 / size)
    reach = _NORMAL / (1 + z2 / size) * sqrt(share * (1 - share) / size + z2 / (4 * size**2))
    return max(0.0, middle - reach), min(1.0, middle + reach)


def open_pairs(pairs: pa.Table) -> pa.Table:
    """The pairs that quality is about: not two rows of one list, of which each is somebody's own question."""
    once = pc.fill_null(pc.equal(pairs["blocked_by"], "one_per_source"), False)
    return pairs.filter(pc.invert(once))


def from_model(pairs: pa.Table, settings: LinkSettings) -> Estimate:
    """What the probabilities say. `pairs` as the link stage leaves them.

    Right pairs are a sum of independent draws (Poisson binomial), taken as normal: the interval covers sampling only,
    neither probabilities that are wrong nor pairs that depend on one another.
    """
    seen = open_pairs(pairs)
    chance = seen["probability"].to_numpy()
    joined = seen["joined"].to_numpy(zero_copy_only=False)
    hit, missed = float(chance[joined].sum()), float(chance[~joined].sum())
    doubt = chance * (1 - chance)
    unseen = unseen_pairs(seen, settings)
    more = unseen.value if unseen else 0.0
    of_hit, of_missed = float(doubt[joined].sum()), float(doubt[~joined].sum())
    precision = _share(hit, max(int(joined.sum()), 1), of_hit)
    whole = max(hit + missed + more, 1e-9)
    recall = hit / whole
    of_missed += ((unseen.high - unseen.low) / (2 * _NORMAL)) ** 2 if unseen else 0.0
    spread = (1 - recall) ** 2 * of_hit + recall**2 * of_missed
    return Estimate(precision, _share(hit, whole, spread), unseen)


def _share(part: float, whole: float, variance: float) -> Interval:
    value, reach = part / whole, _NORMAL * sqrt(variance) / whole
    return Interval(value, max(0.0, value - reach), min(1.0, value + reach))


def unseen_pairs(pairs: pa.Table, settings: LinkSettings) -> Interval | None:
    """True pairs that share no key, from the likely pairs that two sets of keys without a common column caught.

    A record whose number is missing is never caught by number keys, so only pairs that have the number on both sides
    count; damage that strikes name and number alike makes the estimate too small: read it as "at least".
    """
    likely = pairs.filter(pc.greater_equal(pairs["probability"], _LIKELY))
    caught = likely["keys"].to_numpy()
    first, second = _catches(settings, caught)
    a, b = (caught & first) != 0, (caught & second) != 0
    found_a, found_b, both = int(a.sum()), int(b.sum()), int((a & b).sum())
    if not first or not second or both < 20:
        return None
    # Of the pairs that the first caught, the share that the second missed; and so of all that it could catch.
    total = (found_a + 1) * (found_b + 1) / (both + 1) - 1
    spread = (found_a + 1) * (found_b + 1) * (found_a - both) * (found_b - both)
    reach = _NORMAL * sqrt(spread / ((both + 1) ** 2 * (both + 2)))
    seen = found_a + found_b - both
    return Interval(max(0.0, total - seen), max(0.0, total - reach - seen), total + reach - seen)


def _catches(settings: LinkSettings, caught: npt.NDArray[np.int32]) -> tuple[int, int]:
    """Bits of the keys of two catches that share no column: the one that catches most, and all the others."""
    groups: list[tuple[set[str], int]] = []
    for place, key in enumerate(settings.keys):
        columns, mask = {p.partition(".")[0] for p in (*key.parts, *key.then)}, 1 << place
        for group in [g for g in groups if g[0] & columns]:
            groups.remove(group)
            columns, mask = columns | group[0], mask | group[1]
        groups.append((columns, mask))
    groups.sort(key=lambda g: (-int(((caught & g[1]) != 0).sum()), -g[1].bit_count()))
    return groups[0][1], sum(mask for _, mask in groups[1:])


def strata(pairs: pa.Table) -> list[Stratum]:
    """The open pairs by band and by whether they are joined."""
    seen = open_pairs(pairs)
    chance = seen["probability"].to_numpy()
    joined = seen["joined"].to_numpy(zero_copy_only=False)
    place = stratum_of(chance, joined)
    out = []
    for number, (band, side) in enumerate(names()):
        here = place == number
        if here.any():
            out.append(Stratum(band, side, int(here.sum()), float(chance[here].mean())))
    return out


def stratum_of(
    chance: npt.NDArray[np.float64], joined: npt.NDArray[np.bool_]
) -> npt.NDArray[np.int64]:
    """The number of the stratum of each pair."""
    band = np.clip(np.searchsorted(BANDS, chance, side="right") - 1, 0, len(BANDS) - 2)
    return np.asarray(band * 2 + joined, np.int64)


def names() -> list[tuple[tuple[float, float], bool]]:
    """(band, joined) of each stratum, by its number."""
    bands = [(BANDS[i], BANDS[i + 1]) for i in range(len(BANDS) - 1)]
    return [(band, side) for band in bands for side in (False, True)]


def judged(pairs: pa.Table, answers: Mapping[tuple[int, int], bool | None]) -> list[Stratum]:
    """The strata with what a clerk said of a random sample.

    `answers`: (record_a, record_b) -> one person, None for "cannot tell".
    """
    seen = asked(open_pairs(pairs), answers)
    place = stratum_of(
        seen["probability"].to_numpy(), seen["joined"].to_numpy(zero_copy_only=False)
    )
    said = [
        answers[key]
        for key in zip(seen["record_a"].to_pylist(), seen["record_b"].to_pylist(), strict=True)
    ]
    counts = Counter(zip(place.tolist(), said, strict=True))
    known = names()

    def counted(s: Stratum) -> Stratum:
        here = known.index((s.band, s.joined))
        same, other = counts[here, True], counts[here, False]
        return replace(s, judged=same + other, same=same, unsure=counts[here, None])

    return [counted(s) for s in strata(pairs)]


def asked(pairs: pa.Table, answers: Mapping[tuple[int, int], bool | None]) -> pa.Table:
    """The pairs of which a clerk said something."""
    # Few of many: both ends are looked up as columns before any row becomes a Python object.
    near = pairs
    for at, end in enumerate(("record_a", "record_b")):
        wanted = pa.array(sorted({key[at] for key in answers}), pa.int64())
        near = near.filter(pc.is_in(near[end], wanted))
    keys = zip(near["record_a"].to_pylist(), near["record_b"].to_pylist(), strict=True)
    return near.filter(pa.array([key in answers for key in keys], pa.bool_()))


def from_sample(found: Sequence[Stratum], unseen: Interval | None = None) -> Estimate:
    """What a clerk's sample says, with intervals that are rather too wide than too narrow.

    The share of a stratum's pairs nobody judged lies between Beta(same, other + 1) and Beta(same + 1, other), as
    Clopper and Pearson (1934) have it, so that a sample without a mistake is not certain; the strata are put together
    by simulation. "Cannot tell" counts as other at the lower end and as same at the upper. A stratum without an
    answer counts with the model's own share, as uncertain as one judged pair.
    """
    draw = np.random.default_rng(20240621)
    joined = max(sum(s.pairs for s in found if s.joined), 1)
    more = unseen.value if unseen else 0.0
    reach = (unseen.high - unseen.low) / (2 * _NORMAL) if unseen else 0.0
    lost = np.maximum(draw.normal(more, reach, _DRAWS), 0)
    hit, missed = _sides(found, True, draw), _sides(found, False, draw)
    point = [sum(_point(s) for s in found if s.joined is side) for side in (True, False)]
    recall = point[0] / max(point[0] + point[1] + more, 1e-9)
    return Estimate(
        _between(point[0] / joined, hit[0] / joined, hit[1] / joined),
        _between(
            recall,
            hit[0] / np.maximum(hit[0] + missed[1] + lost, 1e-9),
            hit[1] / np.maximum(hit[1] + missed[0] + lost, 1e-9),
        ),
        unseen,
    )


def _point(s: Stratum) -> float:
    return (s.same / s.judged if s.judged else s.expected) * s.pairs


def _sides(
    found: Sequence[Stratum], joined: bool, draw: np.random.Generator
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Draws of the true pairs among the joined (or the other) strata, as few and as many as may be."""
    few, many = np.zeros(_DRAWS), np.zeros(_DRAWS)
    for s in found:
        if s.joined is joined:
            few += s.same + _rest(s, s.same, s.judged + s.unsure - s.same, draw, more=False)
            most = s.same + s.unsure
            many += most + _rest(s, most, s.judged - s.same, draw, more=True)
    return few, many


def _rest(
    s: Stratum, same: float, other: float, draw: np.random.Generator, *, more: bool
) -> npt.NDArray[np.int64]:
    """Draws of the true pairs among those that were not asked, after `same` and `other` answers."""
    if not same + other:
        same, other = s.expected, 1 - s.expected
    if not (other if more else same):
        share = np.full(_DRAWS, float(more))
    elif more:
        share = draw.beta(same + 1, other, _DRAWS)
    else:
        share = draw.beta(same, other + 1, _DRAWS)
    return np.asarray(draw.binomial(s.pairs - s.judged - s.unsure, share), np.int64)


def _between(value: float, low: npt.NDArray[np.float64], high: npt.NDArray[np.float64]) -> Interval:
    least, most = float(np.quantile(low, 0.025)), float(np.quantile(high, 0.975))
    return Interval(value, min(least, value), max(most, value))
