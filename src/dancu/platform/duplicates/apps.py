"""The app of the duplicates to judge."""

from __future__ import annotations

from django.apps import AppConfig


class DuplicatesConfig(AppConfig):
    """No models: its tables are those of the living register and `register.proposal` (closed.sql)."""

    name = "dancu.platform.duplicates"
    label = "duplicates"
