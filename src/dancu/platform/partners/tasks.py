"""Partners are watched every ten minutes."""

from __future__ import annotations

import datetime as dt

from procrastinate.contrib.django import app

from dancu.platform.partners import watch


@app.periodic(cron="*/10 * * * *")
@app.task(queue="default", pass_context=False, lock="partners-watch")
def watch_partners(timestamp: int) -> None:
    """What looks odd is written down."""
    watch.look(at=dt.datetime.fromtimestamp(timestamp, tz=dt.UTC))
