"""What is asked of a person and what is answered: the same for our register and for a remote service."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Verdict = Literal["match", "close", "mismatch", "unknown"]
Result = Literal["confirmed", "close", "mismatch", "not_identified", "not_verified"]
"""All claims agree; some nearly; some do not; nobody fits the number and the name; nobody could be asked."""

RESULTS: tuple[Result, ...] = ("confirmed", "close", "mismatch", "not_identified", "not_verified")
VERDICTS: tuple[Verdict, ...] = ("match", "close", "mismatch", "unknown")


@dataclass(frozen=True)
class Asked:
    """Who is meant, by the number, and what is claimed of that person, as written.

    `claims`: attribute (`engine.verify.attributes`) -> text. `read_from`: what the claims were read from.
    """

    number: str = ""
    old_number: str = ""
    claims: Mapping[str, str] = field(default_factory=dict)
    read_from: Literal["qr", "mrz", "typed"] = "typed"


@dataclass(frozen=True)
class Attribute:
    """One claim and how it stands. `reason`: the class of the difference (`words.csv`); `value` only by right."""

    name: str
    verdict: Verdict
    reason: str = ""
    value: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Without what is empty."""
        told: dict[str, Any] = {"attribute": self.name, "verdict": self.verdict}
        told |= {"reason": self.reason} if self.reason else {}
        return told | ({"value": self.value} if self.value is not None else {})


@dataclass(frozen=True)
class Answer:
    """How the claims stand. `card`, `number`, `person`: states («valid», «replaced», «in_force», «dead» …), or None."""

    result: Result
    attributes: tuple[Attribute, ...] = ()
    card: str | None = None
    number: str | None = None
    person: str | None = None
    on: dt.date | None = None

    def of(self, name: str) -> Attribute | None:
        """The claim of this name."""
        return next((a for a in self.attributes if a.name == name), None)

    def as_json(self) -> dict[str, Any]:
        """The part of the signed answer that says how the claims stand."""
        return {
            "result": self.result,
            "attributes": [a.as_json() for a in self.attributes],
            "card": self.card, "number": self.number, "person": self.person,
            "on": self.on.isoformat() if self.on else None,
        }  # fmt: skip
