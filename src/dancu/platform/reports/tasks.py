"""Every ten minutes: sums that are a day old, or behind by many persons, are made anew."""

from __future__ import annotations

from procrastinate.contrib.django import app

from dancu.platform.reports import indicator_sums


@app.periodic(cron="*/10 * * * *")
@app.task(queue="report", queueing_lock="fold_people")
def fold_people(timestamp: int) -> bool:
    """Whether they were."""
    del timestamp
    return indicator_sums.fold()
