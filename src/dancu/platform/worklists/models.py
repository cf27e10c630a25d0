"""Tasks and what is done about them. Rows about persons are closed by territory in the database (migration 0001)."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from dancu.platform.worklists import states

_WHO = 60


class Task(models.Model):
    """One person of a commune with open findings. `findings` and `rules` are what is open now."""

    citizen_id = models.UUIDField(unique=True)
    """One task a person for ever: what was done before stands in its steps."""
    person_id = models.BigIntegerField(db_index=True)
    unit_code = models.CharField(max_length=10)
    with_unit = models.CharField(max_length=10, blank=True, default="")
    """The unit that a task was referred to; it sees the task as its own."""
    findings = ArrayField(models.BigIntegerField(), default=list)
    rules = ArrayField(models.CharField(max_length=20), default=list)
    asked = ArrayField(models.BigIntegerField(), default=list)
    """Open requests of the person to have something corrected (``consent.request``): the task stays until answered."""
    asked_fields = ArrayField(models.CharField(max_length=60), default=list)
    effect = models.FloatField(default=0.0)
    """Points of the commune's index that come back when every finding is closed."""
    state = models.CharField(max_length=20, default="new", choices=[*states.STATES.items()])
    version = models.IntegerField(default=1)
    created_at = models.DateTimeField(default=timezone.now)
    review_due = models.DateField()
    fix_due = models.DateField()
    house_visit = models.BooleanField(default=False)
    assigned_to = models.CharField(max_length=_WHO, blank=True, default="")
    changed_at = models.DateTimeField(default=timezone.now)
    changed_by = models.CharField(max_length=_WHO, default="")
    closed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=["unit_code", "state", "-effect"], name="tasks_of_unit"),
            models.Index(fields=["with_unit"], condition=~Q(with_unit=""), name="tasks_referred"),
            models.Index(fields=["assigned_to"], condition=~Q(assigned_to=""), name="tasks_assigned"),
        )  # fmt: skip
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=list(states.STATES)), name="task_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=list(states.CLOSED)) | Q(closed_at__isnull=False),
                name="task_closed_has_day",
            ),
        )

    def __str__(self) -> str:
        return f"task {self.pk}"

    @property
    def at_unit(self) -> str:
        """The commune that works on it."""
        return self.with_unit or self.unit_code

    @property
    def due(self) -> object:
        """The next last day: to look at it, then to put it right."""
        return self.review_due if self.state in ("new", "referred") else self.fix_due


class TaskStep(models.Model):
    """What was done to a task, by whom, why; only ever added to. `event_id` makes a repeated sending harmless."""

    task = models.ForeignKey(Task, models.PROTECT, related_name="steps")
    event_id = models.UUIDField(unique=True, default=uuid.uuid4)
    action = models.CharField(max_length=20)
    state_before = models.CharField(max_length=20)
    state_after = models.CharField(max_length=20)
    at = models.DateTimeField(default=timezone.now)
    by = models.CharField(max_length=_WHO)
    reason = models.TextField(blank=True, default="")
    detail = models.JSONField(default=dict)

    class Meta:
        ordering = ("at", "id")

    def __str__(self) -> str:
        return f"{self.action} of task {self.task_id}"

    @property
    def action_name(self) -> object:
        """In words."""
        return states.ACTIONS.get(self.action, self.action)


class Fix(models.Model):
    """What an officer wrote into the register's fields: waiting for a second person, applied, declined, undone."""

    STATES = ("waiting", "applied", "declined", "undone")
    task = models.ForeignKey(Task, models.PROTECT, related_name="fixes")
    event_id = models.UUIDField(unique=True)
    values = models.JSONField()
    """Field → standard value."""
    name_before = models.TextField(blank=True, default="")
    """Whose record it is: the full name as it stood, since a correction must name the person."""
    note = models.TextField()
    by = models.CharField(max_length=_WHO)
    at = models.DateTimeField(default=timezone.now)
    second_by = models.CharField(max_length=_WHO, blank=True, default="")
    second_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, choices=[(s, s) for s in STATES])
    record_id = models.BigIntegerField(null=True)
    applied_at = models.DateTimeField(null=True)
    closed = models.IntegerField(default=0)
    score_before = models.FloatField(null=True)
    score_after = models.FloatField(null=True)

    class Meta:
        ordering = ("-at", "-id")
        constraints = (
            models.CheckConstraint(condition=~Q(second_by=F("by")), name="fix_by_two_people"),
            models.UniqueConstraint(
                fields=["task"], condition=Q(state="waiting"), name="one_fix_waits"
            ),
        )

    def __str__(self) -> str:
        return f"fix of task {self.task_id}"


