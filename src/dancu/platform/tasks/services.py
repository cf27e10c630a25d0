"""Start a job from a page, and tell from inside the worker how far it is.

A page calls `start`: the row and the queue's entry are written in the page's own transaction, so that a job exists
exactly when what it is about does. The worker's function wraps its work in `progress`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.utils import timezone

from dancu.platform.tasks.models import Job

Told = Callable[[str, float], None]
_EVERY = 0.5
"""Seconds between two writes of the progress: more often nobody looks."""


def start(task: Any, *, kind: str, about: str, right: str, by: str, **given: Any) -> Job:
    """Queues `task` (of procrastinate), which gets `job` (a number) and what is given here as plain data."""
    job = Job.objects.create(kind=kind, about=about, right=right, by=by)
    task.defer(job=job.pk, **given)
    return job


def last_of(about: str) -> Job | None:
    """The latest job about this object."""
    return Job.objects.filter(about=about).first()


def asked_by(job: int) -> str:
    """Inside the worker: the user name of who asked for the job."""
    return Job.objects.using("owner").get(pk=job).by


@contextmanager
def progress(job: int) -> Iterator[Told]:
    """Inside the worker: the row follows the work; an error is kept in words and raised again."""
    rows = Job.objects.using("owner").filter(pk=job)
    rows.update(state="running", began_at=timezone.now(), message="", share=0.0)
    last = [0.0]

    def told(step: str, share: float) -> None:
        now = time.monotonic()
        if now - last[0] >= _EVERY:
            last[0] = now
            rows.update(step=step[:120], share=share)

    try:
        yield told
    except Exception as error:
        rows.update(state="failed", ended_at=timezone.now(), message=_in_words(error))
        raise
    rows.update(state="done", step="", share=1.0, ended_at=timezone.now())


def _in_words(error: Exception) -> str:
    """Errors of our own rooms speak to people; of others only the kind is told, since they may quote a row."""
    ours = type(error).__module__.startswith("dancu.")
    return str(error)[:2000] if ours else type(error).__name__
