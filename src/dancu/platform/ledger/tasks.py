"""Background work: the check of every night, an export asked for on a page."""

from __future__ import annotations

import datetime as dt

from procrastinate.contrib.django import app

from dancu.platform.ledger import checks, exports, files
from dancu.platform.tasks import services


@app.periodic(cron="30 19 * * *")  # half past two in Việt Nam
@app.task(queueing_lock="ledger-check", pass_context=False)
def check_all(timestamp: int) -> None:
    """Nobody asked: what does not hold is told to the auditor."""
    del timestamp
    checks.run(by="dancu")


@app.task(queue="ledger", lock="ledger-check")
def check(job: int) -> None:
    """Asked for on the page."""
    with services.progress(job) as told:
        checks.run(by=services.asked_by(job), progress=told)


@app.task(queue="ledger", lock="ledger-export")
def export(job: int, basis: str, with_rows: bool) -> None:
    """Asked for on the page; only the newest export is kept."""
    with services.progress(job) as told:
        exports.zipped(
            files.path_of(job), by=services.asked_by(job), basis=basis, with_rows=with_rows,
            at=dt.datetime.now(dt.UTC), progress=told,
        )  # fmt: skip
        files.keep_only(job)
