"""Which rows about consents and duties the role of the pages sees and may write, said once.

What is about a person is seen with that person (the register's own policies decide), by a parent, and by the
auditor, who is the data protection officer of the province; what is about the province's duties by the auditor
alone. Officers write in their own name and what came on paper; a citizen about the own person or a child.
"""

from __future__ import annotations

APP = "dancu_app"
CITIZEN = "công dân"
"""What stands for who wrote on the citizen's own page; no account can be called so."""
_ME = "(SELECT u.username FROM accounts_user u WHERE u.id = access.user_id())"
_SELF = "(SELECT access.citizen_id())"
_DPO = "(SELECT access.has_role('auditor'))"


def _person(column: str) -> str:
    return (
        "((SELECT access.all_units()) OR EXISTS (SELECT 1 FROM register.person p"
        f" WHERE p.citizen_id = register.went({column})))"
    )


def _seen(table: str) -> str:
    column = f"{table}.citizen_id"
    return f"{_DPO} OR {_person(column)} OR ({_SELF} IS NOT NULL AND consent.is_parent({_SELF}, {column}))"


_OF_REQUEST = (
    "EXISTS (SELECT 1 FROM consent.request r WHERE r.request_no = request_step.request_no)"
)
_OF_RESTRICTION = (
    "EXISTS (SELECT 1 FROM consent.restriction r"
    " WHERE r.restriction_no = restriction_end.restriction_no)"
)
_OWN = (
    f"({_SELF} IS NOT NULL AND recorded_by = '{CITIZEN}' AND channel = 'page' AND given_by = {_SELF}"
    f" AND (citizen_id = {_SELF} OR consent.is_parent({_SELF}, citizen_id)))"
)
_AT_A_DESK = f"(recorded_by = {_ME} AND channel = 'paper' AND {_person('citizen_id')})"
_GIVEN = f"{_AT_A_DESK} OR {_OWN}"
# One's own consent may have been given under an identifier that was merged into the own one.
_WITHDRAWN = (
    f"{_AT_A_DESK} OR ({_SELF} IS NOT NULL AND recorded_by = '{CITIZEN}' AND channel = 'page'"
    f" AND given_by = {_SELF} AND EXISTS (SELECT 1 FROM consent.granted g WHERE g.consent_no = withdrawn.consent_no))"
)
_BY_ME = f"by = {_ME}"

POLICIES: dict[str, tuple[str, str]] = {
    "scan": (_person("scan.citizen_id"), f"recorded_by = {_ME} AND {_person('citizen_id')}"),
    "granted": (_seen("granted"), _GIVEN),
    "withdrawn": (_seen("withdrawn"), _WITHDRAWN),
    "request": (_seen("request"), _GIVEN),
    "request_step": (
        _OF_REQUEST,
        f"{_OF_REQUEST} AND ({_BY_ME} OR ({_SELF} IS NOT NULL AND by = '{CITIZEN}' AND action = 'cancel'))",
    ),
    "restriction": (_seen("restriction"), f"{_BY_ME} AND ({_DPO} OR {_person('citizen_id')})"),
    "restriction_end": (_OF_RESTRICTION, f"{_BY_ME} AND {_OF_RESTRICTION}"),
    "breach": (_DPO, f"{_BY_ME} AND {_DPO}"),
    "breach_step": (_DPO, f"{_BY_ME} AND {_DPO}"),
    "breach_person": (f"{_DPO} OR {_person('breach_person.citizen_id')}", f"{_BY_ME} AND {_DPO}"),
    "assessment": (_DPO, f"{_BY_ME} AND {_DPO}"),
}
"""Table -> (when a row is seen, when one may be added)."""


def statements() -> list[str]:
    """Policies; the tables must be there."""
    return [
        f"ALTER TABLE consent.{table} ENABLE ROW LEVEL SECURITY;"
        f"CREATE POLICY read ON consent.{table} FOR SELECT TO {APP} USING ({seen});"
        f"CREATE POLICY added ON consent.{table} FOR INSERT TO {APP} WITH CHECK ({added});"
        for table, (seen, added) in POLICIES.items()
    ]
