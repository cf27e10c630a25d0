"""Each night, when nobody works: what is past its time goes."""

from __future__ import annotations

import datetime as dt

from procrastinate.contrib.django import app

from dancu.platform.keeping import services


@app.periodic(cron="40 2 * * *")
@app.task(queueing_lock="keeping-purge", pass_context=False)
def purge(timestamp: int) -> int:
    """How many rows went; may run again at any time."""
    return sum(services.purge(by="dancu", at=dt.datetime.fromtimestamp(timestamp, dt.UTC)).values())
