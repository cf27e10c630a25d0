"""Every few minutes: identities that waited for the national side."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from dancu.sectors.public_services.counter import checks


@app.periodic(cron="*/2 * * * *")
@app.task(queueing_lock="counter-catch-up", lock="counter-catch-up", pass_context=False)
def catch_up(timestamp: int = 0) -> int:
    """How many identities now stand; may run again at any time."""
    del timestamp
    return checks.catch_up(at=timezone.now())
