"""The application."""

from __future__ import annotations

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    """Procedures through time, and their review."""

    name = "dancu.sectors.public_services.catalogue"
    label = "services_catalogue"
