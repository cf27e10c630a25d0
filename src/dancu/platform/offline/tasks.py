"""The worker makes lists, and each hour lets go of the keys of those that have ended."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from dancu.platform.offline import making
from dancu.platform.tasks import services


@app.task(queue="offline")
def make_list(job: int, number: str) -> None:
    """May run again: a list that is ready stays as it is."""
    try:
        with services.progress(job) as told:
            making.make(number, told)
    except Exception:
        making.failed(number)
        raise


@app.periodic(cron="7 * * * *")
@app.task(queueing_lock="offline-end", pass_context=False)
def end_old(timestamp: int = 0) -> int:
    """How many ended."""
    del timestamp
    return making.end_old(at=timezone.now())
