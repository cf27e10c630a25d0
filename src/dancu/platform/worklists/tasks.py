"""Work of the queue: everything anew each morning, what events changed every few minutes, what sources confirmed."""

from __future__ import annotations

from procrastinate.contrib.django import app

from dancu.platform.worklists import making, requests


@app.periodic(cron="30 5 * * *")
@app.task(queueing_lock="worklists-refresh", pass_context=False)
def refresh(timestamp: int = 0) -> int:
    """All tasks of all communes; may run again at any time."""
    del timestamp
    found = making.refresh_tasks()
    return found.made + found.reopened + found.settled


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="worklists-follow", pass_context=False)
def follow(timestamp: int = 0) -> int:
    """What the register's events did since the last time; after a load, everything."""
    del timestamp
    found = making.follow_events() if making.made_from_this_load() else making.refresh_tasks()
    return found.made + found.reopened + found.settled + requests.follow_requests()
