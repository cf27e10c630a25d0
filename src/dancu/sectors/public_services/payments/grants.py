"""Pages make bills and put callbacks in; only the job, as the owner, books money."""

from __future__ import annotations

GRANTS = {
    "services.bill": {"dancu_app": "SELECT, INSERT, UPDATE (next_ask_at)"},
    "services.bank_inbox": {"dancu_app": "INSERT"},
    "services.payment": {"dancu_app": "SELECT"},
}
