"""Standardise: raw cells become typed, repaired values, each beside the reason or the repair.

Source by source (their memory is given back in between): one raw text per field, what is found out about
whole columns, each distinct text read once, and one query that joins the readings back to the records.
A value that is already standard is settled by a pattern and never meets Python.
"""

from __future__ import annotations

from collections.abc import Mapping

from dancu.engine.ports import Context, Step, Store
from dancu.engine.spec import SectorSpec
from dancu.engine.standardise import register
from dancu.engine.standardise.roles import present_fields
from dancu.engine.standardise.source import steps_for_source
from dancu.reference.fields import raw_roles

__all__ = ["plan", "register", "roles_present"]


def roles_present(store: Store) -> dict[str, frozenset[str]]:
    """Source id -> the raw roles in which it has any cell; reads table `records`."""
    counts = ", ".join(f"count({role}) AS {role}" for role in raw_roles())
    rows = store.fetch(f"SELECT source, {counts} FROM records GROUP BY source ORDER BY source")
    return {
        row["source"]: frozenset(role for role in raw_roles() if row[role])
        for row in rows.to_pylist()
    }


def plan(context: Context, *, present: Mapping[str, frozenset[str]]) -> list[Step]:
    """Steps that make `standard` and `dialects`; `present` as `roles_present` gives it."""
    steps: list[Step] = []
    for source, roles in present.items():
        spec: SectorSpec = context.sources[source]
        steps += steps_for_source(context, spec, roles, present_fields(roles))
    return [*steps, *register.steps(context)]
