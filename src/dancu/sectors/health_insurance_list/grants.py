"""Pages read and add; nobody of them changes."""

from __future__ import annotations

GRANTS = {
    "SCHEMA health_insurance": {"dancu_app": "USAGE"},
    "health_insurance.child": {"dancu_app": "SELECT, INSERT"},
}
