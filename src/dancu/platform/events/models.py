"""Keys of partner systems."""

from __future__ import annotations

from django.db import models
from django.utils import timezone


class ApiKey(models.Model):
    """A token of an account, good for recording events of some kinds in some units until a day.

    The secret is 256 random bits, so its SHA-256 is enough; it is shown once and kept nowhere.
    """

    name = models.CharField(max_length=120)
    user_id = models.BigIntegerField(db_index=True)
    prefix = models.CharField(max_length=12)
    digest = models.BinaryField(max_length=32, unique=True)
    kinds = models.JSONField()
    units = models.JSONField()
    unit_on = models.DateField(help_text="the day on which units is to be read")
    a_minute = models.PositiveIntegerField(default=600)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.CharField(max_length=60)
    expires_at = models.DateTimeField()
    last_used_on = models.DateField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.CharField(max_length=60, blank=True, default="")

    class Meta:
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return self.name

    @property
    def in_force(self) -> bool:
        """Whether it opens anything now."""
        return self.revoked_at is None and self.expires_at > timezone.now()

    @property
    def source(self) -> str:
        """Who recorded an event, in the register's own words."""
        return f"key:{self.pk}"
