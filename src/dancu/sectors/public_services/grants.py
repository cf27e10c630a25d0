"""Pages read, add and move on dossiers; nobody of them changes a move or a kept figure."""

from __future__ import annotations

GRANTS = {
    "SCHEMA services": {"dancu_app": "USAGE"},
    "services.dossier": {"dancu_app": "SELECT, INSERT, UPDATE"},
    "services.dossier_was": {"dancu_app": "SELECT"},
    "services.dossier_known": {"dancu_app": "SELECT"},
    "services.move": {"dancu_app": "SELECT, INSERT"},
    "services.delta": {"dancu_app": "SELECT"},
    "services.kept": {"dancu_app": "SELECT"},
    "services.figure": {"dancu_app": "SELECT"},
    "FUNCTION services.next_code(text, date)": {"dancu_app": "EXECUTE"},
    "FUNCTION services.day_cells(date, date, date[], timestamptz)": {"dancu_app": "EXECUTE"},
}
