"""The app of dashboards; it keeps nothing of its own."""

from __future__ import annotations

from django.apps import AppConfig


class DashboardsConfig(AppConfig):
    """Pages alone: figures are counted by ``dancu.platform.reports``."""

    name = "dancu.platform.dashboards"
    label = "dashboards"
