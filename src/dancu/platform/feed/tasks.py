"""Work of the queue: every ten seconds each subscriber with something to send gets a job of its own."""

from __future__ import annotations

from django.db import connections
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from dancu.platform.feed import delivering, waiting

QUEUE = "feed"


@app.periodic(cron="* * * * * */10")
@app.task(queue=QUEUE, queueing_lock="feed-look", pass_context=False)
def look(timestamp: int = 0) -> int:
    """How many subscribers have something to be sent."""
    del timestamp
    found = waiting.with_work()
    for number in found:
        try:
            deliver.configure(lock=f"feed-{number}", queueing_lock=f"feed-{number}").defer(
                subscriber=number
            )
        except AlreadyEnqueued:
            continue
    waiting.mark_told()
    return len(found)


@app.task(queue=QUEUE)
def deliver(subscriber: int) -> int:
    """Sends what is ripe; may run again at any time."""
    try:
        return delivering.deliver(subscriber)
    finally:
        connections.close_all()
