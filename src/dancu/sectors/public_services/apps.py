"""The application."""

from __future__ import annotations

from django.apps import AppConfig


class PublicServicesConfig(AppConfig):
    """Public services."""

    name = "dancu.sectors.public_services"
    label = "public_services"
