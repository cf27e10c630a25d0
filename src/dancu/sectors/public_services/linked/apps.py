"""The application."""

from __future__ import annotations

from django.apps import AppConfig


class LinkedConfig(AppConfig):
    """Linked services, and events of the register."""

    name = "dancu.sectors.public_services.linked"
    label = "services_linked"

    def ready(self) -> None:
        """From now on every action on a dossier is followed."""
        from dancu.sectors.public_services import acting
        from dancu.sectors.public_services.linked import bundling, telling

        acting.listeners += [bundling.follow, telling.follow]
