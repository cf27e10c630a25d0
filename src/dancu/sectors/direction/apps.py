"""The application."""

from __future__ import annotations

from django.apps import AppConfig


class DirectionConfig(AppConfig):
    """Direction of the programme."""

    name = "dancu.sectors.direction"
    label = "direction"
