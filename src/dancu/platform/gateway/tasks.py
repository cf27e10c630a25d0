"""Each minute, where a national service is set up: check the line, then ask what waits."""

from __future__ import annotations

from procrastinate.contrib.django import app

from dancu.platform.gateway import carrying, choice
from dancu.platform.gateway.errors import NotSetUp


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="gateway-carry", lock="gateway-carry", pass_context=False)
def carry(timestamp: int = 0) -> int:
    """How many questions came to an end."""
    del timestamp
    try:
        client = choice.client()
    except NotSetUp:
        return 0
    carrying.check(client)
    done = carrying.carry(client)
    return done.answered + done.expired
