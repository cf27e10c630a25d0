"""The app of the citizen's page."""

from __future__ import annotations

from django.apps import AppConfig


class CitizenConfig(AppConfig):
    """Its pages lie below cong-dan/, with a session of their own."""

    name = "dancu.platform.citizen"
    label = "citizen"
