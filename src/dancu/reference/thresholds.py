"""When a score is green, yellow or red: dated data, official only since 14 September 2026; and the line's goal.

Source: letter 4856/BCA-TTDLQG of the Ministry of Public Security (second-hand), rows T17 to T19
of `domain/targets_and_thresholds.csv`. Before that day the same figures are shown as ours.

>>> from datetime import date
>>> on(date(2026, 9, 14)).official, on(date(2024, 6, 21)).official
(True, False)
>>> national_line(on=date(2024, 6, 21))
Decimal('99.5')
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from dancu.reference.errors import ReferenceDataError
from dancu.reference.loader import Row, day, rows, valid_on

Colour = Literal["green", "yellow", "red"]
_TARGETS = "domain/targets_and_thresholds.csv"
_GREEN, _YELLOW, _IDENTIFIERS = "T17", "T18", "T19"
_LINE = "national_line_answered"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Percent from which a score is green or yellow, and what identifiers must reach."""

    green: float
    yellow: float
    identifiers: float
    official: bool
    source: str

    def colour(self, score: float, *, identifier: bool = False) -> Colour:
        """The colour of a score (0 to 100); an identifier is green at its own mark, else red."""
        if identifier:
            return "green" if score >= self.identifiers else "red"
        if score >= self.green:
            return "green"
        return "yellow" if score >= self.yellow else "red"


def on(day: date) -> Thresholds:
    """The marks that hold on the day; `official` is False before the letter."""
    found = {r["target_id"]: r for r in rows(_TARGETS)}
    marks = [found[i] for i in (_GREEN, _YELLOW, _IDENTIFIERS)]
    official = all(_in_force(r, day) for r in marks)
    source = marks[0]["set_by"] if official else "dancu"
    green, yellow, identifiers = (float(r["value"]) for r in marks)
    return Thresholds(green, yellow, identifiers, official, source)


def national_line(*, on: date) -> Decimal:
    """Percent of a month's checks that the line to the national side must answer; raises ReferenceDataError."""
    for row in rows(_TARGETS):
        if row["indicator"] == _LINE and _in_force(row, on):
            return Decimal(row["value"])
    raise ReferenceDataError(
        f"Không có mục tiêu «{_LINE}» ngày {on:%d/%m/%Y} trong {_TARGETS}. Thêm dòng có hiệu lực ngày đó. "
        f"(No target of the line on that day.)"
    )


def _in_force(row: Row, on: date) -> bool:
    return valid_on(day(row["valid_from"]), day(row["valid_to"]), on=on)
