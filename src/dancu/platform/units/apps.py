"""The app of units and scores."""

from __future__ import annotations

from django.apps import AppConfig


class UnitsConfig(AppConfig):
    """Its tables are the register's (``dancu.store.register.unit_tables``); no models of its own."""

    name = "dancu.platform.units"
    label = "units"
