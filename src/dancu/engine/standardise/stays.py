"""A row of temporary residence with one place tells where somebody stays, whatever column the place stands in.

Where `current_address` says something, even what cannot be read, the address beside it is the permanent one. The same
twice, side by side: `in_sql` over the expressions of a source, `in_row` for one record.
"""

from __future__ import annotations

from typing import Any

KIND = "temporary_residence"
_PLACE = {"temporary_unit": "permanent_unit", "temporary_unit_issue": "permanent_unit_issue"}


def in_sql(values: dict[str, str], permanent: tuple[str, ...]) -> dict[str, str]:
    """The expressions that change; `permanent` are the columns of the permanent residence."""
    unsaid = " AND ".join(f"{values[own]} IS NULL" for own in _PLACE)
    stays = f"{values['event_kind']} = '{KIND}' AND {unsaid}"
    made = {c: f"CASE WHEN {stays} THEN NULL ELSE {values[c]} END" for c in permanent}
    for own, other in _PLACE.items():
        made[own] = f"CASE WHEN {stays} THEN {values[other]} ELSE {values[own]} END"
    return made


def in_row(made: dict[str, Any], permanent: tuple[str, ...]) -> None:
    """Changes the row of one record."""
    if made["event_kind"] == KIND and all(made[own] is None for own in _PLACE):
        made |= {own: made[other] for own, other in _PLACE.items()}
        made |= dict.fromkeys(permanent)
