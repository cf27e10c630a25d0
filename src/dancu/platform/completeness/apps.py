"""The app of the proof that the access log is whole."""

from __future__ import annotations

from django.apps import AppConfig


class CompletenessConfig(AppConfig):
    """What the edge counted, what each day's comparison found."""

    name = "dancu.platform.completeness"
    label = "completeness"
