"""The app of checks without a line."""

from __future__ import annotations

from django.apps import AppConfig


class OfflineConfig(AppConfig):
    """Lists, the keys they are opened with, and what devices send back."""

    name = "dancu.platform.offline"
    label = "offline"
