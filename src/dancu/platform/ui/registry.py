"""Things that apps declare in a module of an agreed name, found without a list of the apps."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps


def collect(module: str, attribute: str) -> list[Any]:
    """``attribute`` of ``<app>.<module>`` for every installed app that has one, one after another.

    Lists are joined; anything else is one element. An app that has the module and not the name is an error.
    """
    found: list[Any] = []
    for config in apps.get_app_configs():
        if not config.name.startswith("dancu.") or find_spec(f"{config.name}.{module}") is None:
            continue
        value = getattr(import_module(f"{config.name}.{module}"), attribute)
        found += value if isinstance(value, (list, tuple)) else [value]
    return found
