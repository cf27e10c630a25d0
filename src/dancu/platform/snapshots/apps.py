"""The app of traces and frozen reports."""

from __future__ import annotations

from django.apps import AppConfig


class SnapshotsConfig(AppConfig):
    """Short codes of figures, frozen reports, their check."""

    name = "dancu.platform.snapshots"
    label = "snapshots"
