"""What of imports and differences the role of the pages sees."""

from __future__ import annotations

from dancu.kit.web import own_territory

APP = "dancu_app"
_OF_DOSSIER = "EXISTS (SELECT 1 FROM services.dossier d WHERE d.dossier_no = imported.dossier_no)"
_ALL = "(SELECT access.all_units())"


def statements() -> list[str]:
    """The policies; rows that were not taken have no unit and are for those who see the whole province."""
    return [
        _close("imported", "of_own_dossiers", _OF_DOSSIER),
        _close("import_bad", "whole_province", _ALL),
        _close("difference", "own_territory", own_territory("unit_code")),
    ]


def _close(table: str, name: str, condition: str) -> str:
    return (
        f"ALTER TABLE services.{table} ENABLE ROW LEVEL SECURITY;"
        f"CREATE POLICY {name} ON services.{table} TO {APP} USING ({condition});"
    )
