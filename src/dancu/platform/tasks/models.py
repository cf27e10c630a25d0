"""A job as people see it: what it is about, how far it is, what came of it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

STATES = {
    "waiting": _("Đang chờ"),
    "running": _("Đang chạy"),
    "done": _("Đã xong"),
    "failed": _("Không xong"),
}


class Job(models.Model):
    """One piece of long work. `about` names its object for the app that started it (``unit_change/3``)."""

    kind = models.CharField(max_length=40)
    about = models.CharField(max_length=80, db_index=True)
    right = models.CharField(max_length=40)
    """Who has this right may look at the progress."""
    by = models.CharField(max_length=60)
    state = models.CharField(max_length=10, default="waiting", choices=[*STATES.items()])
    step = models.CharField(max_length=120, blank=True, default="")
    share = models.FloatField(default=0.0)
    message = models.TextField(blank=True, default="")
    """What went wrong, in words for people; never a row of anybody."""
    asked_at = models.DateTimeField(auto_now_add=True)
    began_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-asked_at", "-id")

    def __str__(self) -> str:
        return f"{self.kind} {self.about}"

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.state in ("done", "failed")

    @property
    def state_name(self) -> object:
        """In words."""
        return STATES[self.state]

    @property
    def percent(self) -> int:
        """0 to 100."""
        return round(100 * self.share)
