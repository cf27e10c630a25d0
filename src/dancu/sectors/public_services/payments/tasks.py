"""Work of the queue: what the bank sent is settled at once, and whoever has not called is asked."""

from __future__ import annotations

from django.db import connections, transaction
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from dancu.sectors.public_services.payments import booking, port

QUEUE = "services"


@app.task(queue=QUEUE, pass_context=False)
def settle() -> int:
    """Everything that lies in the inbox; may run again at any time."""
    try:
        return booking.settle(at=timezone.now())
    finally:
        connections.close_all()


@app.task(queue=QUEUE, pass_context=False)
def ask(memo: str) -> str:
    """Asks the bank about one bill."""
    bank = port.bank()
    try:
        return booking.ask(memo, bank=bank, at=timezone.now()) if bank else "no bank"
    finally:
        connections.close_all()


@app.periodic(cron="* * * * *")
@app.task(queue=QUEUE, queueing_lock="services-payments-look", pass_context=False)
def look(timestamp: int = 0) -> int:
    """Each minute: callbacks whose job got lost, and the bills whose turn it is to be asked about."""
    del timestamp
    settle()
    found = booking.to_ask(at=timezone.now()) if port.bank() else []
    for memo in found:
        queue(memo)
    return len(found)


def queue(memo: str) -> None:
    """The question as a job; one that waits already is enough."""
    try:
        with transaction.atomic():  # a page's own transaction goes on after a refusal
            ask.configure(queueing_lock=f"bill-{memo}").defer(memo=memo)
    except AlreadyEnqueued:
        return
