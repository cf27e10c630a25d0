"""The app of indicators; what the apps define is written down after each migration."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ReportsConfig(AppConfig):
    """Indicators and what is told by them."""

    name = "dancu.platform.reports"
    label = "reports"

    def ready(self) -> None:
        """After migrations the definitions in the database are those of the code."""
        post_migrate.connect(_write_down, sender=self)


def _write_down(using: str, **_: Any) -> None:
    from dancu.platform.reports import definitions

    definitions.write_down(using=using)
