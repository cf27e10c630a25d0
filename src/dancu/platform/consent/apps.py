"""The app of consent and duties."""

from __future__ import annotations

from django.apps import AppConfig


class ConsentConfig(AppConfig):
    """Its tables stand in the schema `consent` (``schema.sql``); no models of its own."""

    name = "dancu.platform.consent"
    label = "consent"
