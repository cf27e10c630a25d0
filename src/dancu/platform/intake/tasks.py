"""Lists are taken in by the worker, one at a time."""

from __future__ import annotations

from procrastinate.contrib.django import app

from dancu.platform.intake import work
from dancu.platform.tasks import services


@app.task(queue="intake", lock="register-load")
def take_in(job: int, number: int) -> None:
    """Taken up again after a crash, it goes on where the register stands."""
    with services.progress(job) as told:
        work.take_in(number, told)
