"""Which shortcomings the role of the pages sees: those of units that lie wholly in the log-in's territory."""

from __future__ import annotations

APP = "dancu_app"
OWN = "(unit_code, unit_on) IN (SELECT m.unit_code, m.unit_on FROM direction.my_places() m)"


def statements() -> list[str]:
    """The policies; the table must be there."""
    return [
        "ALTER TABLE direction.shortcoming ENABLE ROW LEVEL SECURITY;"
        f"CREATE POLICY own_places ON direction.shortcoming TO {APP} USING ({OWN}) WITH CHECK ({OWN});"
    ]
