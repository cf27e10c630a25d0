"""The app of the report."""

from __future__ import annotations

from django.apps import AppConfig


class ReportsWritingConfig(AppConfig):
    """Versions of reports, what people changed in them, and when they were issued."""

    name = "dancu.platform.reports_writing"
    label = "reports_writing"
