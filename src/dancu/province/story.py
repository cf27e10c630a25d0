"""The review of June 2024 as data: which figure of which indicator its invented records lead to, at any scale.

`data/story_bac_giang_2024.csv` has a line for each figure that records are made for, with the numbers at scale 1; what
the review prints of it is in `domain/seed_figures.csv`, by `figure_id`. A line `ours` is of parts that the review does
not print (it prints the share alone). A printed figure without a line belongs to a sector that is not built yet: no
record of it is made, and the report says "chưa có dữ liệu".

The rule of scale: records are whole. Numerator and denominator are each rounded half up from those at scale 1; the
numerator of a share whose parts are `ours` is the whole number nearest to the printed share. What is a document or a
unit (`scaled` no) is as many at every scale. So a share has the printed digits at scale 1, and at 1:100 unless a
whole dossier more or less is already farther off than its last digit (`Told.agrees`).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Literal

from dancu.engine.report.printed import rounded
from dancu.province.tables import rows
from dancu.reference.loader import rows as reference_rows

STORIES = {"bac-giang-2024": "story_bac_giang_2024.csv"}
DAY = dt.date(2024, 6, 21)
ROOT = "24"
MadeBy = Literal["people", "dossiers", "direction"]


class NoStory(LookupError):
    """There is no story of this name; the message says which there are."""


@dataclass(frozen=True)
class Told:
    """A figure of the story at some scale. `denominator` None: a plain count. `printed`: as the review has it."""

    figure_id: str
    indicator: str
    numerator: int
    denominator: int | None
    is_ours: bool
    made_by: MadeBy
    first: dt.date
    last: dt.date
    printed: Decimal | None

    @property
    def value(self) -> Decimal:
        """The share with two decimals, or the count.

        >>> {one.figure_id: str(one.value) for one in figures()}["F24"]
        '53.92'
        """
        if self.denominator is None or not self.is_share:
            return Decimal(self.numerator)
        return rounded(Decimal(100 * self.numerator) / self.denominator, 2)

    @property
    def is_share(self) -> bool:
        """Whether the figure is a per cent."""
        return self.indicator.endswith(("_pct", "_rate")) or self.indicator.startswith(
            "online_rate"
        )

    @property
    def agrees(self) -> bool:
        """Whether it has the printed digits."""
        return self.printed is not None and self.value == self.printed


def check(name: str) -> str:
    """The name itself; NoStory."""
    if name not in STORIES:
        known = ", ".join(STORIES)
        raise NoStory(
            f"Không có chuyện «{name}»; có: {known}. (No story {name}; there is: {known}.)"
        )
    return name


def figures(name: str = "bac-giang-2024", *, scale: float = 1.0) -> tuple[Told, ...]:
    """All figures that records are made for.

    >>> found = {one.figure_id: one for one in figures(scale=0.01)}
    >>> found["F06"].numerator, found["F06"].denominator, found["F06"].value, found["F06"].agrees
    (3213, 3324, Decimal('96.66'), False)
    >>> [f.figure_id for f in found.values() if f.printed is not None and not f.agrees and f.is_share]
    ['F06', 'F24']
    """
    return tuple(_told(line, scale) for line in _lines(check(name)))


def by_id(name: str = "bac-giang-2024", *, scale: float = 1.0) -> dict[str, Told]:
    """The same by `figure_id`."""
    return {one.figure_id: one for one in figures(name, scale=scale)}


def untold(name: str = "bac-giang-2024") -> tuple[str, ...]:
    """Indicators that the review prints and no record is made for: "chưa có dữ liệu".

    >>> untold()[:4]
    ('public_clinics_equipped_pct', 'id_lookups_health', 'unsecured_loans', 'unsecured_loan_amount')
    """
    told = {line["figure_id"] for line in _lines(check(name))}
    aside = {"external", "comparison"}
    return tuple(
        r["indicator_code"]
        for r in reference_rows("domain/seed_figures.csv")
        if r["figure_id"] not in told and r["basis"] not in aside
    )


def whole(number: int, scale: float) -> int:
    """So many whole records of a number at scale 1; half up.

    >>> whole(6556, 0.01), whole(50, 0.01), whole(6556, 1.0)
    (66, 1, 6556)
    """
    exact = Decimal(number) * Decimal(str(scale))
    return int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))


@cache
def _lines(name: str) -> tuple[dict[str, str], ...]:
    return tuple(dict(row) for row in rows(STORIES[name]))


@cache
def _printed() -> dict[str, Decimal]:
    return {
        r["figure_id"]: Decimal(r["printed_value"])
        for r in reference_rows("domain/seed_figures.csv")
    }


def _told(line: dict[str, str], scale: float) -> Told:
    own = scale if line["scaled"] == "yes" else 1.0
    top, bottom = int(line["numerator"]), int(line["denominator"] or 0)
    is_ours = line["whose"] == "ours"
    n = whole(bottom, own)
    part = whole(top, own)
    if is_ours and bottom:
        share = rounded(Decimal(100 * top) / bottom, 2)
        part = int((share * n / 100).quantize(Decimal(1), rounding=ROUND_HALF_UP))
    return Told(
        line["figure_id"], line["indicator"], part, n if bottom else None, is_ours, _made_by(line["made_by"]),
        dt.date.fromisoformat(line["first"]), dt.date.fromisoformat(line["last"]), _printed().get(line["figure_id"]),
    )  # fmt: skip


def _made_by(text: str) -> MadeBy:
    return "people" if text == "people" else "direction" if text == "direction" else "dossiers"
