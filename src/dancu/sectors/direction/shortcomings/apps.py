"""The application."""

from __future__ import annotations

from django.apps import AppConfig


class ShortcomingsConfig(AppConfig):
    """Shortcomings."""

    name = "dancu.sectors.direction.shortcomings"
    label = "direction_shortcomings"
