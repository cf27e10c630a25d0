"""A list of people to verify, and what came of each line."""

from __future__ import annotations

from django.db import models


class Batch(models.Model):
    """Handed in by one officer, seen by that officer alone. What was claimed is kept until the list is done."""

    user_id = models.BigIntegerField(db_index=True)
    username = models.CharField(max_length=60)
    role = models.CharField(max_length=200)
    name = models.CharField(max_length=200)
    purpose = models.CharField(max_length=40)
    basis = models.CharField(max_length=300)
    total = models.PositiveIntegerField()
    lines = models.JSONField(default=list)
    result = models.JSONField(default=list)
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "lookup_batch"
        ordering = ("-id",)

    def __str__(self) -> str:
        return self.name
