"""Which apps there are: every package of the platform and of the sectors that has an ``apps.py``.

A new app appears in INSTALLED_APPS, in the addresses (its ``urls.py``: ``PREFIX``, ``app_name``, ``urlpatterns``)
and in the navigation without an edit here.
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import dancu

_ROOMS = ("platform", "sectors")


def apps() -> list[str]:
    """Dotted names of our Django apps, in a steady order."""
    root = Path(dancu.__file__).parent
    return [
        f"dancu.{room}.{path.parent.name}"
        for room in _ROOMS
        for path in sorted((root / room).glob("*/apps.py"))
    ]


def addresses() -> list[Any]:
    """An include for the ``urls.py`` of each app."""
    from django.urls import include, path

    found = []
    for name in apps():
        if find_spec(f"{name}.urls") is None:
            continue
        module = import_module(f"{name}.urls")
        found.append(path(getattr(module, "PREFIX", ""), include(module)))
    return found
