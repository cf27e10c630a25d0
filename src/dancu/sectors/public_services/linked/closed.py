"""Who sees what was told to the register: whoever sees the dossier; who may tell it: officers of its commune."""

from __future__ import annotations

from dancu.kit.web import own_territory

APP = "dancu_app"
_OF_DOSSIER = "EXISTS (SELECT 1 FROM services.dossier d WHERE d.dossier_no = told.dossier_no)"


def statements() -> str:
    """The policies; the table must be there."""
    own = own_territory("place")
    return (
        "ALTER TABLE services.told ENABLE ROW LEVEL SECURITY;"
        f"CREATE POLICY of_own_dossiers ON services.told FOR SELECT TO {APP} USING ({_OF_DOSSIER});"
        f"CREATE POLICY by_officers ON services.told FOR INSERT TO {APP} WITH CHECK ({own} AND {_OF_DOSSIER});"
        f"CREATE POLICY mended ON services.told FOR UPDATE TO {APP} USING ({own}) WITH CHECK ({own});"
    )
