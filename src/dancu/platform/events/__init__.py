"""Events of citizens' lives, recorded by officers on a form and by other systems over the API, once and at once."""

from __future__ import annotations

from dancu.platform.events.writer import desk

__all__ = ["desk"]
