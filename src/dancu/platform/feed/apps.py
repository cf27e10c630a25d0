"""The app of the change feed."""

from __future__ import annotations

from django.apps import AppConfig


class FeedConfig(AppConfig):
    """Subscribers, their keys, and what still waits to be delivered to them."""

    name = "dancu.platform.feed"
    label = "feed"
    default_auto_field = "django.db.models.BigAutoField"
