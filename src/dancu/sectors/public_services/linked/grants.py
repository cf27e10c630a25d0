"""Pages write what is to be told and mend it; what became of it is written by the owner."""

from __future__ import annotations

GRANTS = {
    "services.told": {
        "dancu_app": "SELECT, INSERT (dossier_no, turn, kind, place, data, by, at), UPDATE (data, state, problems, by)",
    },
}
