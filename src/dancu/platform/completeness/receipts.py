"""Receipts that partners hold: what they were promised is looked for in the log, each day anew."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from uuid import UUID

from django.db import connections

MOST = 1_000_000


def read(text: str) -> list[UUID]:
    """One receipt a line, or the column `receipt` of a CSV. Raises ValueError that names the line."""
    rows = list(csv.reader(io.StringIO(text.lstrip("\ufeff"))))
    if not rows:
        return []
    head = [cell.strip().lower() for cell in rows[0]]
    column = head.index("receipt") if "receipt" in head else 0
    found = []
    for number, row in enumerate(
        rows[1 if "receipt" in head else 0 :], 2 if "receipt" in head else 1
    ):
        cell = row[column].strip() if len(row) > column else ""
        if not cell:
            continue
        try:
            found.append(UUID(cell))
        except ValueError as error:
            raise ValueError(
                f"Dòng {number}: không phải số biên nhận. Line {number} is no receipt."
            ) from error
    if len(found) > MOST:
        raise ValueError(f"Nhiều hơn {MOST} biên nhận: chia tệp. More than {MOST}: split the file.")
    return found


def do_hold(*, by: str, partner: str, receipts: Iterable[UUID], using: str = "default") -> int:
    """Keep what the partner tells it holds; how many were new."""
    given = [str(receipt) for receipt in receipts]
    with connections[using].cursor() as cursor:
        cursor.execute(
            "INSERT INTO completeness.held (by, partner, receipt) SELECT %s, %s, r FROM unnest(%s::uuid[]) r"
            " ON CONFLICT DO NOTHING", [by, partner, given],
        )  # fmt: skip
        return int(cursor.rowcount)
