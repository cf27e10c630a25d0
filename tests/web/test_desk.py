"""The writer's desk: a bad event harms no other, a trial leaves nothing, nobody's people but the own are changed."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import replace
from typing import Any

import psycopg
import pytest
from tests.web.register import RegisterSite

from dancu.store.register.desk import Desk, entry
from dancu.store.register.effects import effects
from dancu.store.register.told import Conflict, Incoming, Outcome, Outside


@pytest.fixture(scope="module")
def writer(register_site: RegisterSite) -> Iterator[Desk]:
    made = Desk(register_site.dsn)
    yield made
    made.close()


class Town:
    """Persons of some communes, one after the other, and entries about them."""

    def __init__(self, site: RegisterSite, desk: Desk, communes: slice = slice(2, 40)) -> None:
        self.site, self.desk, self.communes = site, desk, [*site.communes[communes]]

    def death(self, n: int, day: str = "20/6/2024", **more: Any) -> Incoming:
        person, name, number = self.site.ask(
            "SELECT person_id, full_name, personal_number FROM register.person WHERE unit_code = ANY(%s)"
            " AND personal_number IS NOT NULL AND birth_date IS NOT NULL ORDER BY person_id LIMIT 1 OFFSET %s",
            self.communes, n,
        )[0]  # fmt: skip
        data = {"full_name": name, "personal_number": number, "death_date": day}
        given: dict[str, Any] = {"id": f"d{n}", "by": "test", "source": "test", "same_as": person}
        return entry("death", data, context=self.desk.context(), **(given | more))


def counted(site: RegisterSite) -> list[Any]:
    tables = ("event", "record", "person_history", "finding", "score_delta", "outbox")
    return [site.ask(f"SELECT count(*) FROM register.{t}")[0][0] for t in tables]


def test_a_trial_tells_what_the_event_then_does_and_keeps_nothing(
    register_site: RegisterSite, writer: Desk
) -> None:
    town = Town(register_site, writer)
    before = counted(register_site)
    tried = writer.try_out(town.death(0))
    assert counted(register_site) == before
    done = writer.submit(town.death(0))
    with psycopg.connect(register_site.dsn) as con:
        became = effects(con, done, on=writer.context().on)
    assert (tried.opened, tried.closed) == (became.opened, became.closed)
    assert [p.changed for p in tried.persons] == [p.changed for p in became.persons]
    assert ("death_date", None, "2024-06-20") in became.persons[0].changed
    assert tried.scores() == became.scores()
    (score,) = became.scores().values()
    assert score[0] is not None and score[1] is not None and score[0] != score[1]


def test_after_a_refused_event_the_writer_goes_on(
    register_site: RegisterSite, writer: Desk
) -> None:
    town = Town(register_site, writer)
    first = town.death(1)
    writer.submit(first)
    with pytest.raises(Conflict):
        writer.submit(replace(first, digest=b"another"))
    assert not writer.submit(town.death(2)).repeated
    assert writer.submit(first).repeated


def test_a_bad_event_in_a_group_harms_no_other(register_site: RegisterSite, writer: Desk) -> None:
    """Sent together: a conflict, one about other people, one that the database cannot take, and three good ones."""
    town = Town(register_site, writer)
    known = town.death(3)
    writer.submit(known)
    bad = [
        replace(known, digest=b"another"),
        town.death(4, only_in=frozenset(register_site.communes[:2])),
        replace(town.death(5), data={"note": "a\x00b"}),
    ]
    good = [town.death(n) for n in (6, 7, 8)]
    group = [(e, Future[Outcome]()) for pair in zip(bad, good, strict=True) for e in pair]
    writer._take(group)
    failed = [w.exception(60) for _, w in group]
    assert [type(f) for f in failed[:3:2]] == [Conflict, Outside]
    assert isinstance(failed[4], psycopg.DataError)
    assert failed[1::2] == [None, None, None]
    there = {i for (i,) in register_site.ask("SELECT ce_id FROM register.event WHERE ce_source = 'test'")}  # fmt: skip
    assert {"d6", "d7", "d8"} <= there and not {"d4", "d5"} & there


def test_only_the_own_communes_people_are_changed(
    register_site: RegisterSite, writer: Desk
) -> None:
    mine, theirs = register_site.communes[:2]
    other = Town(register_site, writer, slice(1, 2))
    with pytest.raises(Outside):
        writer.submit(other.death(0, id="o", only_in=frozenset({mine})))
    assert not writer.submit(other.death(0, id="o", only_in=frozenset({mine, theirs}))).repeated


def test_a_new_person_is_open_to_everybody(register_site: RegisterSite, writer: Desk) -> None:
    data = {"full_name": "Lò Văn Hoàn Toàn Mới", "sex": "Nam", "birth_date": "1/6/2024"}
    born = entry("birth", data, context=writer.context(), by="test", source="test", id="b1",
                 only_in=frozenset({register_site.communes[0]}))  # fmt: skip
    done = writer.submit(born)
    assert len(done.citizens) == 1
