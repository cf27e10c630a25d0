"""The application; it listens to signatures, so that nothing is signed for somebody whose identity is open."""

from __future__ import annotations

from django.apps import AppConfig


class CounterConfig(AppConfig):
    """The counter."""

    name = "dancu.sectors.public_services.counter"
    label = "services_counter"

    def ready(self) -> None:
        """Hear of each action in its own transaction."""
        from dancu.sectors.public_services import acting
        from dancu.sectors.public_services.counter import checks

        acting.listeners.append(checks.not_signed_unverified)
