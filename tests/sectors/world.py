"""Two communes, a person in each, and officers: what every working sector is tried in.

A sector brings ``tests/sectors/samples/<id>.py`` with ``make(world) -> Sample``: it makes one of each thing that its
pages show, about ``world.resident`` in ``world.own``, and says which values its addresses and forms take.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from tests.web import citizens, live
from tests.web.live import database_in
from tests.web.register import ON, RegisterSite

from dancu.store import supervisor

OWN, OTHER = "07204", "07210"
_PERSON = (
    "INSERT INTO register.person (person_id, n_records, n_sources, sources, unit_code, full_name, name_key, sort_key,"
    " birth_date, birth_earliest, birth_latest, birth_day, birth_month, birth_year, sex, life_status,"
    " personal_number, household_number, relation_to_head, address_head, last_confirmed)"
    " VALUES (%s, 1, 1, '{population}', %s, %s, lower(%s), lower(%s), '1990-03-02', '1990-03-02', '1990-03-02',"
    " 2, 3, 1990, '1', '1', %s, %s, 'CH', 'Thôn Đông', '2024-06-01') RETURNING citizen_id"
)


@dataclass(frozen=True)
class Sample:
    """What a sector is tried on.

    `given`: argument of an address (or `view.argument`) -> value; a number or UUID names a record, a text an entry of
    a catalogue. `form`: fields that are sent to every page that takes a form; `forms`: more for one view. `marks`:
    what must not be shown outside the unit, besides the person's name, numbers and identifier.
    """

    given: Mapping[str, object]
    form: Mapping[str, str] = field(default_factory=dict)
    forms: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    marks: tuple[str, ...] = ()

    def sent_to(self, view: str) -> dict[str, str]:
        """The fields for a view."""
        return {**self.form, **self.forms.get(view, {})}


@dataclass(frozen=True)
class World(RegisterSite):
    """A migrated database with the two persons; `own` is the commune of `resident`."""

    resident: UUID
    neighbour: UUID
    now: dt.datetime
    own: str = OWN
    other: str = OTHER
    name: str = "VI THỊ THỬ NGHIỆM"
    number: str = "924190000017"
    _clients: dict[tuple[str, ...], Any] = field(default_factory=dict)
    _samples: dict[str, Sample] = field(default_factory=dict)
    _failed: dict[str, Exception] = field(default_factory=dict)
    _count: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def officer(self, *roles: str, unit: str = OWN) -> Any:
        """Django's test client after a log-in; `.user` is the account. The same one for the same roles."""
        from django.test import Client

        from dancu.platform.accounts import services

        if (unit, *roles) not in self._clients:
            number = next(self._count)
            user, first = services.do_create_user(
                username=f"the.gioi.{number}", display_name=f"Cán bộ {number}", by="test", demo=True
            )
            for role in roles:
                services.do_grant(
                    user=user, role=role, unit_code=unit, unit_on=ON, by="test", reason="test"
                )
            client: Any = Client()
            client.user = user
            assert live.log_in(client, user.username, first).status_code == 302
            self._clients[unit, *roles] = client
        return self._clients[unit, *roles]

    def client_of(self, citizen: UUID) -> Any:
        """The client of a citizen who has logged in."""
        key = ("citizen", str(citizen))
        if key not in self._clients:
            self._clients[key] = citizens.come_in(self, str(citizen))
        return self._clients[key]

    @contextlib.contextmanager
    def within(self, client: Any) -> Iterator[Any]:
        """A transaction of the pages' role within the client's claim."""
        from django.db import connection, transaction

        from dancu.platform.access import claims

        with transaction.atomic(), connection.cursor() as cursor:
            claims.use(key_of(client))
            yield cursor

    def sample(self, sector: str) -> Sample:
        """What the sector brings, made once."""
        if sector in self._failed:
            pytest.fail(f"the sample of {sector} cannot be made: {self._failed[sector]!r}")
        if sector not in self._samples:
            module = f"tests.sectors.samples.{sector}"
            if find_spec(module) is None:
                pytest.fail(
                    f"{sector} brings no tests/sectors/samples/{sector}.py: see docs/how-to/new-sector.md"
                )
            try:
                self._samples[sector] = import_module(module).make(self)
            except Exception as error:
                self._failed[sector] = error
                raise
        return self._samples[sector]

    def marks(self, sector: str) -> set[str]:
        """Texts by which one sees that a page or row is about the person."""
        masked = f"{self.number[:3]}•••••{self.number[-4:]}"
        return {str(self.resident), self.name, self.number, masked, *self.sample(sector).marks}


def key_of(client: Any) -> str:
    """The key of the session: an officer's or a citizen's."""
    return str((client.cookies.get("dancu") or client.cookies[citizens.COOKIE]).value)


@pytest.fixture(scope="module")
def world(
    postgres_server: supervisor.Server,
    migrated: str,
    site: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[World]:
    """One for the test module; a copy of the migrated database of the run, and a folder of its own for files."""
    from django.conf import settings
    from django.db import connections
    from django.utils import timezone

    from dancu.platform.events import writer
    from dancu.site import addresses

    with database_in(postgres_server, like=migrated) as dsn:
        addresses.point(dsn)
        patch = pytest.MonkeyPatch()
        patch.setattr(settings, "MEDIA_ROOT", tmp_path_factory.mktemp("files"))
        with psycopg.connect(dsn, autocommit=True) as con:
            own, other = (
                con.execute(_PERSON.encode(), [n, unit, name, name, name, f"92419000001{7 if n == 1 else 5}", f"HO{n}"])
                .fetchone()[0]  # type: ignore[index]
                for n, unit, name in ((1, OWN, World.name), (2, OTHER, "LÒ VĂN LÁNG GIỀNG"))
            )  # fmt: skip
        try:
            yield World(dsn, Path(), (OWN, OTHER), own, other, timezone.now())
        finally:
            patch.undo()
            writer.close()
            connections.close_all()
            addresses.point(site)
