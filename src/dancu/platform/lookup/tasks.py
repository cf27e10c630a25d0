"""Lists are answered by the worker."""

from __future__ import annotations

from procrastinate.contrib.django import app

from dancu.platform.tasks import services


@app.task(queue="default")
def verify_list(job: int, number: int) -> None:
    """Taken up again after a crash."""
    from dancu.platform.lookup import batch

    with services.progress(job) as told:
        batch.work(number, told)
