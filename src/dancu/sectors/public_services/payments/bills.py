"""A bill of a dossier's fee: made when payment is asked for, read by the applicant and the officers of the dossier."""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.utils import timezone

from dancu.sectors.public_services import workflow
from dancu.sectors.public_services.acting import Actor
from dancu.sectors.public_services.dossiers import Dossier

_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""None that is easily read as another."""
FIRST_ASK = dt.timedelta(minutes=2)
"""A callback usually comes before; then nobody asks."""


@dataclass(frozen=True)
class Bill:
    """What is to be paid for a dossier."""

    bill: UUID
    dossier_no: int
    memo: str
    amount: int
    made_at: dt.datetime
    next_ask_at: dt.datetime
    asks: int
    last_error: str


@dataclass(frozen=True)
class Payment:
    """A transfer and what became of it."""

    transaction: str
    amount: int
    paid_at: dt.datetime
    outcome: str
    at: dt.datetime


_COLUMNS = "bill, dossier_no, memo, amount, made_at, next_ask_at, asks, last_error"


def on_action(dossier: Dossier, action: str, by: Actor) -> None:
    """Listener: a request for payment has its bill from the first moment."""
    del by
    if action == "ask_payment" and dossier.procedure_then.fee > 0:
        do_make(dossier, at=timezone.now())


def do_make(dossier: Dossier, *, at: dt.datetime) -> Bill:
    """The bill of the dossier's fee; a second request for the same dossier is the same bill."""
    found = of_dossier(dossier.dossier_no)
    if found is not None:
        return found
    memo = "DVC" + "".join(secrets.choice(_LETTERS) for _ in range(10))
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO services.bill (dossier_no, memo, amount, made_at, next_ask_at) VALUES (%s, %s, %s, %s, %s)"
            f" RETURNING {_COLUMNS}",
            [dossier.dossier_no, memo, dossier.procedure_then.fee, at, at + FIRST_ASK],
        )
        return Bill(*cursor.fetchone())


def of_dossier(dossier_no: int) -> Bill | None:
    """The dossier's bill, paid or not."""
    return _one("dossier_no = %s", dossier_no)


def by_memo(memo: str) -> Bill | None:
    """The bill that a transfer names."""
    return _one("memo = %s", memo)


def is_open(dossier: Dossier) -> bool:
    """Whether the fee is awaited."""
    return dossier.status == workflow.PAYMENT


def payments(dossier_no: int) -> list[Payment]:
    """What came in for the dossier, the first first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT transaction, amount, paid_at, outcome, at FROM services.payment WHERE dossier_no = %s"
            " ORDER BY payment_no",
            [dossier_no],
        )
        return [Payment(*row) for row in cursor.fetchall()]


def _one(which: str, value: object) -> Bill | None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {_COLUMNS} FROM services.bill WHERE {which} ORDER BY made_at DESC LIMIT 1",
            [value],
        )
        row = cursor.fetchone()
    return Bill(*row) if row else None
