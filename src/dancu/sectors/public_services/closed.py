"""Which dossiers the role of the pages sees and may write: those of its communes, and a citizen's own."""

from __future__ import annotations

APP = "dancu_app"
_SELF = "(SELECT access.citizen_id())"
_OWN = "IN (SELECT unnest(access.units()))"
"""A table of hashes: a province has hundreds of communes, and an array of them would be gone through for each row."""
_OFFICERS = f"(SELECT access.all_units()) OR place {_OWN} OR unit_code {_OWN}"
DOSSIER = f"({_OFFICERS} OR applicant = {_SELF} OR filed_by = {_SELF})"
_OF_DOSSIER = "EXISTS (SELECT 1 FROM services.dossier d WHERE d.dossier_no = move.dossier_no)"


def statements() -> list[str]:
    """The policies; the tables must be there."""
    return [
        "ALTER TABLE services.dossier ENABLE ROW LEVEL SECURITY;"
        f"CREATE POLICY own_dossiers ON services.dossier TO {APP} USING ({DOSSIER}) WITH CHECK ({DOSSIER});",
        "ALTER TABLE services.move ENABLE ROW LEVEL SECURITY;"
        f"CREATE POLICY of_own_dossiers ON services.move TO {APP} USING ({_OF_DOSSIER}) WITH CHECK ({_OF_DOSSIER});",
    ]
