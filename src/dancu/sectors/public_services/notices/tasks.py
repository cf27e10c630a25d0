"""Work of the queue: every ten seconds what lies in the outbox is sent."""

from __future__ import annotations

from django.db import connections
from django.utils import timezone
from procrastinate.contrib.django import app

from dancu.sectors.public_services.notices import sending


@app.periodic(cron="* * * * * */10")
@app.task(
    queue="services", queueing_lock="services-notices", lock="services-notices", pass_context=False
)
def send(timestamp: int = 0) -> int:
    """How many notices left."""
    del timestamp
    try:
        return sending.send_all(at=timezone.now())
    finally:
        connections.close_all()
