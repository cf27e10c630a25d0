"""What is kept of a report: each counting of it, each change to a sentence, the day it was issued. Only added to."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models


class Version(models.Model):
    """A report as it was counted once: all its sentences, tables and figures. `key` names unit and period."""

    key = models.CharField(max_length=60, db_index=True)
    number = models.PositiveIntegerField()
    unit_code = models.CharField(max_length=20)
    first = models.DateField()
    last = models.DateField()
    body: models.JSONField[Any, Any] = models.JSONField()
    sha256 = models.CharField(max_length=64)
    at = models.DateTimeField()
    by = models.CharField(max_length=60)

    class Meta:
        """One row a counting."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=("key", "number"), name="reports_writing_version_once")
        ]


class Edit(models.Model):
    """A sentence as a person wrote it, what it said before, and why; an empty `text`: back to what was counted."""

    key = models.CharField(max_length=60, db_index=True)
    sentence = models.CharField(max_length=80)
    before = models.TextField()
    text = models.TextField(blank=True)
    reason = models.TextField()
    typed: models.JSONField[Any, Any] = models.JSONField(default=list)
    lost: models.JSONField[Any, Any] = models.JSONField(default=list)
    at = models.DateTimeField()
    by = models.CharField(max_length=60)


class Issue(models.Model):
    """A report given out: its number, its day, and the whole of what it said. Once for a report."""

    key = models.CharField(max_length=60, unique=True)
    number = models.CharField(max_length=60)
    day = models.DateField()
    signer = models.CharField(max_length=120)
    body: models.JSONField[Any, Any] = models.JSONField()
    sha256 = models.CharField(max_length=64)
    at = models.DateTimeField()
    by = models.CharField(max_length=60)
