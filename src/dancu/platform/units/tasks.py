"""Background work on changes of units: check and preview, apply, undo, what is due today; by the worker, as owner."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from dancu.platform.tasks import services
from dancu.platform.units import changes, daily


@app.task(queue="units")
def check_change(job: int, number: int) -> None:
    """Holds a draft against the law and counts what it would move."""
    with services.progress(job) as told:
        changes.check(number, told)


@app.task(queue="units", lock="unit_change")
def apply_change(job: int, number: int) -> None:
    """Applies it; taken up again after a crash, it finds what is done."""
    with services.progress(job) as told:
        changes.apply(number, by=services.asked_by(job), today=timezone.localdate(), told=told)


@app.task(queue="units", lock="unit_change")
def undo_change(job: int, number: int) -> None:
    """Undoes it."""
    with services.progress(job) as told:
        changes.undo(number, by=services.asked_by(job), told=told)


@app.periodic(cron="5 0 * * *")
@app.task(queue="units", lock="unit_change", queueing_lock="due_changes")
def apply_due(timestamp: int) -> int:
    """Five minutes after midnight: the changes whose day has come and that somebody has scheduled."""
    del timestamp
    return changes.apply_due(today=timezone.localdate())


@app.periodic(cron="30 0 * * *")
@app.task(queue="units", lock="unit_change", queueing_lock="register_day")
def move_day_on(timestamp: int) -> str:
    """Half past midnight, after the changes of the day: the register's own day moves on and the tasks follow."""
    del timestamp
    moved = daily.move_on(today=timezone.localdate())
    return moved.to.isoformat() if moved else ""
