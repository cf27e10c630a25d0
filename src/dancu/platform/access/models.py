"""Notices: what the system tells a role, such as an extraordinary access to the auditor."""

from __future__ import annotations

from django.db import models


class Notice(models.Model):
    """Written with what it tells about, read by who holds the role (row-level security); never changed."""

    at = models.DateTimeField(auto_now_add=True)
    for_role = models.CharField(max_length=40)
    kind = models.CharField(max_length=40)
    about_user = models.BigIntegerField(null=True)
    subject = models.TextField()
    detail = models.JSONField(default=dict)

    class Meta:
        db_table = "access_notice"
        ordering = ("-at", "-id")
        indexes = (models.Index(fields=["for_role", "-at"], name="notice_of_role"),)

    def __str__(self) -> str:
        return f"{self.kind}: {self.subject}"
