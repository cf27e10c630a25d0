"""Pages write the cause, the remedy and the day that the unit promises; what was found the check alone writes."""

from __future__ import annotations

GRANTS = {
    "direction.shortcoming": {
        "dancu_app": "SELECT, UPDATE (cause, remedy, promised_on, version_no)"
    },
}
