"""Cards and what was done to them; rows are closed by territory in the database (`closed.py`).

Personal data: whose card it is (`citizen_id`). Name, birth and address stay in the register, where they are read
through the one door. How long rows are kept: `retention.csv`.
"""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from dancu.sectors.demo import workflow

_WHO = 60


class Card(models.Model):
    """A card, asked for or in use. `version` counts what was done to it, so that nobody acts on an old screen."""

    citizen_id = models.UUIDField()
    unit_code = models.CharField(max_length=10)
    state = models.CharField(max_length=20, default=workflow.ASKED)
    version = models.IntegerField(default=1)
    asked_at = models.DateTimeField()
    issued_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "demo"
        indexes = (
            models.Index(fields=["unit_code", "state", "asked_at"], name="demo_of_unit"),
        )  # fmt: skip
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=list(workflow.STATES)), name="demo_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=list(workflow.CLOSED)) ^ Q(closed_at__isnull=True),
                name="demo_closed_has_day",
            ),
            models.UniqueConstraint(
                fields=["citizen_id"],
                condition=~Q(state__in=list(workflow.CLOSED)),
                name="demo_one_a_person",
            ),
        )

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """What stands on the card; tells nothing about the person."""
        return f"TV{self.pk:06d}"


class Step(models.Model):
    """What was done to a card, by whom, why; only ever added to. `event_id` makes a repeated sending harmless."""

    card = models.ForeignKey(Card, models.PROTECT, related_name="steps")
    event_id = models.UUIDField(unique=True, default=uuid.uuid4)
    action = models.CharField(max_length=20)
    state_after = models.CharField(max_length=20)
    reason = models.CharField(max_length=500, blank=True, default="")
    by = models.CharField(max_length=_WHO)
    at = models.DateTimeField()

    class Meta:
        app_label = "demo"

    def __str__(self) -> str:
        return f"{self.card_id} {self.action}"
