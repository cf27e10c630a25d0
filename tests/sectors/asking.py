"""Who asks for a page of a sector, and what an answer to somebody of another unit must not show."""

from __future__ import annotations

import html
from collections.abc import Iterator
from typing import Any

from django.test import Client
from tests.sectors.working import Address, Working
from tests.sectors.world import Sample, World

from dancu.reference.rights import role_rights, roles

REFUSED = 403
TURNED_AWAY = {REFUSED, 404, 405, 409}
LOG_IN = {302, 401}
PERSONS = ("person.view", "person.search")
"""Who has one of these everywhere sees everybody's rows."""


def scope(role: str, right: str | None) -> str | None:
    """`own_unit`, `all`, or None for a role without the right; whoever is logged in may what names no right."""
    if right is None:
        return "all"
    return next((e.scope for e in role_rights() if e.role == role and e.right == right), None)


def own(address: Address, world: World) -> list[Any]:
    """Who may open it in the sample's commune."""
    if address.said.public:
        return [Client()]
    if address.said.citizen:
        return [world.client_of(world.resident)]
    held = [role for role in roles() if role != "citizen" and scope(role, address.said.right)]
    return [world.officer(role) for role in held]


def outside(address: Address, world: World) -> list[Any]:
    """Who has the right elsewhere, or none is needed."""
    if address.said.public:
        return [Client()]
    if address.said.citizen:
        return [world.client_of(world.neighbour)]
    held = [
        role
        for role in roles()
        if role != "citizen" and scope(role, address.said.right) == "own_unit"
    ]
    return [world.officer(role, unit=world.other) for role in held]


def everybody(sector: Working, world: World, unit: str) -> list[Any]:
    """Officers of every role that works here by unit, in this one; and its citizen, where citizens have pages."""
    used = {address.said.right for address in sector.addresses} - {None}
    held = {e.role for e in role_rights() if e.right in used}
    anywhere = {e.role for e in role_rights() if e.scope == "all" and e.right in PERSONS}
    officers = [world.officer(role, unit=unit) for role in sorted(held - anywhere - {"citizen"})]
    if not any(address.said.citizen for address in sector.addresses):
        return officers
    return [*officers, world.client_of(world.resident if unit == world.own else world.neighbour)]


def without_right(address: Address, world: World) -> Iterator[tuple[str, Any, set[int]]]:
    """Who may not open it, and how each is refused: a stranger and, of a citizen's page, an officer by log-in."""
    if address.said.public:
        return
    yield "a stranger", Client(), LOG_IN
    if address.said.citizen:
        yield "an officer", world.officer(), LOG_IN
        return
    for role in roles():
        if role != "citizen" and not scope(role, address.said.right):
            yield role, world.officer(role), {REFUSED}


def status(client: Any, path: str) -> int:
    """The answer's, once it has been read to its end; 500 for one that fails."""
    try:
        answer = client.get(path)
        if getattr(answer, "streaming", False):
            list(answer.streaming_content)
        return int(answer.status_code)
    except Exception as error:
        print(f"{path}: {type(error).__name__}: {error}")
        return 500


def body(answer: Any) -> str:
    """What it shows."""
    data = (
        b"".join(answer.streaming_content)
        if getattr(answer, "streaming", False)
        else answer.content
    )
    return html.unescape(data.decode("utf-8", "replace"))


def shown_outside(answer: Any, address: Address, sample: Sample, marks: set[str]) -> list[str]:
    """What is wrong with it: an address of a record is refused, and no answer has a mark of the sample."""
    row = address.names_a_row(sample.given) and not address.said.public
    if answer.status_code >= 500 or (row and answer.status_code not in TURNED_AWAY):
        return [f"{address.name} answers somebody outside with {answer.status_code}"]
    said, text = set(sample.sent_to(address.name).values()), body(answer)
    seen = sorted(mark for mark in marks - said if mark in text)
    return [f"{address.name} shows somebody outside {seen}"] if seen else []
