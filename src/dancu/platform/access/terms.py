"""Ages of the law where functions of the database ask for them: the years of `terms.csv`, as they are in the code."""

from __future__ import annotations

from django.db import connections, transaction

from dancu.reference.loader import rows


def write_down(*, using: str = "owner") -> None:
    """All of them, in place of what was there."""
    ages = [
        (r["code"], int(r["amount"]), r["valid_from"] or "-infinity", r["valid_to"] or "infinity")
        for r in rows("terms.csv")
        if r["unit"] == "years"
    ]
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute("DELETE FROM access.term_years")
        cursor.executemany("INSERT INTO access.term_years VALUES (%s, %s, %s, %s)", ages)
