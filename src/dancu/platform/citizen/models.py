"""A citizen's session, and what citizens ask about the looks at their data."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

STATES = {
    "sent": _("Đã gửi, chờ trả lời"),
    "answered": _("Đã trả lời"),
}
BADGES = {"sent": "info", "answered": "good"}


class CitizenSession(models.Model):
    """A session under the hash of its key. Whose it is stands in the claim, which pages cannot read."""

    key_hash = models.CharField(max_length=64, primary_key=True)
    data = models.TextField()
    seen_at = models.DateTimeField(default=timezone.now)
    idle_minutes = models.PositiveIntegerField(default=15)
    ends_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.key_hash[:8]


class Question(models.Model):
    """«This was not me», «I do not understand this look»: asked by a citizen, answered by the auditor."""

    code = models.CharField(max_length=12, unique=True)
    event_id = models.UUIDField(unique=True, default=uuid.uuid4)
    citizen_id = models.UUIDField(db_index=True)
    receipt = models.UUIDField(null=True)
    """The line of the access log that it is about."""
    about = models.TextField(default="")
    """That line as the citizen read it."""
    words = models.TextField()
    at = models.DateTimeField(default=timezone.now)
    due_on = models.DateField()
    state = models.CharField(max_length=10, default="sent", choices=[(s, s) for s in STATES])
    answer = models.TextField(blank=True, default="")
    answered_by = models.CharField(max_length=60, blank=True, default="")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-at", "-id")
        indexes = (models.Index(fields=["state", "due_on"], name="questions_open"),)

    def __str__(self) -> str:
        return self.code

    @property
    def state_name(self) -> object:
        """In words."""
        return STATES[self.state]

    @property
    def badge(self) -> str:
        """The colour of the state."""
        return BADGES[self.state]
