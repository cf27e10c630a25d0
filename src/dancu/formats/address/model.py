"""What the matcher answers: a unit or several of equal score, with the days it was in force."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

Level = Literal["province", "district", "commune"]
Why = Literal["found", "ambiguous", "empty", "not_found"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A unit that the text may mean; `eras` are the first days of the states that hold it."""

    code: str
    level: Level
    name: str
    eras: tuple[date, ...]
    score: float


@dataclass(frozen=True, slots=True)
class AddressMatch:
    """The answer: `code` only when one unit stands alone at the top; else see `candidates`.

    `score` is 1.0 for a text that says the unit in full and exactly, less for each repair.
    `head` is what is left over: house, street, hamlet. `reason` is `found`, `ambiguous`
    (several units of equal score), `empty` or `not_found`.
    """

    code: str | None
    level: Level | None
    name: str
    eras: tuple[date, ...]
    score: float
    candidates: tuple[Candidate, ...]
    head: str
    reason: Why

    @property
    def commune_code(self) -> str | None:
        """The code when it is a commune's."""
        return self.code if self.level == "commune" else None
