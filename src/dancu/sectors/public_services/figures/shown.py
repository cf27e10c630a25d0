"""A figure as a page writes it: its text, its parts, how it moved, how far it is from its targets."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from dancu.engine.report.indicators import Change, Figure, Indicator, change
from dancu.engine.report.printed import rounded, vi
from dancu.reference import service_targets
from dancu.reference.service_targets import Target
from dancu.sectors.public_services.figures.asked import Question
from dancu.sectors.public_services.figures.counting import Counted
from dancu.sectors.public_services.figures.targets import Distance, distances

NOTHING = "—"
FEW = 30
"""A share of fewer dossiers than this says little: it is marked, and stands last where units are ordered."""
_FALL_IS_GOOD = ("paper_dossiers_essential_25", "mean_handling_time", "asked_twice_rate")
_SIGNS = {"gt": ">", "ge": "≥", "eq": "=", "le": "≤", "lt": "<"}


@dataclass(frozen=True)
class Shown:
    """One indicator of one unit, ready to be written."""

    indicator: Indicator
    figure: Figure
    before: Figure
    change: Change
    distances: list[Distance]

    @property
    def name(self) -> str:
        """In the language of the page."""
        return name(self.indicator)

    @property
    def text(self) -> str:
        """The value with its unit."""
        return text(self.figure)

    @property
    def before_text(self) -> str:
        """Of the same days a year before."""
        return text(self.before)

    @property
    def is_share(self) -> bool:
        """Whether a change in points can be said of it."""
        return self.figure.measure == "share"

    @property
    def points(self) -> str:
        """The change in points, with its sign; of shares alone."""
        return signed(self.change.points, _("điểm %"))

    @property
    def percent(self) -> str:
        """The change in per cent of what it was, with its sign."""
        return signed(self.change.percent, "%")

    @property
    def trend(self) -> str:
        """good, bad or none."""
        moved = self.change.points if self.is_share else self.change.percent
        if not moved:
            return "none"
        return "good" if (moved > 0) != (self.indicator.code in _FALL_IS_GOOD) else "bad"

    @property
    def few(self) -> bool:
        """Whether there are too few dossiers to compare it."""
        return self.is_share and 0 < self.figure.denominator < FEW

    @property
    def numerator(self) -> str:
        """As a whole number; of a mean the hours."""
        if self.figure.measure == "mean":
            return vi(rounded(self.figure.numerator / 60, 0))
        return vi(self.figure.numerator)

    @property
    def denominator(self) -> str:
        """As a whole number."""
        return vi(self.figure.denominator)

    def lines(self) -> list[tuple[str, str, str]]:
        """For each target: its state, the target in words, what is missing in words."""
        return gaps(self.distances, is_share=self.is_share)


def gaps(found: list[Distance], *, is_share: bool) -> list[tuple[str, str, str]]:
    """For each target: its state, the target in words, what is missing in words."""
    return [(*_state(d), _missing(d, is_share)) for d in found]


def _state(distance: Distance) -> tuple[str, str]:
    word = f"{_words(distance.target)} · {_owner(distance.target)}"
    return {True: "good", False: "bad", None: "none"}[distance.reached], word


def _missing(distance: Distance, is_share: bool) -> str:
    """«còn 399 hồ sơ nữa», with the other reading behind it."""
    if distance.reached is None:
        return _("chưa có hồ sơ")
    if distance.reached:
        return _("đạt")
    more = vi(Decimal(distance.convert))
    if not is_share:
        return _("thừa %(n)s hồ sơ") % {"n": more}
    goal = f"{_('trên') if distance.target.comparison == 'gt' else _('đạt')} {vi(distance.target.value)}%"
    said = _("còn %(n)s hồ sơ nữa để %(goal)s") % {"n": more, "goal": goal}
    if distance.fresh is None:
        return said
    return f"{said} " + _("(hoặc %(n)s hồ sơ mới, đều trực tuyến)") % {
        "n": vi(Decimal(distance.fresh))
    }


def shown(question: Question, indicator: Indicator, now: Counted, before: Counted) -> Shown:
    """The indicator of the question's unit beside the year before."""
    figure = now.figure(indicator.code, question.unit.code)
    old = before.figure(indicator.code, question.unit.code)
    moved = change(figure, old) if old.denominator and figure.denominator else Change(None, None)
    return Shown(
        indicator, figure, old, moved, distances(figure, indicator.code, on=question.period.shown)
    )


def name(indicator: Indicator) -> str:
    """In the language of the page."""
    return indicator.name_en if get_language() == "en" else indicator.name_vi


def text(figure: Figure) -> str:
    """«96,67%», «321.335», «7,5 giờ»; a dash where there is nothing to divide by."""
    value = figure.value
    if value is None:
        return NOTHING
    if figure.measure == "share":
        return f"{vi(value)}%"
    if figure.measure == "mean":
        return hours(figure.numerator, figure.denominator)
    return vi(value)


def hours(minutes: Decimal, of: Decimal) -> str:
    """Working hours with one decimal, rounded from the parts and not from a rounded mean."""
    return _("%(n)s giờ làm việc") % {"n": vi(rounded(minutes / of / 60, 1))}


def signed(value: Decimal | None, unit: str) -> str:
    """«+7,00 điểm %», «−3,12 %»; a dash when it cannot be said."""
    if value is None:
        return NOTHING
    sign = "+" if value > 0 else "−" if value < 0 else "±"
    return f"{sign}{vi(abs(value))} {unit}"


def parts(figure: Figure) -> str:
    """«321.335 / 332.400» of a share, the dossiers behind a mean; nothing where the figure is a plain number."""
    if not figure.denominator:
        return ""
    if figure.measure == "share":
        return f"{vi(figure.numerator)} / {vi(figure.denominator)}"
    return f"{vi(figure.denominator)}" if figure.measure == "mean" else ""


def targets(code: str) -> list[tuple[str, str, Target]]:
    """All targets of a figure in words and who set them, whenever valid."""
    return [(_words(t), _owner(t), t) for t in service_targets.targets() if t.indicator == code]


def _words(target: Target) -> str:
    unit = "%" if target.indicator.startswith("online") else ""
    return f"{_SIGNS[target.comparison]} {vi(target.value)}{unit}"


def _owner(target: Target) -> str:
    return target.set_by_en if get_language() == "en" else target.set_by_vi
