"""The application."""

from __future__ import annotations

from django.apps import AppConfig


class OnlineConfig(AppConfig):
    """The citizen's side."""

    name = "dancu.sectors.public_services.online"
    label = "services_online"
