"""A list that somebody handed in, and what came of it."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

STATES = {
    "received": _("Đã nhận, chờ ghép cột"),
    "waiting": _("Đang chờ"),
    "running": _("Đang ghi vào sổ"),
    "done": _("Đã ghi xong"),
    "cancelled": _("Đã dừng"),
    "failed": _("Không xong"),
}


class Upload(models.Model):
    """One file. It lies in a folder of its own (`folder`), readable by this installation alone."""

    user_id = models.BigIntegerField(db_index=True)
    username = models.CharField(max_length=60)
    unit_code = models.CharField(max_length=10, blank=True, default="")
    units = models.JSONField(null=True)
    """Communes whose people the list may change; None: all."""
    name = models.CharField(max_length=200)
    key = models.CharField(max_length=32, unique=True)
    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.BigIntegerField()
    sector = models.CharField(max_length=40, blank=True, default="")
    mapping = models.JSONField(default=dict)
    replaces = models.CharField(max_length=240, blank=True, default="")
    """The name of the register's file that this one takes the place of, row by row."""
    whole = models.BooleanField(default=False)
    """Rows that the file no longer holds are taken out."""
    state = models.CharField(max_length=10, default="received", choices=[*STATES.items()])
    stop_asked = models.BooleanField(default=False)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    result = models.JSONField(default=dict)
    message = models.TextField(blank=True, default="")
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-created_at", "-id")

    def __str__(self) -> str:
        return self.name

    @property
    def folder(self) -> Path:
        """Where the file and what was made of it lie."""
        return Path(settings.MEDIA_ROOT) / "intake" / self.key

    @property
    def path(self) -> Path:
        """The file as it came."""
        return self.folder / "file"

    @property
    def registered_name(self) -> str:
        """What the register calls the file: two offices may call theirs alike."""
        return f"{self.unit_code}/{self.name}" if self.unit_code else self.name

    @property
    def about(self) -> str:
        """How its jobs name it."""
        return f"upload/{self.pk}"

    @property
    def state_name(self) -> object:
        """In words."""
        return STATES[self.state]

    @property
    def is_open(self) -> bool:
        """Whether it can (still, or again) be started."""
        return self.state in ("received", "cancelled", "failed")
