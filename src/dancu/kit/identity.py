"""Is this the person? For sectors: a card as a reader types it, asked of our register and of the national side.

The border it keeps: a sector gets the words of the card that was held out, and an answer; values of the register
come through `kit.people` alone.
"""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID, uuid4

from dancu.engine.verify.model import Answer, Asked
from dancu.platform.events import limits
from dancu.platform.gateway import asking, choice, setup, words_of
from dancu.platform.gateway.errors import NotSetUp
from dancu.platform.gateway.port import Reply, Request
from dancu.platform.gateway.register import RegisterGateway
from dancu.platform.lookup import reading
from dancu.platform.lookup.problems import Refusal
from dancu.platform.lookup.register_state import state as register_state
from dancu.platform.lookup.typed import typed
from dancu.reference import purposes

__all__ = ["Answer", "Asked", "NotRead", "Reply", "again", "has_national_line", "has_register", "is_too_often",
           "of_nation", "of_register", "read", "reason_words"]  # fmt: skip
_A_MINUTE = 60


class NotRead(ValueError):
    """What was scanned or typed is no card and no number."""


def read(text: str, *, purpose: str, on: dt.date) -> Asked:
    """A QR text, machine-readable lines, or a number with a name, as the question it stands for; NotRead."""
    people = register_state().test_people
    try:
        return reading.one(
            typed(text[:1200], test_people=people),
            fields=purposes.get(purpose, on=on).fields,
            test_people=people,
        )
    except Refusal as error:
        raise NotRead from error


def is_too_often(by: Any) -> bool:
    """Whether this account scans faster than people do; counts the scan."""
    return not limits.take(f"scan:{by.pk}", _A_MINUTE).passed


def has_register() -> bool:
    """Whether a register of our own may be asked."""
    return not setup.verify_only()


def has_national_line() -> bool:
    """Whether this installation is set up to ask the national side at all."""
    try:
        setup.read()
    except NotSetUp:
        return False
    return True


def of_register(asked: Asked, *, by: Any, purpose: str, on: dt.date, at: dt.datetime) -> Reply:
    """Our register's word, logged in this transaction."""
    return RegisterGateway().ask(
        _request(asked, by=by, purpose=purpose, on=on, at=at, channel="scan")
    )


def of_nation(
    asked: Asked, *, by: Any, purpose: str, on: dt.date, at: dt.datetime, number: UUID | None = None
) -> Reply:
    """The national side's word, or that the question waits for the line; it is asked again by itself for a day."""
    made = _request(asked, by=by, purpose=purpose, on=on, at=at, channel="page", number=number)
    return choice.remote().ask(made)


def again(number: UUID, *, by: str) -> Reply | None:
    """What became of a question that this account put; None when it put none of this number."""
    try:
        return asking.again(number=number, by=by)
    except asking.NotYours:
        return None


def reason_words(reason: str) -> str:
    """Why there is no answer, in the language of the page."""
    return str(words_of.REASONS.get(reason, ""))


def _request(
    asked: Asked, *, by: Any, purpose: str, on: dt.date, at: dt.datetime, channel: str,
    number: UUID | None = None,
) -> Request:  # fmt: skip
    return Request(
        asked=asked, by=by, officer_name=by.display_name, officer_number=by.username, purpose=purpose,
        basis=purposes.get(purpose, on=on).law, at=at, on=on, channel=channel,
        number=number or uuid4(),
    )  # fmt: skip
