"""Papers in the database: kept with their bytes, read, opened with a line in the log, found again for re-use."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass, fields
from typing import Any
from uuid import UUID

from django.db import connection

from dancu.sectors.public_services import dossiers


class NoPaper(LookupError):
    """Nothing under this identifier that the asker may see; says no more."""


@dataclass(frozen=True)
class Paper:
    """A paper as its row tells it. `proves`: `result:<procedure>`, or '' for a form; `signed`: the level reached."""

    paper: UUID
    dossier_no: int
    kind: str
    proves: str
    number: str
    title: str
    unit_code: str
    at: dt.datetime
    by: str
    sha256: bytes
    size: int
    signed: str

    @property
    def file_name(self) -> str:
        """What the file is called when it is saved: says nothing about a person."""
        return f"{self.number.replace('/', '-')}-{dossiers.local(self.at):%Y%m%d}.pdf"


@dataclass(frozen=True)
class Proof:
    """A result that a person already has: enough to say that it need not be brought again."""

    paper: UUID
    proves: str
    number: str
    title: str
    unit_code: str
    at: dt.datetime


_COLUMNS = ", ".join(f"p.{f.name}" for f in fields(Paper))


def number(unit: str, symbol: str, *, at: dt.datetime) -> str:
    """The next number of the unit's papers with this symbol in the year."""
    ((found,),) = _ask(
        "SELECT services.next_paper(%s, %s, %s::smallint)", unit, symbol, dossiers.local(at).year
    )
    return str(found)


def keep(paper: Paper, body: bytes, *, move_no: int | None, owner: UUID | None) -> None:
    """Write the paper, its bytes and whose it is."""
    names = [f.name for f in fields(Paper)]
    values = [getattr(paper, name) for name in names]
    _run(
        f"INSERT INTO services.paper ({', '.join(names)}, move_no) VALUES ({', '.join(['%s'] * len(names))}, %s)",
        *values, move_no,
    )  # fmt: skip
    _run("INSERT INTO services.paper_file VALUES (%s, %s)", paper.paper, body)
    if owner is not None:
        belongs(paper.paper, owner)


def belongs(paper: UUID, citizen_id: UUID) -> None:
    """The paper is this person's too: the child's, of an extract of birth."""
    _run(
        "INSERT INTO services.paper_person VALUES (%s, %s) ON CONFLICT DO NOTHING",
        paper,
        citizen_id,
    )


def get(paper: UUID) -> Paper:
    """The paper; NoPaper."""
    rows = _ask(f"SELECT {_COLUMNS} FROM services.paper p WHERE p.paper = %s", paper)
    if not rows:
        raise NoPaper(str(paper))
    return _of_row(rows[0])


def of_dossier(dossier_no: int) -> list[Paper]:
    """The papers of a dossier, in the order in which they were made."""
    return [_of_row(row) for row in _ask(
        f"SELECT {_COLUMNS} FROM services.paper p WHERE p.dossier_no = %s ORDER BY p.paper_no", dossier_no
    )]  # fmt: skip


def made_for(move_no: int, kind: str) -> bool:
    """Whether the paper of this move is there already."""
    return bool(
        _ask("SELECT 1 FROM services.paper WHERE move_no = %s AND kind = %s", move_no, kind)
    )


def of_person(citizen_id: UUID | str) -> list[Paper]:
    """A person's papers that the asker may see, the newest first."""
    return [_of_row(row) for row in _ask(
        f"SELECT {_COLUMNS} FROM services.paper_person o JOIN services.paper p USING (paper)"
        " WHERE o.citizen = %s ORDER BY p.paper_no DESC", citizen_id
    )]  # fmt: skip


def proofs(citizen_id: UUID | str) -> list[Proof]:
    """The results that the person has already, of whatever unit, the newest first.

    Told to the person, and to whoever handles an open dossier of theirs; to others the list is empty.
    """
    return [Proof(*row) for row in _ask(
        "SELECT paper, proves, number, title, unit_code, at FROM services.results_of(%s)", citizen_id
    )]  # fmt: skip


def proves(citizen_id: UUID | str, kind: str) -> Proof | None:
    """The newest document of the person that proves this (`result:<procedure>`), so that nobody asks for it again."""
    return next((one for one in proofs(citizen_id) if one.proves == kind), None)


def read(paper: Paper) -> bytes:
    """The bytes, seen to be those that were made. Raises NoPaper when they are gone or are others."""
    rows = _ask("SELECT body FROM services.paper_file WHERE paper = %s", paper.paper)
    if not rows or hashlib.sha256(body := bytes(rows[0][0])).digest() != paper.sha256:
        raise NoPaper(f"{paper.paper}: bytes")
    return body


def opened(paper: Paper, *, by: str, citizen: UUID | str | None, at: dt.datetime) -> None:
    """The line that an opening leaves."""
    _run(
        "INSERT INTO services.paper_opening (paper, at, by, citizen) VALUES (%s, %s, %s, %s)",
        paper.paper, at, by, citizen,
    )  # fmt: skip


def issued(body: bytes) -> tuple[str, str, str, dt.datetime] | None:
    """Number, heading, unit and moment of the paper that is this file byte for byte, if one was made here."""
    rows = _ask("SELECT * FROM services.paper_issued(%s)", hashlib.sha256(body).digest())
    return (str(rows[0][0]), str(rows[0][1]), str(rows[0][2]), rows[0][3]) if rows else None


def _of_row(row: Any) -> Paper:
    made = dict(zip((f.name for f in fields(Paper)), row, strict=True))
    return Paper(**made | {"sha256": bytes(made["sha256"])})


def _ask(query: str, *given: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(query, given)
        return list(cursor.fetchall())


def _run(query: str, *given: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(query, given)
