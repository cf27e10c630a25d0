"""The app of rights and territory; the ages of the law are written down after each migration."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AccessConfig(AppConfig):
    """Its tables are made by ``schema.sql``: the owner's, closed to the role of the pages."""

    name = "dancu.platform.access"
    label = "access"

    def ready(self) -> None:
        """After migrations the ages in the database are those of the reference data."""
        post_migrate.connect(_write_down, sender=self)


def _write_down(using: str, **_: Any) -> None:
    from dancu.platform.access import terms

    terms.write_down(using=using)
