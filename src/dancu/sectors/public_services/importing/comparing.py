"""The difference between two portals for a period, dossier by dossier, each with its reason and its effect. Pure.

Of a dossier that both have, B's row is turned into A's one field after the other; what a figure changes at a step is
the effect of that step's reason. So the effects of all reasons add up to the difference of the totals, exactly, and
no dossier is counted for two reasons.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from dancu.reference import services
from dancu.sectors.public_services.importing import turns
from dancu.sectors.public_services.importing.counted import COUNTED, Difference, Figures, Period
from dancu.sectors.public_services.importing.explaining import Pair, more, only, steps
from dancu.sectors.public_services.importing.sides import Side

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Comparison:
    """`a`, `b`: the figures of the two lists; `uncounted`: rows of each whose day of receipt cannot be read."""

    period: Period
    a: Figures
    b: Figures
    rows: tuple[int, int]
    uncounted: tuple[int, int]
    differences: list[Difference]

    def effects(self) -> dict[str, tuple[int, Figures]]:
        """Reason -> dossiers, effect; in the order of the largest effect on the total."""
        found: dict[str, tuple[int, Figures]] = {}
        for one in self.differences:
            count, effect = found.get(one.reason, (0, Figures()))
            found[one.reason] = count + 1, effect.more(one.effect)
        return dict(sorted(found.items(), key=lambda item: (-abs(item[1][1].total), -item[1][0])))


def compare(a: Side, b: Side, period: Period) -> Comparison:
    """The two sides against each other."""
    whose = _numbered(a, b)
    own_a, own_b = whose[: len(a)], whose[len(a) :]
    count = int(whose.max(initial=-1)) + 1
    pair = Pair(a, b, period, _last_seen(a), _last_seen(b))
    best_a, best_b = _latest(a, own_a, count), _latest(b, own_b, count)
    found = [*more(pair, "a", own_a, best_a), *more(pair, "b", own_b, best_b)]
    for at in np.flatnonzero((best_a >= 0) & (best_b < 0)).tolist():
        found += only(pair, "a", int(best_a[at]))
    for at in np.flatnonzero((best_b >= 0) & (best_a < 0)).tolist():
        found += only(pair, "b", int(best_b[at]))
    both = (best_a >= 0) & (best_b >= 0)
    for at in np.flatnonzero(both & ~_alike(a, b, best_a, best_b)).tolist():
        found += steps(pair, int(best_a[at]), int(best_b[at]))
    unread = tuple(int(np.isnat(side.received).sum()) for side in (a, b))
    return Comparison(
        period, _sum(a, period), _sum(b, period), (len(a), len(b)), (unread[0], unread[1]), found
    )


# --- pairing ---


def _numbered(a: Side, b: Side) -> Ints:
    """One number for each dossier; a row without a code that can be read goes by what is written, else alone."""
    keys = pa.concat_arrays([pc.coalesce(side.key, pc.utf8_upper(side.code)) for side in (a, b)])
    coded = keys.dictionary_encode()
    whose = pc.fill_null(coded.indices, -1).to_numpy(zero_copy_only=False).astype(np.int64)
    alone = whose < 0
    whose[alone] = len(coded.dictionary) + np.arange(int(alone.sum()))
    return np.asarray(np.unique(whose, return_inverse=True)[1])


def _latest(side: Side, own: Ints, count: int) -> Ints:
    order = np.lexsort((np.arange(len(own)), side.at, turns.rank(np.maximum(side.status, 0)), own))
    found = np.full(count, -1, np.int64)
    found[own[order]] = order
    return found


def _last_seen(side: Side) -> dt.datetime | None:
    known = side.received[~np.isnat(side.received)]
    return known.max().astype(dt.datetime) if len(known) else None


def _alike(a: Side, b: Side, at_a: Ints, at_b: Ints) -> npt.NDArray[np.bool_]:
    """Rows of which nothing differs; of dossiers that one side lacks nothing is said."""
    x, y = np.maximum(at_a, 0), np.maximum(at_b, 0)
    same = np.ones(len(x), bool)
    if not len(a) or not len(b):
        return same
    for name in ("received", "ended", "due"):
        u, v = getattr(a, name)[x], getattr(b, name)[y]
        same &= (u == v) | (np.isnat(u) & np.isnat(v))
    for name in ("status", "channel", "channel_given", "supplements"):
        same &= getattr(a, name)[x] == getattr(b, name)[y]
    for name in ("unit", "procedure", "code"):
        u, v = getattr(a, name).take(pa.array(x)), getattr(b, name).take(pa.array(y))
        same &= pc.fill_null(pc.equal(u, v), False).to_numpy(zero_copy_only=False)
    return same


# --- sums ---


def _sum(side: Side, period: Period) -> Figures:
    """The same as the figures of all rows together, column by column."""
    day = side.received.astype("datetime64[D]")
    within = (day >= np.datetime64(period.first)) & (day <= np.datetime64(period.last))
    within &= np.isin(side.status, list(COUNTED))
    in_time = (
        ~np.isnat(side.ended)
        & (side.supplements <= 1)
        & (np.isnat(side.due) | (side.ended <= side.due))
    )
    online = side.channel == services.ONLINE
    return Figures(int(within.sum()), int((within & online).sum()), int((within & in_time).sum()))
