"""Files that somebody handed in to be taken in or compared, and what came of it."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

STATES = {
    "received": _("Đã nhận, chờ xác nhận"),
    "waiting": _("Đang chờ"),
    "running": _("Đang chạy"),
    "done": _("Đã xong"),
    "failed": _("Không xong"),
}
IMPORT, DIFFER = "import", "differ"


class HandIn(models.Model):
    """`differ`: with a second file, or with none, which means our own register."""

    user_id = models.BigIntegerField(db_index=True)
    username = models.CharField(max_length=60)
    kind = models.CharField(max_length=10)
    key = models.CharField(max_length=32, unique=True)
    source = models.CharField(max_length=40, blank=True, default="")
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    second = models.CharField(max_length=200, blank=True, default="")
    date_from = models.DateField(null=True)
    date_to = models.DateField(null=True)
    mapping = models.JSONField(default=dict)
    state = models.CharField(max_length=10, default="received", choices=[*STATES.items()])
    result_no = models.BigIntegerField(null=True)
    """The import or the list of differences that came of it."""
    message = models.TextField(blank=True, default="")
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-created_at", "-id")

    def __str__(self) -> str:
        return self.name

    @property
    def folder(self) -> Path:
        """Where the files lie until they were taken in."""
        return Path(settings.MEDIA_ROOT) / "dossiers" / self.key

    @property
    def about(self) -> str:
        """How its jobs name it."""
        return f"dossiers/{self.pk}"

    @property
    def state_name(self) -> object:
        """In words."""
        return STATES[self.state]
