"""What the register says of one person, as far as claims are set beside it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Known:
    """One person. `values`: the columns of the register; `former`: column -> values once held, or held by a list.

    `homes`: (commune, first day or None, the day after the last or None) of each known residence.
    """

    values: Mapping[str, Any]
    former: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    homes: tuple[tuple[str, dt.date | None, dt.date | None], ...] = ()

    def text(self, column: str) -> str:
        """The value as text, empty when the register has none."""
        value = self.values.get(column)
        return "" if value is None else str(value)

    @property
    def birth(self) -> tuple[int, int, int]:
        """Year, month, day; 0 for a part that is not known."""
        parts = (self.values.get(f"birth_{part}") for part in ("year", "month", "day"))
        year, month, day = (int(part or 0) for part in parts)
        return year, month, day
