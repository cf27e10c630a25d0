"""The application."""

from __future__ import annotations

from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    """Fees of dossiers."""

    name = "dancu.sectors.public_services.payments"
    label = "services_payments"

    def ready(self) -> None:
        """A request for payment makes the bill, in the same transaction."""
        from dancu.sectors.public_services import acting
        from dancu.sectors.public_services.payments import bills

        if bills.on_action not in acting.listeners:
            acting.listeners.append(bills.on_action)
