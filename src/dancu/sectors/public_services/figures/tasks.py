"""The differences are folded every ten minutes, so that a page never adds up more than those."""

from __future__ import annotations

from django.db import connections
from procrastinate.contrib.django import app

from dancu.sectors.public_services.figures import folding


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="services-fold", lock="services-fold", pass_context=False)
def fold(timestamp: int) -> int:
    """How many differences were folded."""
    del timestamp
    return folding.fold_all(connections["owner"])
