"""Random lives of dossiers through acting, for tests of what is counted from them."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import connections, transaction

from dancu.sectors.public_services import acting, dossiers
from dancu.sectors.public_services.acting import Actor, Ask, Filing
from dancu.sectors.public_services.errors import NotOpen, ServiceError
from dancu.sectors.public_services.figures import counting

SYSTEM = Actor("hệ thống", "system")
PLACE = "07204"
UNITS = ("07204", "07207", "07549", "213", "24", "09163")
"""Two wards that merge on 1 July 2025, a commune divided, a district that ends, the province, old Bắc Ninh."""
PROCEDURES = ("BG.ES12", "1.004222", "3.000347", "BG.CT09", "BG.ES22")
BRINGS = {"law": "Điều 1", "papers": "Ảnh", "late": True}


@pytest.fixture
def owner(site: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The owner's connection stands in for a page's, so that counting is tried without a territory; all is undone."""
    for module in (acting, dossiers, counting):
        monkeypatch.setattr(module, "connection", connections["owner"])
    # Papers, notices and events have tests of their own, and connections of their own.
    monkeypatch.setattr(acting, "listeners", [])
    with transaction.atomic(using="owner"):
        yield connections["owner"]
        transaction.set_rollback(True, using="owner")


@pytest.fixture
def actors(account: Callable[..., Any]) -> tuple[Actor, Actor, Actor]:
    """An officer and a leader of the place, and the system."""
    officer, leader = account("one_stop_officer", unit=PLACE), account("unit_head", unit=PLACE)
    return (
        Actor(officer.username, "officer", officer),
        Actor(leader.username, "leader", leader),
        SYSTEM,
    )


def file(rng: random.Random, *, units: tuple[str, ...], at: dt.datetime) -> Any:
    """A dossier of some procedure, channel and unit."""
    unit = rng.choice(units)
    filing = Filing(
        rng.choice(PROCEDURES), unit, unit, rng.choice((1, 2, 2, 3)), rng.choice((None, uuid4())), "NGUYỄN VĂN A", {},
        saved_papers=rng.randrange(3), paper_reason=rng.choice(("", "no_device")),
    )  # fmt: skip
    return acting.do_file(filing=filing, by=SYSTEM, at=at)


def live(
    rng: random.Random, one: Any, actors: tuple[Actor, ...], *, units: tuple[str, ...], most: int = 14
) -> Any:  # fmt: skip
    """Up to `most` actions, each open to who does it, over weeks."""
    moment = dossiers.local(one.filed_at)
    for _ in range(rng.randrange(most)):
        moment += dt.timedelta(hours=rng.randrange(1, 120))
        actor = rng.choice(actors)
        if not (options := acting.open_actions(one, actor.role)):
            continue
        data = {
            **BRINGS, "unit": rng.choice(units), "due": (moment + dt.timedelta(days=40)).date(),
            "electronic": rng.random() < 0.7, "online": rng.random() < 0.5,
        }  # fmt: skip
        ask = Ask(rng.choice(options), one.version_no, reason="Lý do thử", data=data)
        try:
            one = acting.do_act(
                dossier_no=one.dossier_no, by=actor, ask=ask, at=dossiers.aware(moment)
            )
        except (NotOpen, ServiceError):
            continue
    return one
