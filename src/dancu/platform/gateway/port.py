"""The port: a question goes in, and what came of it is told as what it is.

`verified`: whoever may answer has answered (the answer may well be «mismatch»). `pending`: the question waits for
the line and is answered later. `refused`: it will not be answered. `unavailable`: nobody can be asked, now or later.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol
from uuid import UUID, uuid4

from dancu.engine.verify.model import Answer, Asked

State = Literal["verified", "pending", "refused", "unavailable"]
NOT_YET = Answer("not_verified")


@dataclass(frozen=True)
class Request:
    """A question with all that the law wants told of who puts it. The same `number` is the same question."""

    asked: Asked
    by: Any
    """The account that asks: the log bears its name."""
    officer_name: str
    officer_number: str
    purpose: str
    basis: str
    at: dt.datetime
    on: dt.date
    number: UUID = field(default_factory=uuid4)
    channel: str = "page"
    partner: str = ""
    unit_code: str = ""
    citizen_id: UUID | None = None

    @property
    def officer(self) -> str:
        """Name and number as the log keeps them."""
        return f"{self.officer_name} ({self.officer_number})"


@dataclass(frozen=True)
class Reply:
    """What came of a question. `receipt`: the number of its line in the log, also when there is no answer yet."""

    state: State
    answer: Answer
    number: UUID
    receipt: str
    reason: str = ""
    transaction: str = ""
    codes: tuple[str, ...] = ()
    until: dt.datetime | None = None
    """How long a pending question is tried, or an answer is kept to be shown again."""


class Gateway(Protocol):
    """Whoever may answer."""

    def ask(self, request: Request) -> Reply:
        """Never raises for a line that is down; what is logged is logged before this returns."""
        ...
