"""The app of accounts."""

from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Its tables are read by pages and written through ``gate`` (see router.py)."""

    name = "dancu.platform.accounts"
    label = "accounts"
