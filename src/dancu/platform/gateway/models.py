"""What was asked and answered over the line (only ever added to), what waits, and how the line does.

A question may be about somebody who is in no register of ours: `about` is a keyed hash of the number, by which the
person finds the lines about him- or herself, and from which nobody without the key finds the number.
"""

from __future__ import annotations

from django.db import models


class Question(models.Model):
    """The log of questions: written and committed before the question leaves the house."""

    number = models.UUIDField(unique=True)
    receipt = models.UUIDField(unique=True)
    at = models.DateTimeField(db_index=True)
    by = models.CharField(max_length=60)
    role = models.CharField(max_length=200, blank=True, default="")
    officer = models.CharField(max_length=200, help_text="the officer's own name and number")
    partner = models.CharField(max_length=60, blank=True, default="")
    unit_code = models.CharField(max_length=10, blank=True, default="")
    purpose = models.CharField(max_length=60)
    basis = models.TextField()
    channel = models.CharField(max_length=20)
    fields = models.JSONField(help_text="the claims that were set beside the record")
    about = models.BinaryField(max_length=32, db_index=True)
    digest = models.BinaryField(
        max_length=32, help_text="keyed: the same number is the same question"
    )
    citizen_id = models.UUIDField(null=True, db_index=True)

    class Meta:
        db_table = "gateway_asked"

    def __str__(self) -> str:
        return f"{self.number}"


class Ending(models.Model):
    """How a question ended: once, whatever happens twice."""

    question = models.OneToOneField(Question, on_delete=models.PROTECT, related_name="ending")
    at = models.DateTimeField()
    state = models.CharField(max_length=12, help_text="verified, refused, expired, withdrawn")
    result = models.CharField(max_length=20, blank=True, default="")
    codes = models.CharField(max_length=60, blank=True, default="")
    transaction = models.CharField(max_length=80, blank=True, default="")
    reason = models.CharField(max_length=40, blank=True, default="")
    tries = models.PositiveIntegerField()

    class Meta:
        db_table = "gateway_answered"

    def __str__(self) -> str:
        return f"{self.question_id}: {self.state}"


class Waiting(models.Model):
    """A question on its way, and for a while its answer; both sealed under the site's key, gone at `expires_at`."""

    question = models.OneToOneField(Question, on_delete=models.CASCADE, related_name="waiting")
    state = models.CharField(max_length=10, default="asking", help_text="asking, waiting, over")
    sealed = models.BinaryField()
    tries = models.PositiveIntegerField(default=0)
    next_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    reason = models.CharField(max_length=40, blank=True, default="")

    class Meta:
        db_table = "gateway_waiting"
        indexes = (
            models.Index(fields=["next_at"], name="gateway_due", condition=~models.Q(state="over")),
        )

    def __str__(self) -> str:
        return f"{self.question_id}: {self.state}"


class Link(models.Model):
    """The breaker on the line, one row that all processes share; written only when something changes."""

    name = models.CharField(primary_key=True, max_length=20)
    state = models.CharField(max_length=10, default="closed", help_text="closed, open, half_open")
    failures = models.PositiveIntegerField(default=0)
    reason = models.CharField(max_length=40, blank=True, default="")
    changed_at = models.DateTimeField(auto_now_add=True)
    retry_at = models.DateTimeField(null=True)
    pause = models.FloatField(default=0.0, help_text="seconds of the last opening")
    stopped_by = models.CharField(max_length=60, blank=True, default="")
    stopped_why = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        db_table = "gateway_link"

    def __str__(self) -> str:
        return f"{self.name}: {self.state}"


class LinkEvent(models.Model):
    """What became of the line and why; only ever added to."""

    at = models.DateTimeField(db_index=True)
    link = models.CharField(max_length=20)
    what = models.CharField(max_length=12, help_text="opened, closed, stopped, resumed")
    reason = models.CharField(max_length=200, blank=True, default="")
    by = models.CharField(max_length=60, blank=True, default="")

    class Meta:
        db_table = "gateway_link_event"

    def __str__(self) -> str:
        return f"{self.link}: {self.what}"


class Sample(models.Model):
    """One call over the line: whether it was answered, and how fast. Nothing of anybody."""

    at = models.DateTimeField(db_index=True)
    link = models.CharField(max_length=20)
    kind = models.CharField(max_length=10, help_text="check (once a minute) or question")
    ok = models.BooleanField()
    ms = models.FloatField()
    reason = models.CharField(max_length=40, blank=True, default="")

    class Meta:
        db_table = "gateway_sample"

    def __str__(self) -> str:
        return f"{self.link}: {self.ms}"
