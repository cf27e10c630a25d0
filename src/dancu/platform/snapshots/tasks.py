"""An issued report is frozen by the worker: it reads the records of every unit."""

from __future__ import annotations

import datetime as dt

from procrastinate.contrib.django import app

from dancu.platform.snapshots import issued
from dancu.platform.tasks import services


@app.task(queue="report")
def freeze(job: int, key: str) -> None:
    """Once for a report: begun again after a crash it makes no second one."""
    with services.progress(job) as said:
        said("report", 0.1)
        issued.freeze(key, by=services.asked_by(job), at=dt.datetime.now(dt.UTC))
