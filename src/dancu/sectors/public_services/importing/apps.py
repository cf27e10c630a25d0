"""The application."""

from __future__ import annotations

from django.apps import AppConfig


class ImportingConfig(AppConfig):
    """Dossier lists of other portals."""

    name = "dancu.sectors.public_services.importing"
    label = "services_importing"
