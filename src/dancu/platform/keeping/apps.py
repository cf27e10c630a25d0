"""The app of retention and purge."""

from __future__ import annotations

from django.apps import AppConfig


class KeepingConfig(AppConfig):
    """Its one table says what was purged."""

    name = "dancu.platform.keeping"
    label = "keeping"
