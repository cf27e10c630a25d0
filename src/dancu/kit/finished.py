"""A service that ended well, told to whichever sector acts on it; sectors do not know one another, they meet here.

Told in the transaction of the signature: what a sector writes stands or falls with it. A sector that cannot act raises,
and nothing was signed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID


class CannotFollow(ValueError):
    """A sector cannot act on the end of the service; the message says why and what to do."""


@dataclass(frozen=True)
class Finished:
    """`code`: the dossier's; `event_id` names the end of the service for ever; `citizen`: whom it is about."""

    procedure: str
    code: str
    form: Mapping[str, Any]
    event_id: UUID
    place: str
    citizen: UUID | None
    by: str
    at: dt.datetime


hearers: dict[str, list[Callable[[Finished], None]]] = {}
"""Procedure → who acts on its end; a sector enters itself when its app is ready."""


def tell(finished: Finished) -> None:
    """Everybody who acts on the end of this procedure hears of it."""
    for hear in hearers.get(finished.procedure, ()):
        hear(finished)
