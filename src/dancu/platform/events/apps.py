"""The app of events."""

from __future__ import annotations

from django.apps import AppConfig


class EventsConfig(AppConfig):
    """Keys of partner systems are its only table; events themselves stand in the register."""

    name = "dancu.platform.events"
    label = "events"
