"""How the line to the national side does: now, and in the month, from a check a minute and every real question."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from dancu.platform.gateway import breaker, samples, words_of
from dancu.platform.gateway.samples import Stretch, goal

__all__ = ["Stretch", "Today", "days", "goal", "months", "now"]


@dataclass(frozen=True)
class Today:
    """The state as a badge (good, fair or bad; its words), and since when."""

    look: str
    word: Any
    reason: str
    since: dt.datetime | None

    @property
    def is_up(self) -> bool:
        """Whether questions go through."""
        return self.look == "good"


def now() -> Today:
    """As the breaker has it."""
    link = breaker.state()
    look, word = words_of.link_state(link)
    reason = str(words_of.REASONS[link.reason]) if link.reason in words_of.REASONS else ""
    return Today(look, word, reason if link.reason else "", link.changed_at)


def months(*, last: int, at: dt.datetime) -> list[Stretch]:
    """The last months, the present one first."""
    return samples.by_month(last=last, at=at)


def days(*, last: int, at: dt.datetime) -> list[Stretch]:
    """The last days, the present one first."""
    return samples.by_day(last=last, at=at)
