"""Pages start jobs and look at them; only the worker, as the owner, moves them on."""

from __future__ import annotations

GRANTS = {"tasks_job": {"dancu_app": "SELECT, INSERT"}}
