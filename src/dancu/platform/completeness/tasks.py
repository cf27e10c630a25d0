"""Each night: the day that is over, and the one before again (a line may follow late)."""

from __future__ import annotations

import datetime as dt

from procrastinate.contrib.django import app

from dancu.platform.completeness import reconciling


@app.periodic(cron="20 0 * * *")
@app.task(queueing_lock="completeness-reconcile", pass_context=False)
def reconcile(timestamp: int) -> int:
    """How many gaps; the cron's own moment tells the day."""
    today = dt.datetime.fromtimestamp(timestamp, reconciling.ZONE).date()
    run, _ = reconciling.reconcile(by="dancu", on=today - dt.timedelta(days=1))
    return run.gaps
