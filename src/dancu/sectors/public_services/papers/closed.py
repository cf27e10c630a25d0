"""Which papers the role of the pages sees: of dossiers it sees, and a citizen's own. No citizen makes a result."""

from __future__ import annotations

APP = "dancu_app"
_ME = "(SELECT u.username FROM accounts_user u WHERE u.id = access.user_id())"
_CITIZEN = "(SELECT access.citizen_id())"
_OF_DOSSIER = "EXISTS (SELECT 1 FROM services.dossier d WHERE d.dossier_no = paper.dossier_no)"
_SEEN = f"({_OF_DOSSIER} OR paper IN (SELECT services.my_papers()))"


def _of_paper(table: str) -> str:
    return f"EXISTS (SELECT 1 FROM services.paper p WHERE p.paper = {table}.paper)"


def statements() -> list[str]:
    """The policies; the tables must be there."""
    made = [
        "ALTER TABLE services.paper ENABLE ROW LEVEL SECURITY;"
        f"CREATE POLICY seen ON services.paper FOR SELECT TO {APP} USING ({_SEEN});"
        f"CREATE POLICY made ON services.paper FOR INSERT TO {APP}"
        f" WITH CHECK ({_OF_DOSSIER} AND ({_CITIZEN} IS NULL OR kind <> 'result'));"
    ]
    for table, more in (
        ("paper_file", ""),
        ("paper_person", f" AND ({_CITIZEN} IS NULL OR citizen = {_CITIZEN})"),
    ):
        seen = _of_paper(table)
        made.append(
            f"ALTER TABLE services.{table} ENABLE ROW LEVEL SECURITY;"
            f"CREATE POLICY of_seen ON services.{table} FOR SELECT TO {APP} USING ({seen});"
            f"CREATE POLICY made ON services.{table} FOR INSERT TO {APP}"
            f" WITH CHECK ({seen}{more});"
        )
    own = f"(CASE WHEN {_CITIZEN} IS NULL THEN by = {_ME} AND citizen IS NULL ELSE citizen = {_CITIZEN} END)"
    made.append(
        "ALTER TABLE services.paper_opening ENABLE ROW LEVEL SECURITY;"
        f"CREATE POLICY of_seen ON services.paper_opening FOR SELECT TO {APP} USING ({_of_paper('paper_opening')});"
        f"CREATE POLICY in_ones_own_name ON services.paper_opening FOR INSERT TO {APP}"
        f" WITH CHECK ({_of_paper('paper_opening')} AND {own});"
    )
    return made


def of_the_applicant() -> str:
    """A form made in the session of who filed for another (a whole that ends by a withdrawal) is the applicant's."""
    applicant = (
        "EXISTS (SELECT 1 FROM services.paper p JOIN services.dossier d USING (dossier_no)"
        " WHERE p.paper = paper_person.paper AND d.applicant = paper_person.citizen)"
    )
    return (
        "DROP POLICY made ON services.paper_person;"
        f"CREATE POLICY made ON services.paper_person FOR INSERT TO {APP}"
        f" WITH CHECK ({_of_paper('paper_person')} AND ({_CITIZEN} IS NULL OR {applicant}));"
    )
