"""The line of the access log: who looked at whom, for what, on which ground.

Border: written with the look, or there is no look; nothing else of the pages writes the log. The number of a line's
receipt is made here, so that who looks need not read the log. Row-level security lets nobody write a line in
another's name.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.db import connection

PAGE, SEARCH = "page", "search"
"""Ways in that this module's callers use; the API, the scan page and the lists without a line have their own."""


@dataclass(frozen=True)
class Look:
    """What one look says of itself. `partner`, `officer`: whose system asks, and its own officer (name and number).

    `extraordinary`: the reason of an access outside the territory. `hidden_until`: the day from which the person may
    read the line, where the law lets it be hidden. `outcome`: what was answered, in a word.
    """

    by: Any
    purpose: str
    basis: str
    fields: Sequence[str]
    extraordinary: str | None = None
    partner: str | None = None
    officer: str | None = None
    channel: str = PAGE
    request_id: UUID | None = None
    hidden_until: dt.date | None = None
    outcome: str | None = None


def write(look: Look, seen: Iterable[tuple[str, str | None]]) -> list[str]:
    """One line for each person (identifier, commune) seen; the receipts, in the same order."""
    people = list(seen)
    receipts = [str(uuid4()) for _ in people]
    if not people:
        return receipts
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO register.access_log (receipt, citizen_id, unit_code, by, role, purpose, basis, fields,"
            " extraordinary, partner, officer, channel, request_id, hidden_until, outcome)"
            " SELECT t.receipt, t.citizen, t.unit, %s, %s, %s, %s, %s::text[], %s, %s, %s, %s, %s, %s, %s"
            " FROM unnest(%s::uuid[], %s::uuid[], %s::text[]) t(receipt, citizen, unit)",
            [
                look.by.username, " ".join(look.by.roles_today), look.purpose, look.basis, list(look.fields),
                look.extraordinary, look.partner, look.officer, look.channel, look.request_id, look.hidden_until,
                look.outcome, receipts, [c for c, _ in people], [u for _, u in people],
            ],
        )  # fmt: skip
    return receipts
