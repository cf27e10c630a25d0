"""The app of verification."""

from __future__ import annotations

from django.apps import AppConfig


class LookupConfig(AppConfig):
    """Its functions stand in the schema «lookup»; the lines it writes are those of the register's access log."""

    name = "dancu.platform.lookup"
    label = "lookup"
