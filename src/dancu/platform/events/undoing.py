"""One's own events: the latest, one of them, and taking one back within a day while nothing later stands on it."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any

from django.db import connections
from django.utils import timezone
from django.utils.translation import gettext as _

from dancu.engine.events import entered
from dancu.platform.events import kinds
from dancu.platform.events.writer import desk
from dancu.store.register.desk import digest
from dancu.store.register.told import Change, Incoming, Outcome

UNDO = "undo"
HOURS = 24


class TooLate(ValueError):
    """The event stays; the message says why."""


@dataclass(frozen=True)
class Event:
    """An event as its recorder sees it again."""

    no: int
    kind: str
    at: dt.datetime
    source: str
    id: str
    result: dict[str, Any]
    undone: bool
    later: bool
    """Whether a later event touched the same person, or somebody judged its record."""

    @property
    def name(self) -> str:
        """The kind in words."""
        return kinds.name_of(self.kind)


# The record is still as this event left it, and no later event speaks of the same citizen.
_QUERY = """
SELECT e.event_no, e.kind, e.recorded_at, e.ce_source, e.ce_id, e.result,
  EXISTS (SELECT 1 FROM register.event u WHERE u.ce_source = e.ce_source AND u.ce_id = e.ce_id || '/undo'),
  EXISTS (SELECT 1 FROM register.event l WHERE l.event_no > e.event_no
          AND l.kind <> 'undo' AND l.result -> 'citizens' ?| c.citizens
          AND NOT EXISTS (SELECT 1 FROM register.event u
                          WHERE u.ce_source = l.ce_source AND u.ce_id = l.ce_id || '/undo'))
  OR EXISTS (SELECT 1 FROM register.judgement j WHERE j.record_a = ANY (c.records) OR j.record_b = ANY (c.records))
FROM register.event e CROSS JOIN LATERAL (SELECT
  ARRAY(SELECT jsonb_array_elements_text(coalesce(e.result -> 'citizens', '[]'))) AS citizens,
  ARRAY(SELECT jsonb_array_elements_text(coalesce(e.result -> 'records', '[]'))::bigint) AS records) c
WHERE e.recorded_by = %s AND e.kind <> 'undo' AND e.ce_source = %s
"""
_BY_NAME = _QUERY.replace("e.recorded_by = %s AND ", "")


def recent(username: str, *, most: int) -> list[Event]:
    """The user's own events from the forms, the newest first."""
    return _events(f"{_QUERY} ORDER BY e.event_no DESC LIMIT {most:d}", [username, own_source(username)])  # fmt: skip


def own(username: str, no: int) -> Event | None:
    """One of them."""
    found = _events(f"{_QUERY} AND e.event_no = %s", [username, own_source(username), no])
    return found[0] if found else None


def own_source(username: str) -> str:
    """The name under which a user's entries on forms are kept."""
    return f"{username} /su-kien"


def why_not(event: Event) -> str:
    """Why it cannot be taken back; empty when it can."""
    if event.undone:
        return _("Sự kiện này đã được rút lại.")
    if timezone.now() - event.at > dt.timedelta(hours=HOURS):
        return _("Đã quá 24 giờ: ghi sự kiện cải chính thay cho việc rút lại.")
    if event.later:
        return _("Đã có sự kiện hoặc kết luận sau đó dựa vào sự kiện này: ghi sự kiện cải chính.")
    return ""


def do_undo(event: Event, *, by: str) -> Outcome:
    """Take its records out of the register again; raises TooLate."""
    if reason := why_not(event):
        raise TooLate(reason)
    return _take_out(event, by=by)


def take_back(*, source: str, id: str, by: str) -> Outcome | None:
    """Take back what a finished dossier told the register, at any time; None when that is done already.

    Asked as the owner. Raises TooLate while something later stands on it.
    """
    found = _events(f"{_BY_NAME} AND e.ce_id = %s", [source, id], using="owner")
    if not found or found[0].undone:
        return None
    if found[0].later:
        raise TooLate(
            _("Đã có sự kiện hoặc kết luận sau đó dựa vào sự kiện này: ghi sự kiện cải chính.")
        )
    return _take_out(found[0], by=by)


def _take_out(event: Event, *, by: str) -> Outcome:
    source = entered.forms()[event.kind].source
    changes = tuple(Change(record, source, None) for record in event.result.get("records", []))
    data = {"event_no": event.no}
    return desk().submit(
        Incoming(event.source, f"{event.id}/undo", UNDO, by, digest(UNDO, data), data, changes)
    )


def _events(query: str, given: list[Any], using: str = "default") -> list[Event]:
    with connections[using].cursor() as cursor:
        cursor.execute(query, given)
        return [
            Event(no, kind, at, source, name, _plain(result), undone, later)
            for no, kind, at, source, name, result, undone, later in cursor.fetchall()
        ]


def _plain(result: Any) -> dict[str, Any]:
    return json.loads(result) if isinstance(result, str) else result or {}
