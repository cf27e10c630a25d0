"""The application."""

from __future__ import annotations

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """Notices of dossiers."""

    name = "dancu.sectors.public_services.notices"
    label = "services_notices"

    def ready(self) -> None:
        """Every action on a dossier is told to the applicant, and to who filed for them."""
        from dancu.sectors.public_services import acting
        from dancu.sectors.public_services.notices import outbox

        if outbox.on_action not in acting.listeners:
            acting.listeners.append(outbox.on_action)
