"""What follows from a dossier: events of the living register, and services that are one for the citizen."""

from __future__ import annotations

__all__ = ["state_of"]


def __getattr__(name: str) -> object:
    """`state_of`, asked for late: an app's package is loaded before the models are."""
    if name != "state_of":
        raise AttributeError(name)
    from dancu.sectors.public_services.linked.state import state_of

    return state_of
