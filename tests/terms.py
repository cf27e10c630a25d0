"""A table of terms in which one changes on a day, as when a law is amended."""

from __future__ import annotations

import datetime as dt

import pytest

from dancu.reference import terms
from dancu.reference.loader import rows


def amend(patch: pytest.MonkeyPatch, code: str, amount: str, *, since: dt.date) -> None:
    """From the day on it is so much, whatever the file says of later days; before it stays as it is."""
    start, eve = since.isoformat(), (since - dt.timedelta(days=1)).isoformat()
    found = []
    for row in terms.rows("terms.csv"):
        if row["code"] == code and (row["valid_to"] or start) >= start:
            if row["valid_from"] >= start:
                continue
            found.append(row | {"amount": amount, "valid_from": start, "valid_to": ""})
            row = row | {"valid_to": eve}
        found.append(row)
    patch.setattr(terms, "rows", lambda path: tuple(found) if path == "terms.csv" else rows(path))
