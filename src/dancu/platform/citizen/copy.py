"""A copy of the own data for the citizen to keep: the right of access, met at once and in a form programs read."""

from __future__ import annotations

import datetime as dt
from typing import Any

from dancu.platform.citizen import looks, record
from dancu.platform.citizen.own import Own
from dancu.platform.consent import requests, services
from dancu.platform.register import parts
from dancu.platform.register.door import unmaskable
from dancu.platform.register.person import Page
from dancu.platform.register.words_of import label, worded
from dancu.reference import purposes

FORMAT = "dancu.own-data.1"
_RESIDENCE = ("kind", "unit_code", "address_head", "valid_from", "valid_to")


def of(own: Own, *, at: dt.datetime) -> dict[str, Any]:
    """Everything that the pages show, numbers in full: two lines in the log."""
    seen = record.look(own)
    numbers = sorted(unmaskable(seen, own))
    full = record.look(own, fields=numbers, full=True).values if numbers else {}
    page = Page(seen, own.on, own)
    found, _more = looks.page(own)
    return {
        "format": FORMAT,
        "made_at": at.isoformat(),
        "register_day": own.on.isoformat(),
        "fields": [
            {
                "field": field,
                "label": label(field),
                "value": str(value),
                "in_words": worded(field, full.get(field, value), on=own.on, full=field in full),
                "from": record.origin(page.source(seen.origins.get(field), field)),
            }
            for field, value in {**seen.values, **full}.items()
            if field not in record.OF_RELATIVES
        ],
        "residences": [
            {k: None if r[k] is None else str(r[k]) for k in _RESIDENCE} for r in parts.residences(seen)
        ],
        "consents": [
            {
                "receipt": str(c.receipt), "purpose": purposes.name(c.purpose), "to": c.recipient, "state": c.state(at),
                "granted_at": c.granted_at.isoformat(), "expires_at": c.expires_at.isoformat(),
            }
            for c in services.of_citizen(citizen_id=own.citizen_id)
        ],
        "requests": [
            {
                "receipt": str(r.receipt), "kind": r.kind, "state": r.state,
                "received_at": r.received_at.isoformat(), "due_on": r.due_on.isoformat(),
            }
            for r in requests.of_citizen(citizen_id=own.citizen_id)
        ],
        "latest_looks": [
            {
                "at": look.at.isoformat(), "who": look.who, "office": look.office, "what": look.what,
                "purpose": look.purpose, "law": look.law, "receipt": look.receipt or None, "notes": list(look.notes),
            }
            for look in found
        ],
    }  # fmt: skip
