"""The app of sources and intake."""

from __future__ import annotations

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    """Its table remembers which files were handed in and what came of them; their rows stand in the register."""

    name = "dancu.platform.intake"
    label = "intake"
