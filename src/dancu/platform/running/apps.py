"""The app of what runs in the background for the installation itself."""

from __future__ import annotations

from django.apps import AppConfig


class RunningConfig(AppConfig):
    """No page, no table."""

    name = "dancu.platform.running"
    label = "running"
