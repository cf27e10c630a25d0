"""What the suite tries the list of insured children on: a line of the own commune's person."""

from __future__ import annotations

from uuid import uuid4

from tests.sectors.world import ON, Sample, World

DOSSIER = "H02.07.204-240601-0009"


def make(world: World) -> Sample:
    """As the end of a service writes it."""
    ((child,),) = world.ask(
        "INSERT INTO health_insurance.child (event_id, citizen, unit_code, dossier, valid_from, valid_to, by, at)"
        " VALUES (%s, %s, %s, %s, %s, %s + 365, 'test', %s) RETURNING child_no",
        uuid4(), world.resident, world.own, DOSSIER, ON, ON, world.now,
    )  # fmt: skip
    return Sample({"number": child}, marks=(DOSSIER,))
