"""Values in the feed: those of the fields that changed, as the register has them when the letter leaves.

They come from one function of the database (`feed.given`) that writes the line of the person's log as it answers, and
asks for consent where the purpose needs it; a value is never kept with a letter. Each attempt that reaches the other
side is a look of its own.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.db import connections

from dancu.platform.feed.notes import Note
from dancu.platform.feed.scope import Scope

_TELLING = ("person.changed", "person.arrived")


def of(note: Note, *, scope: Scope, using: str) -> Mapping[str, Any] | None:
    """The values that go with a note; None where the purpose gives none, or the person no longer allows it."""
    asked = scope.valued & frozenset(note.fields)
    if note.kind not in _TELLING or note.citizen is None or not asked:
        return None
    given = [
        scope.client, scope.purpose, scope.law, note.citizen, sorted(asked),
        None if scope.communes is None else sorted(scope.communes), scope.by_consent,
    ]  # fmt: skip
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT feed.given(%s, %s, %s, %s, %s::text[], %s::text[], %s)", given)
        found = cursor.fetchone()[0]
    told: Mapping[str, Any] | None = json.loads(found) if isinstance(found, str) else found
    return told
