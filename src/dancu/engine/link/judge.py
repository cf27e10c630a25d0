"""Two records weighed under an epoch, whether or not the matcher ever compared them: what `dancu explain` tells."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from dancu.engine.link import columns, hashing, keys, matcher, model
from dancu.engine.link.cluster import lift_of
from dancu.engine.link.epoch import Epoch, chance
from dancu.engine.link.evidence import conflict_of, score_of
from dancu.engine.link.settings import LEVELS, MISSING


@dataclass(frozen=True)
class Weighed:
    """One comparison: its level, its weight in bits, and the share of records that have the value they agree on.

    `share` is None where the level is not weighed by how often a value is met.
    """

    comparison: str
    level: str
    weight: float
    share: float | None


@dataclass(frozen=True)
class KeySeen:
    """One key for two records. `state`: shared, differs, missing (a part lacks), too_large (its block is left out)."""

    key: str
    state: str


@dataclass(frozen=True)
class Judged:
    """`prior` (that of the two lists) and `score` in bits, `probability` before rivals are weighed.

    `conflict`: the constraint that forbids.
    """

    evidence: tuple[Weighed, ...]
    prior: float
    score: float
    probability: float
    conflict: str | None
    keys: tuple[KeySeen, ...]

    @property
    def compared(self) -> bool:
        """Whether any key brings the two records together."""
        return any(k.state == "shared" for k in self.keys)


def judge(pair: pa.Table, epoch: Epoch) -> Judged:
    """The two rows of `pair` (the columns that the settings name) weighed under an epoch."""
    settings = epoch.settings
    read = columns.read(pair, settings)
    source = columns.text_column(pair, settings.source_column, is_name=False)
    built = model.build(read, epoch, matcher.only_of(source, settings))
    score, pattern = score_of(built, built.codes, 0, 1, np.zeros(built.weights.cap.size))
    forbidden = conflict_of(built, 0, 1, np.uint64(pattern))
    row = np.arange(2, dtype=np.int32)
    prior = epoch.prior + float(lift_of(built, row[:1], row[1:])[0])
    reasons = [None, "one_per_source", *(c.name for c in settings.cannot_link)]
    return Judged(
        evidence=_evidence(built, epoch, int(pattern)),
        prior=prior,
        score=float(score),
        probability=float(chance(np.array([score + prior]))[0]),
        conflict=reasons[forbidden],
        keys=tuple(_seen(read, epoch)),
    )


def _evidence(built: model.Model, epoch: Epoch, pattern: int) -> tuple[Weighed, ...]:
    found = []
    for c, comparison in enumerate(epoch.settings.comparisons):
        level = pattern >> (4 * c) & 15
        if level == MISSING:
            continue
        rows = built.codes[:, c]
        own = int(built.weights.own[c, level])
        shares = built.shares[rows, own] if comparison.kind in model.SHAPED else built.share[rows]
        often = float(shares.max()) if own >= 0 else None
        weight = float(built.weights.weight[c, level]) - (often or 0.0)
        name = LEVELS[comparison.kind][level]
        share = None if often is None else 2.0**often
        found.append(Weighed(comparison.name, name, weight, share))
    return tuple(sorted(found, key=lambda e: -abs(e.weight)))


def _seen(read: dict[str, columns.Column], epoch: Epoch) -> list[KeySeen]:
    hashes, _ = keys.matrix(read, epoch)
    plain = [keys.of_parts(hashing.text(k.name), k.parts, read) for k in epoch.settings.keys]
    out = []
    for place, key in enumerate(epoch.settings.keys):
        left, right = hashes[:, place]
        bare_left, bare_right = plain[place]
        if left and left == right:
            state = "shared"
        elif not bare_left or not bare_right:
            state = "missing"
        elif bare_left == bare_right and not (left and right):
            state = "too_large"
        else:
            state = "differs"
        out.append(KeySeen(key.name, state))
    return out
