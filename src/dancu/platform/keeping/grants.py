"""Pages read what was purged; the worker purges as the owner."""

from __future__ import annotations

GRANTS = {"SCHEMA keeping": {"dancu_app": "USAGE"}, "keeping.purge": {"dancu_app": "SELECT"}}
