"""Which rows of the counter the role of the pages sees: those of dossiers it sees, and the queue of its communes."""

from __future__ import annotations

from dancu.kit.web import own_territory

APP = "dancu_app"
_ME = "(SELECT u.username FROM accounts_user u WHERE u.id = access.user_id())"


def _of_dossier(table: str) -> str:
    return f"EXISTS (SELECT 1 FROM services.dossier d WHERE d.dossier_no = {table}.dossier_no)"


def statements() -> list[str]:
    """The policies; the tables must be there."""
    made = []
    for table in ("counter_filing", "identity_check"):
        seen = _of_dossier(table)
        made.append(
            f"ALTER TABLE services.{table} ENABLE ROW LEVEL SECURITY;"
            f"CREATE POLICY of_own_dossiers ON services.{table} FOR SELECT TO {APP} USING ({seen});"
            f"CREATE POLICY in_ones_own_name ON services.{table} FOR INSERT TO {APP}"
            f" WITH CHECK ({seen} AND by = {_ME});"
        )
    own = own_territory("place")
    made.append(
        "ALTER TABLE services.ticket ENABLE ROW LEVEL SECURITY;"
        f"CREATE POLICY own_counter ON services.ticket TO {APP} USING ({own}) WITH CHECK ({own});"
    )
    return made
