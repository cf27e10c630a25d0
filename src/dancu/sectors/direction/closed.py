"""Which rows the role of the pages sees and may write: those of units that lie wholly in the log-in's territory.

A directive, a campaign, a good model and who copied it are read by everybody who has the right: they are there for all
to follow. What one unit does for or in another is read by both. Each is written by its own unit alone.
"""

from __future__ import annotations

from collections.abc import Mapping

APP = "dancu_app"
_MINE = "(SELECT m.unit_code, m.unit_on FROM direction.my_places() m)"
_OWN = f"(unit_code, unit_on) IN {_MINE}"
_BOTH = f"{_OWN} OR (other_code, other_on) IN {_MINE}"
FIRST: Mapping[str, str] = {
    **dict.fromkeys(
        ("place", "plan", "budget", "spending", "post", "equipment", "task", "act"), _OWN
    ),
    "directive": "true",
    "paper": f"book = 'directive' OR {_OWN}",
}
LINKED: Mapping[str, str] = {
    "reach": _OWN,
    **dict.fromkeys(("inspection", "finding", "pairing"), _BOTH),
    **dict.fromkeys(("campaign", "model", "copy"), "true"),
}
"""Table → which rows are read."""


def statements(tables: Mapping[str, str]) -> list[str]:
    """The policies; the tables must be there."""
    return [_own(name) if read == _OWN else _read(name, read) for name, read in tables.items()]


def _own(name: str) -> str:
    return (
        f"ALTER TABLE direction.{name} ENABLE ROW LEVEL SECURITY;"
        f"CREATE POLICY own_places ON direction.{name} TO {APP} USING ({_OWN}) WITH CHECK ({_OWN});"
    )


def _read(name: str, read: str) -> str:
    return (
        f"ALTER TABLE direction.{name} ENABLE ROW LEVEL SECURITY;"
        f"CREATE POLICY read_by_all ON direction.{name} FOR SELECT TO {APP} USING ({read});"
        f"CREATE POLICY own_added ON direction.{name} FOR INSERT TO {APP} WITH CHECK ({_OWN});"
        f"CREATE POLICY own_changed ON direction.{name} FOR UPDATE TO {APP} USING ({_OWN}) WITH CHECK ({_OWN});"
    )
