"""The household of a child: read from the parent's record when an officer takes the residence part up, with a trace.

What the register knows is not asked of the applicant; what it does not say is left to the officer.
"""

from __future__ import annotations

import json
from contextlib import suppress

from dancu.kit.people import Citizen, NoCitizen, access_citizen
from dancu.kit.web import Refused
from dancu.sectors.public_services.acting import Actor
from dancu.sectors.public_services.dossiers import Dossier
from dancu.sectors.public_services.linked.reach import database

FIELD = "household_number"
_COUPLE = ("CH", "5", "6")
"""Relations to the head by which a child of somebody is the head's child: the head, the spouse."""


def fill(dossier: Dossier, by: Actor) -> None:
    """The parent's household number into the form of a residence part; nothing when it is not to be had."""
    if dossier.procedure_then.event_kind != "move" or dossier.form.get(FIELD) or by.user is None:
        return
    if dossier.applicant is None:
        return
    parent = _parent(dossier, by)
    if parent is None or parent.unit_code != dossier.place or not parent.values.get(FIELD):
        return
    known = parent.values
    more = {FIELD: known[FIELD]}
    if known.get("relation_to_head") in _COUPLE and not dossier.form.get("relation_to_head"):
        more["relation_to_head"] = "Con"
    with database().cursor() as cursor:
        cursor.execute(
            "UPDATE services.dossier SET form = form || %s::jsonb WHERE dossier_no = %s",
            [json.dumps(more), dossier.dossier_no],
        )


def _parent(dossier: Dossier, by: Actor) -> Citizen | None:
    """The applicant's record, as the officer may ask for it: the police for residence, others for a service."""
    for purpose in ("residence", "procedure"):
        with suppress(NoCitizen, Refused):
            return access_citizen(
                citizen_id=str(dossier.applicant), by=by.user, purpose=purpose, basis=dossier.code,
                fields=[FIELD, "relation_to_head"],
            )  # fmt: skip
    return None
