"""The proof behind a look: that its line is in the ledger, and so cannot be changed or taken out unseen."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from dancu.platform.ledger.database import raw
from dancu.store.ledger import proving


@dataclass(frozen=True)
class Proof:
    """A leaf, its place in the tree of so many leaves, and the hashes that lead from it to the root."""

    leaf: str
    place: int
    size: int
    path: tuple[str, ...]
    root: str


def proof_of(receipt: UUID) -> Proof | None:
    """None: the line has no place in the tree yet (it gets one within a minute)."""
    con = raw()
    found = [
        e for e in proving.entries(con, key=str(receipt), kind="access") if e.index is not None
    ]
    if not found or found[0].index is None:
        return None
    shown = proving.inclusion(con, index=found[0].index)
    return Proof(
        found[0].leaf,
        shown.index,
        shown.size,
        tuple(step.hex() for step in shown.path),
        shown.root.hex(),
    )
