"""The figures of public services as an application of their own."""

from __future__ import annotations

from django.apps import AppConfig


class ServiceFiguresConfig(AppConfig):
    """Figures, Decision 766, their pages and the fold."""

    name = "dancu.sectors.public_services.figures"
    label = "services_figures"
