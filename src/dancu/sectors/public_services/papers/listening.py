"""Which action demands which paper: made in the action's own transaction, once for a move."""

from __future__ import annotations

from dancu.sectors.public_services.acting import Actor
from dancu.sectors.public_services.dossiers import Dossier
from dancu.sectors.public_services.papers import filling, making, store
from dancu.sectors.public_services.papers.kinds import DEMANDED


def make_what_it_demands(dossier: Dossier, action: str, by: Actor) -> None:
    """A listener of actions; raises ServiceError when the paper cannot be made."""
    kind = DEMANDED.get(action)
    if kind is None:
        return
    move = [m for m in filling.moves(dossier.dossier_no) if m.action == action][-1]
    if store.made_for(move.move_no, kind):
        return
    data = {**move.detail, "reason": move.reason}
    making.make(dossier, kind, data=data, by=by, at=move.at, move_no=move.move_no)
