"""Reports that have been issued, frozen as they were counted; those that are frozen, listed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import connections

from dancu.engine.report.content_json import from_json
from dancu.platform.reports_writing import as_pdf
from dancu.platform.reports_writing.models import Issue, Version
from dancu.platform.snapshots import freezing
from dancu.platform.snapshots.freezing import Snapshot
from dancu.store.signing_own import Person

_LISTED = (
    "snapshot_no, snapshot::text, key, unit_code, first, last, known, figures, signed, signer, at"
)


@dataclass(frozen=True)
class Listed:
    """A frozen report in the list."""

    snapshot_no: int
    snapshot: str
    key: str
    unit_code: str
    first: dt.date
    last: dt.date
    known: dt.datetime
    figures: int
    signed: str
    signer: str
    at: dt.datetime


def freeze(key: str, *, by: str, at: dt.datetime, using: str = "owner") -> Snapshot | None:
    """Freezes the issued report of this key; None: it is frozen already, or not issued.

    Raises NotTheSame when the register holds other digits now than when the report was counted.
    """
    issue = Issue.objects.using(using).filter(key=key).first()
    if issue is None or of(key, using=using):
        return None
    report = from_json(issue.body)
    counted = (
        Version.objects.using(using).filter(key=key, at__lte=issue.at).order_by("-number").first()
    )
    layout = report.layout
    signer = Person(layout.signer, " ".join(layout.signer_title.split()), layout.issuer)
    return freezing.freeze(
        report, pdf=as_pdf.pdf(report, at=issue.at), signer=signer, by=by, at=at,
        known=counted.at if counted else None, using=using,
    )  # fmt: skip


def of(key: str | None = None, *, using: str = "default") -> list[Listed]:
    """Frozen reports of a key or all, the latest first."""
    with connections[using].cursor() as cursor:
        cursor.execute(
            f"SELECT {_LISTED} FROM snapshots.snapshot WHERE %s::text IS NULL OR key = %s ORDER BY snapshot_no DESC",
            [key, key],
        )
        rows: list[Any] = cursor.fetchall()
    return [Listed(*row) for row in rows]


def waiting() -> list[Issue]:
    """Issued reports that are not frozen."""
    done = {one.key for one in of()}
    return [one for one in Issue.objects.order_by("-day") if one.key not in done]
