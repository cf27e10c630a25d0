"""A dossier that ended well tells the living register: written with the signature, taken in when that is committed.

The register has a writer and a connection of its own. So what is to be told stands in a row first, in the transaction
of the signature: nothing unsigned reaches the register, and nothing signed is forgotten. The name of an event is made
of the dossier's code, so that telling it twice does nothing.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping

from django.db import transaction

from dancu.kit.web import register_day
from dancu.sectors.public_services.acting import Actor
from dancu.sectors.public_services.dossiers import Dossier, local
from dancu.sectors.public_services.linked import bundling, delivering, entries
from dancu.sectors.public_services.linked.reach import database

_ENDS = {"document": "sign", "data": "sign", "card": "give"}
"""Kind of result → the action with which it comes to be: a card exists when it is handed out."""


def follow(dossier: Dossier, action: str, by: Actor) -> None:
    """The listener."""
    procedure = dossier.procedure_then
    if not procedure.event_kind or bundling.is_head(dossier):
        return
    if action != _ENDS[procedure.result_kind]:
        return
    at = (dossier.returned_at if action == "give" else dossier.ended_at) or dossier.filed_at
    found = entries.entry(dossier.procedure, dossier.form, place=dossier.place, day=day_of(at))
    if found is not None:
        tell(dossier, *found, by=by.name, at=at)


def tell(
    dossier: Dossier, kind: str, data: Mapping[str, str], *, by: str, at: dt.datetime, turn: int = 1
) -> int:
    """Write down what is to be told, and tell it once this transaction is committed; the row's number."""
    with database().cursor() as cursor:
        cursor.execute(
            "INSERT INTO services.told (dossier_no, turn, kind, place, data, by, at)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s) RETURNING told_no",
            [dossier.dossier_no, turn, kind, dossier.place, json.dumps(dict(data)), by, at],
        )
        number: int = cursor.fetchone()[0]
    soon(number)
    return number


def soon(number: int) -> None:
    """Delivered when the transaction is committed; a failure leaves it to the minute's work."""
    transaction.on_commit(lambda: delivering.try_to(number), using=database().alias, robust=True)


def day_of(at: dt.datetime) -> dt.date:
    """The day of an event: the office's, but never after the day that the register is of."""
    return min(local(at).date(), register_day())
