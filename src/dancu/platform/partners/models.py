"""Partner systems, what changed about them, and what looked odd in how they ask."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models

EVERYWHERE = "*"
"""In `units`: the whole register."""


class Partner(models.Model):
    """A body whose system may ask: for purposes and fields of the catalogue, in its units, within its quotas.

    Its secret is the private key behind `jwks` (public keys only) or behind the client certificate; none is kept here.
    """

    client_id = models.SlugField(primary_key=True, max_length=60)
    name_vi = models.CharField(max_length=200)
    purposes = models.JSONField(default=dict, help_text="purpose -> the fields it may ask about")
    units = models.JSONField(default=list, help_text="codes, or ['*'] for all")
    unit_on = models.DateField(help_text="the day on which units is to be read")
    communes = models.JSONField(
        default=list, help_text="the communes of units on the register's day"
    )
    a_minute = models.PositiveIntegerField(default=600)
    a_day = models.PositiveIntegerField(default=20_000)
    a_subject_day = models.PositiveIntegerField(default=20, help_text="about one person in a day")
    jwks = models.JSONField(default=dict, blank=True)
    certificate = models.CharField(max_length=64, blank=True, default="", help_text="SHA-256, hex")
    requires_officer = models.BooleanField(default=True)
    active_from = models.DateField()
    active_to = models.DateField(null=True, blank=True)
    suspended_at = models.DateTimeField(null=True, blank=True)
    suspended_by = models.CharField(max_length=60, blank=True, default="")
    suspended_why = models.TextField(blank=True, default="")
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.CharField(max_length=60)

    class Meta:
        db_table = "partners_partner"
        ordering = ("name_vi",)

    def __str__(self) -> str:
        return self.name_vi

    def is_active(self, *, on: dt.date) -> bool:
        """Whether it may ask on a day."""
        ended = self.active_to is not None and self.active_to < on
        return self.suspended_at is None and self.active_from <= on and not ended

    def fields_for(self, purpose: str) -> frozenset[str]:
        """What it may ask about for a purpose."""
        told: dict[str, Any] = self.purposes
        return frozenset(told.get(purpose, ()))

    @property
    def is_everywhere(self) -> bool:
        """Whether the whole register is open to it."""
        return EVERYWHERE in self.units


class Token(models.Model):
    """An access token, by its hash: the secret is 256 random bits."""

    digest = models.BinaryField(max_length=32, primary_key=True)
    client_id = models.CharField(max_length=60)
    scopes = models.JSONField()
    made_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "partners_token"

    def __str__(self) -> str:
        return self.client_id


class Assertion(models.Model):
    """The `jti` of a client assertion that was used: it opens nothing a second time."""

    client_id = models.CharField(max_length=60)
    jti = models.CharField(max_length=200)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "partners_assertion"
        constraints = (models.UniqueConstraint(fields=["client_id", "jti"], name="assertion_once"),)

    def __str__(self) -> str:
        return f"{self.client_id} {self.jti}"


class Lease(models.Model):
    """How much of a partner's quota of a day has been lent to the web processes."""

    client_id = models.CharField(max_length=60)
    day = models.DateField()
    taken = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "partners_lease"
        constraints = (models.UniqueConstraint(fields=["client_id", "day"], name="lease_of_day"),)

    def __str__(self) -> str:
        return f"{self.client_id} {self.day}: {self.taken}"


class Done(models.Model):
    """What somebody did about a partner, and why; only ever added to."""

    client_id = models.CharField(max_length=60, db_index=True)
    at = models.DateTimeField(auto_now_add=True)
    by = models.CharField(max_length=60)
    what = models.CharField(max_length=40)
    detail = models.JSONField(default=dict)

    class Meta:
        abstract = True
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.client_id}: {self.what}"


class Change(Done):
    """What was done about its registration."""

    class Meta(Done.Meta):
        db_table = "partners_change"


class Flag(models.Model):
    """Something odd in how a partner asks, for the auditor to judge."""

    client_id = models.CharField(max_length=60, db_index=True)
    at = models.DateTimeField(auto_now_add=True)
    kind = models.CharField(max_length=40)
    since = models.DateTimeField()
    detail = models.JSONField(default=dict)
    seen_at = models.DateTimeField(null=True)
    seen_by = models.CharField(max_length=60, blank=True, default="")

    class Meta:
        db_table = "partners_flag"
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.client_id}: {self.kind}"


class Usage(models.Model):
    """How many questions of a partner ended how in an hour."""

    client_id = models.CharField(max_length=60)
    hour = models.DateTimeField()
    outcome = models.CharField(max_length=20)
    n = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "partners_usage"
        constraints = (
            models.UniqueConstraint(fields=["client_id", "hour", "outcome"], name="usage_of_hour"),
        )

    def __str__(self) -> str:
        return f"{self.client_id} {self.hour}: {self.outcome}"
