"""Lists are taken in by the worker, one at a time."""

from __future__ import annotations

import datetime as dt

from procrastinate.contrib.django import app

from dancu.platform.intake import expiring, work
from dancu.platform.tasks import services


@app.task(queue="intake", lock="register-load")
def take_in(job: int, number: int) -> None:
    """Taken up again after a crash, it goes on where the register stands."""
    with services.progress(job) as told:
        work.take_in(number, told)


@app.periodic(cron="50 2 * * *")
@app.task(queueing_lock="intake-expire", pass_context=False)
def expire(timestamp: int) -> int:
    """Each night: files past their time, and what a killed upload left behind."""
    return expiring.expire(at=dt.datetime.fromtimestamp(timestamp, dt.UTC))
