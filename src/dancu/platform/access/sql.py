"""SQL for the tables that hold citizens: a policy by territory, said once.

The sub-selects are evaluated once for a query, not once for a row.
"""

from __future__ import annotations

import re

OWN_UNITS = "((SELECT access.all_units()) OR {column} = ANY ((SELECT access.units())::text[]))"
OWN_PERSONS = "{column}::text = ANY ((SELECT access.persons())::text[])"


def territory(column: str = "unit_code", *, person: str | None = None) -> str:
    """The condition of a policy: the row lies in the territory, or is a person opened by extraordinary access.

    >>> territory("u")
    '((SELECT access.all_units()) OR u = ANY ((SELECT access.units())::text[]))'
    """
    condition = OWN_UNITS.format(column=_name(column))
    return f"({condition} OR {OWN_PERSONS.format(column=_name(person))})" if person else condition


def policy(
    table: str, column: str = "unit_code", *, person: str | None = None, role: str = "dancu_app"
) -> str:
    """Statements that close ``table`` to ``role`` outside its territory, for reading and for writing."""
    condition = territory(column, person=person)
    return (
        f"ALTER TABLE {_name(table)} ENABLE ROW LEVEL SECURITY;\n"
        f"CREATE POLICY own_territory ON {_name(table)} TO {_name(role)}\n"
        f"    USING {condition} WITH CHECK {condition};\n"
    )  # fmt: skip


def _name(name: str | None) -> str:
    if not name or not re.fullmatch(r"[a-z_][a-z0-9_.]*", name):
        raise ValueError(f"{name!r} is not the name of a column, a table or a role")
    return name
