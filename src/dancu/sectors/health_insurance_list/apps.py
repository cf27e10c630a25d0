"""The application."""

from __future__ import annotations

from django.apps import AppConfig


class HealthInsuranceListConfig(AppConfig):
    """The list of insured children."""

    name = "dancu.sectors.health_insurance_list"
    label = "health_insurance_list"

    def ready(self) -> None:
        """The end of a service enrols a child."""
        from dancu.kit import finished
        from dancu.sectors.health_insurance_list import enrolling

        finished.hearers.setdefault(enrolling.PROCEDURE, []).append(enrolling.enrol)
