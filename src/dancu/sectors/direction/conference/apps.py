"""The application."""

from __future__ import annotations

from django.apps import AppConfig


class ConferenceConfig(AppConfig):
    """Conferences."""

    name = "dancu.sectors.direction.conference"
    label = "direction_conference"
