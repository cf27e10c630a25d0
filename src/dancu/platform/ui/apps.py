"""The app of the shared screens."""

from __future__ import annotations

from django.apps import AppConfig


class UiConfig(AppConfig):
    """Brings the English words of all apps into Django's catalogue when everything is loaded."""

    name = "dancu.platform.ui"
    label = "ui"

    def ready(self) -> None:
        """Vietnamese is the source language, so only English has words."""
        from dancu.platform.ui import language

        language.load()
