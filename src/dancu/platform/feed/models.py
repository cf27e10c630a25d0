"""Who is told of changes, under which keys, and what still waits to be delivered.

All of it is the gate's: the role of the pages can read none of these tables.
"""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from dancu.platform.partners.models import Done


class PairwiseKey(models.Model):
    """The key under which one partner's identifiers are made; never renewed, since they would all change."""

    client_id = models.CharField(max_length=80, primary_key=True)
    sealed = models.TextField()
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "feed_pairwisekey"

    def __str__(self) -> str:
        return self.client_id


class Subscriber(models.Model):
    """A partner's subscription for one of its purposes; without an address it only reads the feed itself."""

    client_id = models.CharField(max_length=60, unique=True)
    purpose = models.CharField(max_length=40)
    fields = models.JSONField(
        default=list, help_text="of those that the purpose allows; [] for all"
    )
    values = models.BooleanField(default=False, help_text="values wanted, where the purpose allows")
    url = models.CharField(max_length=500, blank=True, default="")
    first = models.BigIntegerField(default=0, help_text="nothing before is told")
    place = models.BigIntegerField(default=0, help_text="up to here notes were made ready")
    failures = models.PositiveIntegerField(default=0, help_text="in a row")
    open_until = models.DateTimeField(null=True, help_text="nothing is sent before")
    last_try_at = models.DateTimeField(null=True)
    last_ok_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=200, blank=True, default="")
    sent = models.BigIntegerField(default=0)
    read_at = models.DateTimeField(null=True, help_text="when it last read the feed itself")
    paused_at = models.DateTimeField(null=True)
    paused_why = models.CharField(max_length=300, blank=True, default="")
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.CharField(max_length=60)

    class Meta:
        db_table = "feed_subscriber"
        ordering = ("client_id",)

    def __str__(self) -> str:
        return self.client_id

    @property
    def is_resting(self) -> bool:
        """Whether its circuit is open: it failed so often that nothing is sent for a while."""
        return self.open_until is not None and self.open_until > timezone.now()


class Secret(models.Model):
    """A secret that webhooks are signed with; during a rotation two are in force."""

    subscriber = models.ForeignKey(Subscriber, models.CASCADE, related_name="secrets")
    sealed = models.TextField()
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.CharField(max_length=60)
    until = models.DateTimeField(null=True, help_text="the end of the overlap; none: in force")

    class Meta:
        db_table = "feed_secret"
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.subscriber}: {self.pk}"


class Letter(models.Model):
    """One note that waits for a webhook; it goes when it was taken. Values are never kept here.

    `lane`: the person it is about (none: about nobody). Letters of one lane follow one another.
    """

    WAITING, DEAD = "waiting", "dead"

    subscriber = models.ForeignKey(Subscriber, models.CASCADE, related_name="letters")
    outbox_no = models.BigIntegerField()
    part = models.IntegerField()
    kind = models.CharField(max_length=40)
    lane = models.UUIDField(null=True)
    into = models.UUIDField(null=True)
    fields = models.JSONField(default=list)
    data = models.JSONField(default=dict)
    at = models.DateTimeField()
    state = models.CharField(max_length=10, default=WAITING)
    tries = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField(auto_now_add=True)
    last_error = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        db_table = "feed_letter"
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=["subscriber", "outbox_no", "part"], name="feed_letter_once"
            ),
        )
        indexes = (
            models.Index(
                fields=["subscriber", "lane", "outbox_no", "part"], name="feed_letter_lane"
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.outbox_no}.{self.part}"


class Act(Done):
    """What was done about its subscription."""

    class Meta(Done.Meta):
        db_table = "feed_act"
