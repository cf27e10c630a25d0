"""From what the bank says to a paid dossier: exactly once, whether it calls, calls twice, or has to be asked.

Runs in the worker, as the system. The dossier's row is locked first, as every action on it does, so two workers with
the same transfer, or a transfer and an officer, come one after the other.
"""

from __future__ import annotations

import datetime as dt
import json
from uuid import NAMESPACE_URL, uuid5

from django.db import connection

from dancu.kit.lines import LineDown
from dancu.sectors.public_services import acting, dossiers
from dancu.sectors.public_services.acting import Actor, Ask
from dancu.sectors.public_services.payments import bills
from dancu.sectors.public_services.payments.bills import Bill
from dancu.sectors.public_services.payments.port import Bank, Distrusted, Transfer, transfer
from dancu.sectors.public_services.system import as_system

MOST = 50
FIRST, LONGEST = dt.timedelta(minutes=1), dt.timedelta(hours=6)


def settle(*, at: dt.datetime) -> int:
    """What lies in the inbox, the oldest first; how many. One that fails stops no other, and is told at the end."""
    done, after, failed = 0, 0, None
    while True:
        number = 0
        try:
            with as_system() as system:
                number, said = _next(after)
                if not number:
                    break
                take(transfer(json.loads(said)), told_by="callback", by=system, at=at)
                _settled(number, at)
                done += 1
        except Exception as error:
            failed = error
            if not number:
                break
        after = number
    if failed is not None:
        raise failed
    return done


def _next(after: int) -> tuple[int, str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT message_no, said FROM services.bank_inbox WHERE settled_at IS NULL AND message_no > %s"
            " ORDER BY message_no LIMIT 1 FOR UPDATE SKIP LOCKED",
            [after],
        )
        return cursor.fetchone() or (0, "")


def _settled(number: int, at: dt.datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE services.bank_inbox SET settled_at = %s WHERE message_no = %s", [at, number]
        )


def ask(memo: str, *, bank: Bank, at: dt.datetime) -> str:
    """Asks the bank about one bill; the word for what went wrong, "" when it answered."""
    try:
        found, error = bank.asked(memo), ""
    except LineDown as down:
        found, error = [], f"line:{down}"
    except Distrusted as wrong:
        found, error = [], f"distrusted:{wrong}"
    with as_system() as system:
        for one in found:
            take(one, told_by="asked", by=system, at=at)
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE services.bill SET asks = asks + 1, last_error = %s,"
                " next_ask_at = %s + least(%s * power(2, least(asks, 12)), %s) WHERE memo = %s",
                [error, at, FIRST, LONGEST, memo],
            )
    return error


def to_ask(*, at: dt.datetime) -> list[str]:
    """Memos of bills whose fee is still awaited and whose turn it is."""
    with as_system(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT b.memo FROM services.bill b JOIN services.dossier d USING (dossier_no)"
            " WHERE d.status = 6 AND b.next_ask_at <= %s ORDER BY b.next_ask_at LIMIT %s",
            [at, MOST],
        )
        return [row[0] for row in cursor.fetchall()]


def take(told: Transfer, *, told_by: str, by: Actor, at: dt.datetime) -> str:
    """What becomes of a transfer: booked, wrong_amount, late, again, unknown; "" for one that is known already."""
    bill = bills.by_memo(told.memo)
    if bill is not None:
        dossiers.get(bill.dossier_no, lock=True)
    if _known(told.transaction):
        return ""
    outcome = _outcome(bill, told)
    if not _written(bill, told, told_by, outcome, at):
        return ""
    if outcome == "booked" and bill is not None:
        now = dossiers.get(bill.dossier_no)
        event = uuid5(NAMESPACE_URL, f"payment:{told.transaction}")
        paid = Ask("paid", now.version_no, event, data={"online": True, "amount": told.amount})
        acting.do_act(dossier_no=now.dossier_no, by=by, ask=paid, at=at)
    return outcome


def _outcome(bill: Bill | None, told: Transfer) -> str:
    if bill is None:
        return "unknown"
    if any(one.outcome == "booked" for one in bills.payments(bill.dossier_no)):
        return "again"
    if not bills.is_open(dossiers.get(bill.dossier_no)):
        return "late"
    return "booked" if told.amount == bill.amount else "wrong_amount"


def _known(transaction: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM services.payment WHERE transaction = %s", [transaction])
        return cursor.fetchone() is not None


def _written(
    bill: Bill | None, told: Transfer, told_by: str, outcome: str, at: dt.datetime
) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO services.payment (transaction, bill, dossier_no, memo, amount, paid_at, told_by, outcome, at)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (transaction) DO NOTHING RETURNING 1",
            [told.transaction, bill and bill.bill, bill and bill.dossier_no, told.memo[:100], told.amount, told.paid_at,
             told_by, outcome, at],
        )  # fmt: skip
        return cursor.fetchone() is not None
