"""Which rows the role of the pages sees: a conference with what was said and concluded, whoever is invited; points and
briefs, the unit itself and those above it. The host alone writes, but for a point, which its unit connects itself.
"""

from __future__ import annotations

APP = "dancu_app"
_MINE = "(SELECT m.unit_code, m.unit_on FROM direction.my_places() m)"
_OWN, _HOST = f"(unit_code, unit_on) IN {_MINE}", f"(host_code, host_on) IN {_MINE}"
_INVITED = (
    "conference_no IN (SELECT p.conference_no FROM direction.conference_point p"
    f" WHERE (p.unit_code, p.unit_on) IN {_MINE})"
)
_SEEN = "conference_no IN (SELECT c.conference_no FROM direction.conference c)"
_HOSTED = (
    "conference_no IN (SELECT c.conference_no FROM direction.conference c"
    f" WHERE (c.unit_code, c.unit_on) IN {_MINE})"
)
_RULES = (
    ("conference", f"{_OWN} OR {_INVITED}", _OWN, _OWN),
    ("conference_point", f"{_OWN} OR {_HOST}", _HOST, f"{_OWN} OR {_HOST}"),
    ("conference_brief", _OWN, f"{_HOSTED} AND {_OWN}", ""),
    ("conference_statement", _SEEN, _HOSTED, ""),
    ("conference_conclusion", _SEEN, f"{_HOSTED} AND {_OWN}", ""),
    ("commendation", _OWN, _OWN, ""),
)
"""Table, who reads, who adds, who changes."""


def statements() -> list[str]:
    """The policies; the tables must be there."""
    made = []
    for name, read, add, change in _RULES:
        table = f"direction.{name}"
        made.append(
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;"
            f"CREATE POLICY read_own ON {table} FOR SELECT TO {APP} USING ({read});"
            f"CREATE POLICY add_own ON {table} FOR INSERT TO {APP} WITH CHECK ({add});"
        )
        if change:
            made.append(
                f"CREATE POLICY change_own ON {table} FOR UPDATE TO {APP} USING ({change}) WITH CHECK ({change});"
            )
    return made
