"""Accounts are written, and credentials even read, through ``gate`` alone; migrations run as the owner."""

from __future__ import annotations

from typing import Any

SECRET = {"credential", "recoverycode", "attempt", "identity"}


class Gate:
    """Pages' own role may read users and grants and keep sessions; everything else of accounts is the gate's."""

    def db_for_read(self, model: Any, **hints: Any) -> str | None:
        """Credentials are not readable for pages at all."""
        meta = model._meta
        return "gate" if meta.app_label == "accounts" and meta.model_name in SECRET else None

    def db_for_write(self, model: Any, **hints: Any) -> str | None:
        """All of accounts but sessions."""
        meta = model._meta
        return "gate" if meta.app_label == "accounts" and meta.model_name != "session" else None

    def allow_relation(self, a: Any, b: Any, **hints: Any) -> bool:
        """It is one database behind three roles."""
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        """Only the owner makes tables."""
        return db == "owner"
