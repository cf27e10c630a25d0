"""Lists that went out, who may be told what on them, who was given their keys, what was checked with them."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

KINDS = {"exam": _("Phòng thi"), "clinic": _("Cơ sở khám, chữa bệnh")}
STATES = {"making": _("Đang lập"), "ready": _("Dùng được"), "failed": _("Không lập được")}


class OfflineList(models.Model):
    """A list. `file` is what goes out; `key` opens it, sealed under the site's secret, gone when the list ends."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    title = models.CharField(max_length=120)
    kind = models.CharField(max_length=10)
    purpose = models.CharField(max_length=60)
    basis = models.TextField()
    unit_code = models.CharField(max_length=10, help_text="where its devices are")
    communes = models.JSONField(default=list, help_text="whose insured people, for a clinic")
    territory = models.JSONField(help_text="the communes that its maker sees; null: all", null=True)
    begin = models.DateTimeField()
    until = models.DateTimeField()
    devices = models.PositiveIntegerField(help_text="how many may have it")
    made_by = models.CharField(max_length=60)
    made_at = models.DateTimeField()
    state = models.CharField(max_length=10, default="making")
    wanted = models.BinaryField(
        null=True, help_text="the numbers handed in, sealed; gone when made"
    )
    key = models.BinaryField(null=True)
    file = models.BinaryField(null=True)
    kid = models.CharField(max_length=60, blank=True, default="")
    counts = models.JSONField(default=dict)
    bulk_no = models.BigIntegerField(null=True, help_text="its set in the ledger")
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "offline_list"
        ordering = ("-made_at",)

    def __str__(self) -> str:
        return self.title

    def is_usable(self, *, at: dt.datetime) -> bool:
        """Whether a device may have it now: a list for tomorrow is fetched today."""
        return self.state == "ready" and self.revoked_at is None and at < self.until

    def standing(self, *, at: dt.datetime) -> tuple[str, object]:
        """Badge and word."""
        if self.revoked_at is not None:
            return "bad", _("Đã thu hồi")
        if self.state != "ready":
            return ("bad" if self.state == "failed" else "info"), STATES[self.state]
        if at >= self.until:
            return "none", _("Hết hạn")
        return ("good", STATES["ready"]) if at >= self.begin else ("info", _("Chưa đến giờ"))


class Entry(models.Model):
    """Which person a tag of a list is; by this, and by nothing on the device, a check finds its person again."""

    list = models.ForeignKey(OfflineList, on_delete=models.CASCADE, related_name="entries")
    tag = models.BinaryField(max_length=16)
    citizen_id = models.UUIDField(null=True)
    answer = models.PositiveSmallIntegerField()

    class Meta:
        db_table = "offline_entry"
        constraints = (models.UniqueConstraint(fields=["list", "tag"], name="offline_tag"),)

    def __str__(self) -> str:
        return f"{self.list_id}"


class ListEvent(models.Model):
    """What became of a list; only ever added to."""

    list_id = models.UUIDField(db_index=True)
    at = models.DateTimeField()
    what = models.CharField(max_length=10, help_text="made, revoked, ended")
    by = models.CharField(max_length=60)
    reason = models.CharField(max_length=200, blank=True, default="")
    digest = models.CharField(
        max_length=64, blank=True, default="", help_text="SHA-256 of the file"
    )

    class Meta:
        db_table = "offline_event"

    def __str__(self) -> str:
        return f"{self.list_id}: {self.what}"


class Release(models.Model):
    """The key was given to a device; only ever added to."""

    list_id = models.UUIDField(db_index=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=60)
    device = models.UUIDField()

    class Meta:
        db_table = "offline_release"

    def __str__(self) -> str:
        return f"{self.list_id}: {self.by}"


class Check(models.Model):
    """One check made without a line, as it came in; only ever added to. `conflicts`: words of `reconcile.CONFLICTS`."""

    id = models.UUIDField(primary_key=True)
    list_id = models.UUIDField(db_index=True)
    checked_at = models.DateTimeField(help_text="by the device's clock")
    received_at = models.DateTimeField()
    by = models.CharField(max_length=60)
    device = models.UUIDField()
    told = models.CharField(max_length=12)
    citizen_id = models.UUIDField(null=True, db_index=True)
    receipt = models.UUIDField(null=True, help_text="of its line in the person's log")
    conflicts = models.JSONField(default=list)

    class Meta:
        db_table = "offline_check"

    def __str__(self) -> str:
        return f"{self.id}"
