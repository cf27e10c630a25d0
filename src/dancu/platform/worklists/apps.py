"""The app of the worklists."""

from __future__ import annotations

from django.apps import AppConfig


class WorklistsConfig(AppConfig):
    """Tasks, surveys, re-inspections and correction requests of the communes."""

    name = "dancu.platform.worklists"
    label = "worklists"
