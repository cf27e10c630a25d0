"""Two persons made one by an officer, lived on as one, and taken apart: each is as if it had never happened."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from tests.web.register import RegisterSite

from dancu.reference.fields import standard_fields
from dancu.store.register.desk import entry
from dancu.store.register.explained import Reader
from dancu.store.register.live import Register
from dancu.store.register.told import Answer, Change, Incoming

COUPLES = (
    "SELECT a.person_id, b.person_id FROM register.person a JOIN register.person b ON b.unit_code = a.unit_code"
    " AND b.person_id > a.person_id AND b.sex <> a.sex AND b.birth_year <> a.birth_year WHERE a.n_records = 2"
    " AND b.n_records = 2 AND a.personal_number IS NOT NULL AND b.personal_number IS NOT NULL"
    " AND a.birth_date IS NOT NULL AND b.birth_date IS NOT NULL"
    " AND a.life_status IS DISTINCT FROM '2' AND b.life_status IS DISTINCT FROM '2' ORDER BY 1, 2 LIMIT 3"
)


class Life:
    """A register from which all that was entered is taken out at the end; what happens is told in a few words."""

    def __init__(self, register: Register) -> None:
        self.register, self.sent = register, 0
        self.name = uuid4().hex
        self.entered: dict[int, str] = {}

    def ask(self, query: str, *given: Any) -> list[tuple[Any, ...]]:
        return self.register._con.execute(query.encode(), given).fetchall()

    def _send(self, event: Incoming) -> None:
        (outcome,) = self.register.apply([event])
        if event.kind != "judgement":
            self.entered[outcome.records[0]] = event.kind

    def say(self, pairs: Iterable[tuple[int, int]], verdict: str) -> None:
        self.sent += 1
        answers = tuple(Answer(*pair, verdict) for pair in pairs)
        self._send(
            Incoming(
                "test", f"{self.name}{self.sent}", "judgement", "test", b"-", judgements=answers
            )
        )

    def happens(self, kind: str, person: int, who: dict[str, str], **more: str) -> None:
        """An officer enters it with this record's person before them."""
        self.sent += 1
        data = who | more
        self._send(
            entry(kind, data, context=self.register.context, by="test", source="test",
                  id=f"{self.name}{self.sent}", same_as=person)
        )  # fmt: skip

    def end(self) -> None:
        """Take out what was entered."""
        for record in self.entered:
            (source,) = self.ask("SELECT source FROM register.record WHERE record_id = %s", record)[
                0
            ]
            change = Change(record, source, None)
            name = f"{self.name}-{record}"
            self.register.apply([Incoming("test", name, "out", "test", b"-", changes=(change,))])

    def who(self, person: int) -> dict[str, str]:
        ((name, number, day),) = self.ask(
            "SELECT full_name, personal_number, to_char(birth_date, 'DD/MM/YYYY') FROM register.person"
            " WHERE person_id = %s", person,
        )  # fmt: skip
        return {"full_name": name, "personal_number": number, "birth_date": day}

    def citizen(self, record: int) -> UUID:
        ((found,),) = self.ask(
            "SELECT citizen_id FROM register.person p JOIN register.standard s USING (person_id)"
            " WHERE s.record_id = %s", record,
        )  # fmt: skip
        return UUID(str(found))

    def person(self, record: int) -> dict[str, Any]:
        """All that is said of the person of a record; records entered since by what they were."""
        columns = ", ".join(f"p.{f}" for f in standard_fields())
        (row,) = self.ask(
            f"SELECT p.person_id, p.citizen_id, p.n_records, p.sources, p.unit_code, p.last_confirmed, {columns}"
            " FROM register.person p JOIN register.standard s USING (person_id) WHERE s.record_id = %s", record,
        )  # fmt: skip
        number = row[0]
        of = lambda query: sorted(self.ask(query, number), key=str)  # noqa: E731
        return {
            "row": row,
            "records": sorted(
                self.entered.get(r, str(r))
                for (r,) in of("SELECT record_id FROM register.standard WHERE person_id = %s")
            ),
            "life": of("SELECT kind, valid_on FROM register.life_event WHERE person_id = %s"),
            "homes": of("SELECT kind, unit_code, valid_from, valid_to FROM register.residence WHERE person_id = %s"),
            "findings": of(
                "SELECT rule_id, unit_code FROM register.finding WHERE level = 'person' AND subject_id = %s"
                " AND closed_at IS NULL"
            ),
            "score": self.ask(
                "SELECT rule_id, sum(evaluated), sum(failed) FROM register.score WHERE unit_code = %s"
                " AND level = 'person' GROUP BY rule_id ORDER BY 1", row[4],
            ),
            "doubts": of(
                "SELECT d.score, d.joined, d.blocked_by FROM register.duplicate d JOIN register.standard s"
                " ON s.record_id IN (d.record_a, d.record_b) WHERE d.settled_at IS NULL AND s.person_id = %s"
            ),
        }  # fmt: skip


@pytest.fixture(scope="module")
def writer(register_site: RegisterSite) -> Iterator[Register]:
    with contextlib.closing(Register.open(register_site.dsn)) as register:
        yield register


@pytest.fixture(scope="module")
def reader(register_site: RegisterSite) -> Iterator[Reader]:
    with contextlib.closing(Reader(register_site.dsn)) as made:
        yield made


@contextlib.contextmanager
def life(register: Register) -> Iterator[Life]:
    told = Life(register)
    yield told
    told.end()


@pytest.mark.parametrize("n", range(3))
def test_unmerge_restores_both_with_their_own_later_events(
    register_site: RegisterSite, writer: Register, reader: Reader, n: int
) -> None:
    a, b = register_site.ask(COUPLES)[n]

    def later(told: Life, of_a: dict[str, str], of_b: dict[str, str]) -> None:
        told.happens("death", a, of_a, death_date="18/06/2024")
        told.happens(
            "move", b, of_b, event_date="17/06/2024", commune_code=elsewhere, address="Thôn Mới"
        )

    elsewhere = register_site.communes[-1]
    with life(writer) as told:
        later(told, told.who(a), told.who(b))
        never_merged = told.person(a), told.person(b)
    with life(writer) as told:
        former = told.citizen(a), told.citizen(b)
        of_a, of_b = told.who(a), told.who(b)
        told.say(pairs := reader.whole(a, b), "same")
        assert told.citizen(a) == told.citizen(b) == former[0]
        later(told, of_a, of_b)
        together = told.person(a)
        assert sorted(together["records"]) == sorted(r for p in never_merged for r in p["records"])
        told.say(pairs, "withdrawn")
        assert (told.person(a), told.person(b)) == never_merged
        assert (told.citizen(a), told.citizen(b)) == former
        kinds = [(kind, data) for kind, data in told.ask(
            "SELECT kind, data FROM register.outbox WHERE kind IN ('person.merged', 'person.split') ORDER BY outbox_no"
        )][-2:]  # fmt: skip
        assert kinds == [
            ("person.merged", {"citizen": str(former[1]), "into": str(former[0])}),
            ("person.split", {"citizen": str(former[1])}),
        ]
    assert never_merged[0]["life"] != never_merged[1]["life"]
