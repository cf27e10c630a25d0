"""The app of rights and territory."""

from __future__ import annotations

from django.apps import AppConfig


class AccessConfig(AppConfig):
    """Its tables are made by ``schema.sql``: the owner's, closed to the role of the pages."""

    name = "dancu.platform.access"
    label = "access"
