"""Pages ask for cards and move them on; steps are only added to."""

from __future__ import annotations

GRANTS = {
    "demo_card": {"dancu_app": "SELECT, INSERT, UPDATE"},
    "demo_step": {"dancu_app": "SELECT, INSERT"},
}
