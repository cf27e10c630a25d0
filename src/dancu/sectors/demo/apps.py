"""The application."""

from __future__ import annotations

from django.apps import AppConfig


class SectorConfig(AppConfig):
    """Library card."""

    name = "dancu.sectors.demo"
    label = "demo"
