"""The app of the register's pages."""

from __future__ import annotations

from django.apps import AppConfig


class RegisterConfig(AppConfig):
    """Its tables are those of the living register (``dancu.store.register.schema``); no models, so no way around."""

    name = "dancu.platform.register"
    label = "register"
