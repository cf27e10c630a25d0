"""The app of partners."""

from __future__ import annotations

from django.apps import AppConfig


class PartnersConfig(AppConfig):
    """Written through ``gate`` by the administrator; its tokens and lease of quotas stand beside."""

    name = "dancu.platform.partners"
    label = "partners"
