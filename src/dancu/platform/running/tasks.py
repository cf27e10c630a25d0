"""Every minute: jobs whose worker died (``kill -9``, a power cut) are put back into the queue.

So every job must be one that may run again: all of its work in one transaction, or steps that find what is done.
"""

from __future__ import annotations

import logging

from procrastinate.contrib.django import app
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Status

DEAD_AFTER = 60.0
"""Seconds without a heartbeat (one comes every ten) after which a worker counts as dead."""
_log = logging.getLogger(__name__)


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="requeue", pass_context=False)
async def requeue(timestamp: int) -> int:
    """How many were put back."""
    del timestamp
    return await put_back()


async def put_back(seconds: float = DEAD_AFTER) -> int:
    """Jobs being done by a worker without a heartbeat for so long are to be done again.

    A job of which one at most may wait, while the next of its kind waits already, is done by that one.
    """
    back = 0
    for job in list(await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=seconds)):
        try:
            await app.job_manager.retry_job(job)
        except UniqueViolation:
            await app.job_manager.finish_job(job, Status.FAILED, delete_job=False)
            continue
        back += 1
        _log.warning("a job whose worker died is put back into the queue")
    return back
