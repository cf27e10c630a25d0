"""Pages read what came of imports; the worker writes it, as the owner."""

from __future__ import annotations

_READ = {"dancu_app": "SELECT"}
GRANTS = {
    "services.import": _READ,
    "services.imported": _READ,
    "services.imported_turn": _READ,
    "services.import_bad": _READ,
    "services.difference_list": _READ,
    "services.difference": _READ,
    "services_importing_handin": {"dancu_app": "SELECT, INSERT, UPDATE, DELETE"},
}
