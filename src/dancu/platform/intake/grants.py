"""Pages keep what was handed in and what was asked; the worker, as the owner, writes what came of it."""

from __future__ import annotations

GRANTS = {"intake_upload": {"dancu_app": "SELECT, INSERT, UPDATE, DELETE"}}
