"""The application; it listens to actions on dossiers and makes the paper that each demands."""

from __future__ import annotations

from django.apps import AppConfig


class PapersConfig(AppConfig):
    """Papers."""

    name = "dancu.sectors.public_services.papers"
    label = "services_papers"

    def ready(self) -> None:
        """Hear of each action in its own transaction."""
        from dancu.sectors.public_services import acting
        from dancu.sectors.public_services.papers import listening

        acting.listeners.append(listening.make_what_it_demands)
