"""A note as a partner gets it: CloudEvents 1.0, under the partner's own identifiers.

Nothing in it is the same for two partners: not the person, not the number of the note. The time is told to the hour,
so that a list of times does not give away what the identifiers hide.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dancu.platform.feed import pairwise
from dancu.platform.feed.notes import Note

SOURCE = "/dancu/feed"


def cloud_event(
    note: Note, *, client: str, values: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """The event; `values`: those of the fields that changed, where the purpose gives them."""
    data: dict[str, Any] = dict(note.data)
    if note.citizen is not None:
        data["person"] = pairwise.of(client, note.citizen)
    if note.into is not None:
        data["into"] = pairwise.of(client, note.into)
    if note.fields:
        data["fields"] = list(note.fields)
    if values is not None:
        data["values"] = dict(values)
    told = {
        "specversion": "1.0",
        "id": pairwise.note_id(client, note.outbox_no, note.part),
        "source": SOURCE,
        "type": f"vn.dancu.{note.kind}.v1",
        "time": note.at.replace(minute=0, second=0, microsecond=0).isoformat(),
        "datacontenttype": "application/json",
        "data": data,
    }
    return told | ({"subject": data["person"]} if "person" in data else {})
