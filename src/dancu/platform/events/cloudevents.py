"""CloudEvents 1.0 over HTTP: one event structured or binary, or a batch; each becomes an `Entry` or its problems.

>>> event, wrong = read({"specversion": "1.0", "id": "1", "source": "/bv/1", "type": "vn.dancu.death.v1", "data": {}})
>>> event.kind, wrong
('death', [])
>>> read({"specversion": "1.0", "id": "", "source": "/bv/1", "type": "x"})[1]
[Problem(role='id', reason='missing'), Problem(role='type', reason='not_in_list')]
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import unquote
from uuid import UUID

from dancu.engine.events.entered import Problem
from dancu.platform.events import kinds

STRUCTURED, BATCH, PLAIN = (
    "application/cloudevents+json",
    "application/cloudevents-batch+json",
    "application/json",
)
_LONGEST = 200
_HEADERS = ("specversion", "id", "source", "type", "subject", "time")


class Unreadable(ValueError):
    """The body is no JSON, or not of the shape that its media type promises."""


class Sent(NamedTuple):
    """An event as sent: kind, its two names, the citizen it is about, when it happened, and its data."""

    kind: str
    source: str
    id: str
    subject: UUID | None
    time: dt.datetime | None
    data: Mapping[str, Any]


def parse(body: bytes, media: str, headers: Mapping[str, str]) -> list[Any] | None:
    """The events of a request as mappings, not looked at yet; None for a media type that is not taken."""
    kind = media.partition(";")[0].strip().lower()
    if kind == BATCH:
        found = _json(body)
        if not isinstance(found, list):
            raise Unreadable(kind)
        return found
    if kind == STRUCTURED:
        return [_json(body)]
    if kind == PLAIN and "ce-type" in {name.lower() for name in headers}:
        given = {name.lower(): value for name, value in headers.items()}
        event = {n: unquote(given[f"ce-{n}"]) for n in _HEADERS if f"ce-{n}" in given}
        return [event | {"data": _json(body)}]
    return None


def read(event: Any) -> tuple[Sent | None, list[Problem]]:
    """One event, or what is wrong with its attributes; its data is the register's business."""
    if not isinstance(event, Mapping):
        return None, [Problem("event", "not_text")]
    wrong = [Problem(n, "missing") for n in ("id", "source", "type") if not _name(event.get(n))]
    kind = kinds.kind_of(str(event.get("type", "")))
    if kind is None and _name(event.get("type")):
        wrong.append(Problem("type", "not_in_list"))
    if event.get("specversion") != "1.0":
        wrong.append(Problem("specversion", "not_in_list"))
    subject, time, data = event.get("subject"), event.get("time"), event.get("data", {})
    if subject is not None and _uuid(subject) is None:
        wrong.append(Problem("subject", "unknown_person"))
    if time is not None and _time(time) is None:
        wrong.append(Problem("time", "not_a_time"))
    if not isinstance(data, Mapping):
        wrong.append(Problem("data", "not_fields"))
    if wrong or kind is None:
        return None, wrong
    return Sent(kind, event["source"], event["id"], _uuid(subject), _time(time), data), []


def _json(body: bytes) -> Any:
    try:
        return json.loads(body.decode("utf-8"), parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise Unreadable("json") from error


def _no_constant(name: str) -> None:
    raise ValueError(name)


def _name(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= _LONGEST and value.isprintable()


def _uuid(value: Any) -> UUID | None:
    try:
        return UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _time(value: Any) -> dt.datetime | None:
    """RFC 3339: a time without its zone says nothing."""
    try:
        found = (
            dt.datetime.fromisoformat(value) if isinstance(value, str) and "T" in value else None
        )
        # Its instant must be one that the calendar of PostgreSQL and Python both have.
        return found.astimezone(dt.UTC) if found is not None and found.tzinfo else None
    except (ValueError, OverflowError):
        return None
