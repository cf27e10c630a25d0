"""What a row of a list counts for in a period, and a difference between two lists with its effect."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final, NamedTuple

from dancu.reference import services
from dancu.sectors.public_services.importing.fields import CANCELLED
from dancu.sectors.public_services.importing.standard import RECEIVED


class Figures(NamedTuple):
    """Dossiers received in the period; of these those filed online; those ended in time."""

    total: int = 0
    online: int = 0
    on_time: int = 0

    def less(self, other: Figures) -> Figures:
        """The difference, figure by figure."""
        return Figures(*(a - b for a, b in zip(self, other, strict=True)))

    def more(self, other: Figures) -> Figures:
        """The sum, figure by figure."""
        return Figures(*(a + b for a, b in zip(self, other, strict=True)))


@dataclass(frozen=True)
class Period:
    """First and last day, both with it."""

    first: dt.date
    last: dt.date

    def holds(self, moment: dt.datetime | None) -> bool:
        """Whether the moment lies in it."""
        return moment is not None and self.first <= moment.date() <= self.last


@dataclass(frozen=True)
class Row:
    """What of a row decides what it counts for."""

    received: dt.datetime | None
    status: int
    ended: dt.datetime | None
    channel: int
    due: dt.datetime | None
    supplements: int

    def figures(self, period: Period) -> Figures:
        """What it counts for in the period. A cancelled dossier that a portal lists, it counts."""
        if not period.holds(self.received) or self.status not in COUNTED:
            return Figures()
        in_time = (
            self.ended is not None
            and self.supplements <= 1
            and (self.due is None or self.ended <= self.due)
        )
        return Figures(1, int(self.channel == services.ONLINE), int(in_time))


COUNTED: Final = frozenset((*RECEIVED, CANCELLED))


@dataclass(frozen=True)
class Difference:
    """One dossier, one reason: what it makes A count more than B."""

    code: str
    unit: str
    procedure: str
    reason: str
    words: str
    effect: Figures
    row_a: str
    row_b: str
