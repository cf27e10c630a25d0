"""Frozen reports in the database: written once, read by name, code or hash."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import astuple, dataclass
from typing import Any
from uuid import UUID

from django.db import connections

from dancu.engine.report.indicators import Indicator
from dancu.platform.snapshots import told
from dancu.platform.snapshots.cells import SHORT, Cell, Question, split
from dancu.reference import units
from dancu.reference.units import belonging

_COLUMNS = "snapshot, key, unit_code, first, last, known, figures, sha256, pdf_sha256, signed, signer, at, by"


@dataclass(frozen=True)
class Row:
    """A frozen report as it is kept."""

    snapshot: UUID
    key: str
    unit_code: str
    first: dt.date
    last: dt.date
    known: dt.datetime
    figures: int
    sha256: bytes
    pdf_sha256: bytes
    signed: str
    signer: str
    at: dt.datetime
    by: str


def indicator(code: str, version: int, *, using: str) -> Indicator:
    """A definition as it was written down. Raises LookupError."""
    rows = _ask(
        using,
        "SELECT said FROM reports.definition WHERE code = %s AND version = %s",
        [code, version],
    )
    if not rows:
        raise LookupError(
            f"Không có định nghĩa {code}, phiên bản {version}. (No definition {code}/{version}.)"
        )
    said = rows[0][0]
    return told.indicator_of(json.loads(said) if isinstance(said, str) else said)


def province_of(unit: str, on: dt.date) -> str:
    """The province above a unit of the day, or itself."""
    found = units.on(belonging.known(on)).find(unit) or belonging.divided(unit)
    return (found.province_code or found.code) if found else unit


def keep(
    row: Row, data: bytes, pdf: bytes, seed: bytes, counted: Mapping[str, tuple[Question, list[Cell]]],
    said: Mapping[str, Any], *, using: str,
) -> int:  # fmt: skip
    """Writes everything, in the caller's transaction; its number."""
    with connections[using].cursor() as cursor:
        cursor.execute(
            f"INSERT INTO snapshots.snapshot ({_COLUMNS}) VALUES ({', '.join(['%s'] * 13)}) RETURNING snapshot_no",
            list(astuple(row)),
        )
        number = int(cursor.fetchone()[0])
        cursor.execute("INSERT INTO snapshots.file VALUES (%s, %s, %s)", [number, data, pdf])
        cursor.execute("INSERT INTO snapshots.seed VALUES (%s, %s)", [number, seed])
        cursor.executemany(
            f"INSERT INTO snapshots.cell VALUES ({', '.join(['%s'] * 9)})",
            [
                (number, one.indicator.code, one.indicator.version, one.asked.first, one.asked.last, c.unit_code,
                 c.state, c.root, c.short)
                for one, own in counted.values() for c in own
            ],
        )  # fmt: skip
        figures = said["report"]["figures"]
        cursor.executemany(
            f"INSERT INTO snapshots.figure VALUES ({', '.join(['%s'] * 10)})",
            [
                (number, code, f["code"], f["version"], f["unit"], f["asked"]["first"], f["asked"]["last"],
                 f["numerator"], f["denominator"], bytes.fromhex(said["figures"][code]["commitment"]))
                for code, f in figures.items()
            ],
        )  # fmt: skip
    return number


def find(snapshot: str, *, using: str) -> tuple[int, Row] | None:
    """A frozen report by its name."""
    try:
        name = UUID(snapshot)
    except ValueError:
        return None
    rows = _ask(
        using, f"SELECT snapshot_no, {_COLUMNS} FROM snapshots.snapshot WHERE snapshot = %s", [name]
    )
    if not rows:
        return None
    number, *rest = rows[0]
    given: list[Any] = [bytes(v) if isinstance(v, memoryview) else v for v in rest]
    return int(number), Row(*given)


def file(number: int, *, using: str) -> tuple[bytes, bytes]:
    """What is told, and the signed document."""
    ((data, pdf),) = _ask(
        using, "SELECT told, pdf FROM snapshots.file WHERE snapshot_no = %s", [number]
    )
    return bytes(data), bytes(pdf)


def seed(number: int, *, using: str) -> bytes:
    """What the salts are made of; for the owner alone."""
    ((found,),) = _ask(using, "SELECT seed FROM snapshots.seed WHERE snapshot_no = %s", [number])
    return bytes(found)


def leaves(number: int, one: Question, unit_code: str, state: int, *, using: str) -> list[bytes]:
    """The first bytes of each leaf of a cell as it was frozen."""
    rows = _ask(
        using,
        "SELECT leaves FROM snapshots.cell WHERE (snapshot_no, indicator, version, first, last, unit_code, state)"
        " = (%s, %s, %s, %s, %s, %s, %s)",
        [
            number,
            one.indicator.code,
            one.indicator.version,
            one.asked.first,
            one.asked.last,
            unit_code,
            state,
        ],
    )
    return split(bytes(rows[0][0]), SHORT) if rows else []


def _ask(using: str, sql: str, given: list[Any]) -> list[Any]:
    with connections[using].cursor() as cursor:
        cursor.execute(sql, given)
        return cursor.fetchall()
