"""The unit tree and its changes as Arrow tables, for the engines to join on."""

from __future__ import annotations

from datetime import date

import pyarrow as pa

from dancu.reference.units.changes import chains
from dancu.reference.units.states import state_on, tree_from

_COLUMNS = ("code", "level", "name", "full_name", "parent_code", "district_code", "province_code")


def table(*, on: date) -> pa.Table:
    """All units of the day, text columns: code, level, name, full_name and the codes above.

    `district_code` and `parent_code` are null where there is none.
    """
    tree = tree_from(state_on(on).first)
    units = tree.by_code.values()
    return pa.table(
        {c: pa.array([getattr(u, c) or None for u in units], pa.string()) for c in _COLUMNS}
    )


def successor_table(*, frm: date, to: date) -> pa.Table:
    """(old_code, new_code, kind, n_targets) of all levels between two days, oldest first.

    n_targets = 1: everybody of the old unit is in the new one. A code without a known
    successor has one row with null `new_code`, kind `unknown` and n_targets 0, so that a
    join loses nobody silently.
    """
    old: list[str] = []
    new: list[str | None] = []
    kind: list[str] = []
    targets: list[int] = []
    for code, paths in chains(frm=frm, to=to).items():
        found: list[tuple[str | None, str]] = [(e.new, e.kind) for e in paths]
        for target, how in found or [(None, "unknown")]:
            old.append(code)
            new.append(target)
            kind.append(how)
            targets.append(len(paths))
    return pa.table(
        {
            "old_code": pa.array(old, pa.string()),
            "new_code": pa.array(new, pa.string()),
            "kind": pa.array(kind, pa.string()),
            "n_targets": pa.array(targets, pa.int32()),
        }
    )
