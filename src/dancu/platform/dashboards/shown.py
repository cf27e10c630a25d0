"""A figure as a board writes it: its text, its parts, how it moved, how far it is from each target, its bar."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from dancu.engine.report.content import Target as Goal
from dancu.engine.report.indicators import Change, Figure, Indicator, change
from dancu.engine.report.printed import vi
from dancu.engine.report.sentences import share
from dancu.platform.reports import shown, targets
from dancu.platform.reports.targets import Distance, Target
from dancu.reference.units import Level

WIDTH = 160
"""Of the bar of a share, in its own units."""


@dataclass(frozen=True)
class Aim:
    """A target in words, whether it is reached (good, bad, none), the gap in words, and in records."""

    state: str
    words: str
    gap: str
    records: int


@dataclass(frozen=True)
class Shown:
    """An indicator of a unit beside the same days of the year before."""

    indicator: Indicator
    figure: Figure
    before: Figure
    change: Change
    distances: list[Distance]

    @property
    def name(self) -> str:
        """In the language of the page."""
        return shown.name(self.indicator)

    @property
    def text(self) -> str:
        """The value with its unit."""
        return text(self.figure, self.indicator, [d.target for d in self.distances])

    @property
    def parts(self) -> str:
        """«321.335 / 332.400» of a share; the number behind a mean."""
        return shown.parts(self.figure)

    @property
    def before_text(self) -> str:
        """Of the year before."""
        return text(self.before, self.indicator)

    @property
    def is_share(self) -> bool:
        """Whether a change in points can be said of it."""
        return self.figure.measure == "share"

    @property
    def arrow(self) -> str:
        """Which way it went: up, down, or nowhere."""
        moved = self._moved
        return "" if not moved else "arrow-up" if moved > 0 else "arrow-down"

    @property
    def moves(self) -> list[str]:
        """The change of a share in points and then in per cent, of anything else in per cent alone."""
        told = shown.changed(self.change, self.figure)
        return [one for one in told if one not in ("", shown.NOTHING)]

    @property
    def trend(self) -> str:
        """good, bad or none."""
        moved = self._moved
        if not moved or self.indicator.better == "neither":
            return "none"
        return "good" if (moved > 0) == (self.indicator.better == "high") else "bad"

    @property
    def aims(self) -> list[Aim]:
        """For each target that binds the unit."""
        return [aim(self.indicator, self.figure, d) for d in self.distances]

    @property
    def missing(self) -> int:
        """Records to the farthest target that is not reached."""
        return max((d.convert for d in self.distances if d.reached is False), default=0)

    @property
    def state(self) -> str:
        """good: all targets reached; fair: some; bad: none; none: there is no target or no figure."""
        return state(self.distances)

    @property
    def few(self) -> bool:
        """Whether there are too few records to compare it."""
        return self.is_share and 0 < self.figure.denominator < self.indicator.few

    @property
    def bar(self) -> float | None:
        """The length of the bar of a share."""
        if not self.is_share or not self.figure.denominator:
            return None
        return round(float(self.figure.numerator / self.figure.denominator) * WIDTH, 1)

    @property
    def marks(self) -> list[float]:
        """Where the targets of a share stand on its bar."""
        return [round(float(d.target.value) / 100 * WIDTH, 1) for d in self.distances]

    @property
    def _moved(self) -> Decimal | None:
        return self.change.points if self.is_share else self.change.percent


def of(indicator: Indicator, figure: Figure, before: Figure, *, on: dt.date, level: Level) -> Shown:
    """The figure with its distances to the targets that bind a unit of the level on the day."""
    known = before.denominator and figure.denominator
    moved = change(figure, before) if known else Change(None, None)
    far = targets.distances(indicator.code, figure, on=on, level=level)
    return Shown(indicator, figure, before, moved, far)


def state(distances: list[Distance]) -> str:
    """Of a figure, by the targets that bind it."""
    answers = {d.reached for d in distances}
    if answers <= {None}:
        return "none"
    return "good" if False not in answers else "fair" if True in answers else "bad"


def aim(indicator: Indicator, figure: Figure, distance: Distance) -> Aim:
    """A target with the gap told in what is counted."""
    words = f"{shown.target_words(distance.target, indicator)} · {shown.owner(distance.target)}"
    if distance.reached is None:
        return Aim("none", words, _("chưa có số liệu"), 0)
    if distance.reached:
        return Aim("good", words, _("đạt"), 0)
    return Aim("bad", words, gap(indicator, figure, distance), distance.convert)


def gap(indicator: Indicator, figure: Figure, distance: Distance) -> str:
    """«còn 214 hồ sơ (hoặc 530 hồ sơ mới, đều đạt)»; of a count that is to be low, so many too many."""
    told = {"n": vi(Decimal(distance.convert)), "noun": shown.KINDS[indicator.unit_kind]}
    if not distance.convert:
        return _("chưa đạt")
    if indicator.measure != "share" and figure.numerator > distance.target.value:
        return _("thừa %(n)s %(noun)s") % told
    said = _("còn thiếu %(n)s %(noun)s") % told
    if distance.fresh is None:
        return said
    return (
        said
        + " "
        + _("(hoặc %(n)s %(noun)s mới, đều đạt)") % {**told, "n": vi(Decimal(distance.fresh))}
    )


def text(figure: Figure, indicator: Indicator, aims: Sequence[Target] = ()) -> str:
    """«96,67%», «321.335»; a share with as many decimals as keep it apart from its targets; a dash of nothing."""
    if figure.measure == "share" and figure.denominator:
        goals = [Goal(t.value, t.comparison, "") for t in aims]
        return f"{share(figure, goals)}%"
    return shown.text(figure, indicator)