class Evidence(models.Model):
    """A photo or a scanned form, cleaned of what a camera adds; kept in the database, so that its policies hold."""

    task = models.ForeignKey(Task, models.PROTECT, related_name="evidence")
    event_id = models.UUIDField(unique=True, default=uuid.uuid4)
    kind = models.CharField(max_length=20)
    content = models.BinaryField()
    size = models.IntegerField()
    sha256 = models.CharField(max_length=64)
    by = models.CharField(max_length=_WHO)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("at", "id")

    def __str__(self) -> str:
        return f"evidence of task {self.task_id}"


class SurveyRound(models.Model):
    """«Phúc tra»: going to people and looking whether what is written is so."""

    unit_code = models.CharField(max_length=10)
    communes = ArrayField(models.CharField(max_length=10))
    title = models.CharField(max_length=120)
    starts = models.DateField()
    ends = models.DateField()
    planned = models.IntegerField(default=0)
    whole = models.BooleanField(default=False)
    by = models.CharField(max_length=_WHO)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-starts", "-id")
        constraints = (
            models.CheckConstraint(condition=Q(ends__gte=F("starts")), name="survey_period"),
        )

    def __str__(self) -> str:
        return self.title


class SurveyVisit(models.Model):
    """A person of a round; `result` stays empty until somebody was there."""

    round = models.ForeignKey(SurveyRound, models.PROTECT, related_name="visits")
    citizen_id = models.UUIDField()
    unit_code = models.CharField(max_length=10)
    result = models.CharField(max_length=20, blank=True, default="")
    note = models.TextField(blank=True, default="")
    by = models.CharField(max_length=_WHO, blank=True, default="")
    at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["round", "citizen_id"], name="visited_once"),
        )

    def __str__(self) -> str:
        return f"visit of round {self.round_id}"


class Reinspection(models.Model):
    """A random sample of closed tasks, or of persons without findings: how often is «right» right."""

    KINDS = ("closed", "clean")
    unit_code = models.CharField(max_length=10)
    communes = ArrayField(models.CharField(max_length=10))
    kind = models.CharField(max_length=10, choices=[(k, k) for k in KINDS])
    frame = models.IntegerField()
    """How many there were to draw from."""
    seed = models.BigIntegerField()
    by = models.CharField(max_length=_WHO)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-at", "-id")

    def __str__(self) -> str:
        return f"reinspection {self.pk}"


class ReinspectionItem(models.Model):
    """One of the sample; `wrong` stays empty until somebody has looked."""

    reinspection = models.ForeignKey(Reinspection, models.PROTECT, related_name="items")
    citizen_id = models.UUIDField()
    unit_code = models.CharField(max_length=10)
    place = models.IntegerField()
    wrong = models.BooleanField(null=True)
    note = models.TextField(blank=True, default="")
    by = models.CharField(max_length=_WHO, blank=True, default="")
    at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("place",)
        constraints = (
            models.UniqueConstraint(fields=["reinspection", "citizen_id"], name="inspected_once"),
        )

    def __str__(self) -> str:
        return f"item of reinspection {self.reinspection_id}"


class CorrectionRequest(models.Model):
    """Sent back to the owner of a source list: this cell is wrong; followed until that source says so itself."""

    STATES = ("sent", "received", "confirmed", "refused")
    task = models.ForeignKey(Task, models.PROTECT, related_name="requests")
    event_id = models.UUIDField(unique=True, default=uuid.uuid4)
    unit_code = models.CharField(max_length=10)
    citizen_id = models.UUIDField()
    source = models.CharField(max_length=60)
    record_id = models.BigIntegerField()
    file_name = models.TextField()
    sheet = models.TextField(blank=True, default="")
    row = models.BigIntegerField()
    field = models.CharField(max_length=60)
    value = models.TextField(blank=True, default="")
    proposed = models.TextField()
    reason = models.TextField()
    state = models.CharField(max_length=10, default="sent", choices=[(s, s) for s in STATES])
    by = models.CharField(max_length=_WHO)
    at = models.DateTimeField(default=timezone.now)
    answered_by = models.CharField(max_length=_WHO, blank=True, default="")
    answered_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True, default="")
    confirmed_by_record = models.BigIntegerField(null=True)

    class Meta:
        ordering = ("-at", "-id")
        indexes = (models.Index(fields=["source", "state"], name="requests_of_source"),)

    def __str__(self) -> str:
        return f"request of task {self.task_id}"


class Mark(models.Model):
    """How far the register was followed: by its events, and which load of it."""

    name = models.CharField(max_length=20, primary_key=True)
    event_no = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return self.name
