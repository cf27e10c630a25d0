"""Which apps there are: every package of the platform and of the sectors that has an ``apps.py``, and a sector's parts.

A new app appears in INSTALLED_APPS, in the addresses (its ``urls.py``: ``PREFIX``, ``app_name``, ``urlpatterns``)
and in the navigation without an edit here. The sector to copy is none: a copy of it is (docs/adr/0010).
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import dancu
from dancu.sectors import EXAMPLE

_ROOMS = ("platform", "sectors")


def apps() -> list[str]:
    """Dotted names of our Django apps, in a steady order; a sector before the parts of it that are apps themselves."""
    root = Path(dancu.__file__).parent
    return [
        ".".join(("dancu", room, *path.parent.relative_to(root / room).parts))
        for room in _ROOMS
        for depth in ("*/apps.py", "*/*/apps.py")
        for path in sorted((root / room).glob(depth))
        if (root / "sectors" / EXAMPLE) not in path.parents
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
