"""A form on paper: its number, its cleaned scan, and the receipt of the look by which the officer knew who signed.

Two things must agree, so that nobody's consent is made up at a desk: the paper, and a check of identity of the
giver by the same officer, in the access log, not older than the law of the system allows.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from dancu.platform.consent.errors import BadPaper
from dancu.platform.register.parts import Row, ask
from dancu.platform.worklists.evidence import Clean
from dancu.reference.terms import term

SHORTEST_NUMBER = 3
PAGE_OF_CONSENTS = "consent"
"""Begins the basis of the looks of these pages themselves: they prove nothing about who stood at the desk."""


@dataclass(frozen=True)
class Paper:
    """What came on paper."""

    form_no: str
    identity_receipt: UUID
    scan: Clean


def checks_by(*, by: Any, citizens: list[str], at: dt.datetime) -> list[Row]:
    """The looks of this officer at these persons that may stand for a check of identity, the newest first."""
    hours = term("identity_check", on=timezone.localdate(at)).amount
    return ask(
        "SELECT receipt, at, citizen_id::text, channel FROM register.access_log"
        " WHERE by = %s AND citizen_id = ANY (%s::uuid[]) AND at > %s AND at <= %s AND basis NOT LIKE %s"
        " ORDER BY at DESC LIMIT 10",
        by.username, citizens, at - dt.timedelta(hours=hours), at, f"{PAGE_OF_CONSENTS}%",
    )  # fmt: skip


def whose_check(*, receipt: UUID, by: Any, at: dt.datetime) -> str | None:
    """The person whom this officer looked at under the receipt, if the look may still count."""
    hours = term("identity_check", on=timezone.localdate(at)).amount
    rows = ask(
        "SELECT citizen_id::text FROM register.access_log WHERE receipt = %s::uuid AND by = %s AND at > %s",
        str(receipt), by.username, at - dt.timedelta(hours=hours),
    )  # fmt: skip
    return str(rows[0]["citizen_id"]) if rows else None


def signers(citizen_id: str) -> dict[str, str]:
    """Identifier -> relation of whoever may sign: the person, and the parents that the register names."""
    rows = ask("SELECT citizen_id::text, relation FROM consent.parents(%s::uuid)", citizen_id)
    return {citizen_id: "self"} | {row["citizen_id"]: row["relation"] for row in rows}


def check(*, paper: Paper, by: Any, giver: str, at: dt.datetime) -> None:
    """Raise BadPaper unless the form has a number and the receipt is one of this officer about the giver."""
    if len(paper.form_no.strip()) < SHORTEST_NUMBER:
        raise BadPaper(_("Ghi số của phiếu giấy, ít nhất ba ký tự."))
    known = {str(row["receipt"]) for row in checks_by(by=by, citizens=[giver], at=at)}
    if str(paper.identity_receipt) not in known:
        raise BadPaper(
            _(
                "Mã biên nhận không phải lần bạn xác minh người đứng tên trong 24 giờ qua. Xác minh lại rồi ghi phiếu."
            )
        )


def keep_scan(*, citizen_id: str, scan: Clean, by: Any) -> int:
    """The scan's number."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO consent.scan (citizen_id, kind, content, sha256, recorded_by)"
            " VALUES (%s, %s, %s, %s, %s) RETURNING scan_no",
            [citizen_id, scan.kind, scan.content, scan.sha256, by.username],
        )
        number: int = cursor.fetchone()[0]
    return number
