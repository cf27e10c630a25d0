"""More that the suite tries direction on: a conference of the own commune, and a shortcoming of it."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

from tests.sectors.world import ON, Sample, World

from dancu.sectors.direction.conference import services
from dancu.sectors.direction.conference.services import Call, Said

SECRET = "Hội nghị thử chỉ của xã này"


def more(world: World, sample: Sample) -> Sample:
    """Open, with its briefs, a statement and a conclusion; within the officer's claim."""
    chair = world.officer("task_force", "unit_head")
    with world.within(chair):
        call = Call(world.own, ON, SECRET, ON, "08:00", "UBND", ON)
        one = services.do_call(call=call, by=chair.user, at=world.now)
        number = one.conference_no
        for do in (services.do_brief, services.do_move):
            one = do(
                number=number, version=one.version_no, event_id=uuid4(), by=chair.user, at=world.now
            )
        services.do_state(number=number, said=Said(world.own, SECRET), by=chair.user, at=world.now)
    missing = world.ask(
        "INSERT INTO direction.shortcoming (unit_code, unit_on, level, kind, title, period, gap, distance, found_on,"
        " found_at, checked_on, result) SELECT unit_code, unit_on, level, 'no_budget', %s, '2024-H1', 1, 1, %s, now(),"
        " %s, 'found' FROM direction.place WHERE unit_code = %s AND lives @> %s::date RETURNING shortcoming_no",
        SECRET, ON, ON, world.own, ON,
    )[0][0]  # fmt: skip
    given = {
        **sample.given, "number": number, "unit": world.own, "direction_shortcomings:one.number": missing,
    }  # fmt: skip
    explained = {
        "cause": "Chưa có nguồn chi", "remedy": "Trình bổ sung dự toán", "promised_on": "30/11/2026", "version": "1",
        "event_id": str(uuid4()),
    }  # fmt: skip
    forms = {
        **sample.forms,
        "direction_shortcomings:one": explained,
        "direction_conference:connect": {
            "state": "connected",
            "people": "3",
            "event_id": str(uuid4()),
        },
        "direction_conference:say": {"text": "Phát biểu thử", "event_id": str(uuid4())},
    }
    return replace(sample, given=given, forms=forms, marks=(*sample.marks, SECRET))
