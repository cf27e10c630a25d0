"""Work of the queue: every minute what still waits to be told is told."""

from __future__ import annotations

from django.db import connections
from procrastinate.contrib.django import app

from dancu.sectors.public_services.linked import delivering


@app.periodic(cron="* * * * *")
@app.task(queue="services", queueing_lock="services-told", pass_context=False)
def tell(timestamp: int = 0) -> int:
    """How many events went on; may run again at any time."""
    del timestamp
    try:
        return delivering.sweep()
    finally:
        connections.close_all()
