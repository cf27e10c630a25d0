"""What the suite tries the sector on: a card in use of a person of the own commune, and a form that locks it."""

from __future__ import annotations

from uuid import uuid4

from tests.sectors.world import Sample, World

from dancu.kit.people import access_citizen
from dancu.sectors.demo import services


def make(world: World) -> Sample:
    """Done by an officer, within the officer's claim."""
    officer, citizen = world.officer("one_stop_officer"), world.resident
    with world.within(officer):
        person = access_citizen(citizen_id=citizen, by=officer.user, purpose=services.PURPOSE)
        card = services.do_ask(citizen=person, event_id=uuid4(), by=officer.user, at=world.now)
        issue = services.Ask("issue", card.version, uuid4())
        services.do_act(card_id=card.pk, ask=issue, by=officer.user, at=world.now)
    form = {"citizen": str(citizen), "action": "lock", "version": "2", "reason": "Thử khóa thẻ"}
    return Sample({"card": card.pk, "code": "DEMO-1"}, form | {"event_id": str(uuid4())})
