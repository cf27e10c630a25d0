"""What is due, and the purge: a row in `keeping.purge` (and so in the ledger) in the transaction of each batch.

The border it keeps: tables and periods come from `reference/data/retention.csv` alone. A table whose rows are in the
ledger is erased through the ledger, so that its leaves stay and only their salts go; of the others a salted digest of
the deleted rows is kept, by which a backup can show what went. Runs as the owner, any number of times.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connections, transaction
from django.utils import timezone

from dancu.platform.ledger.database import raw
from dancu.reference.retention import Keeping, rules, years_of_purposes
from dancu.store.ledger import erasing
from dancu.store.ledger.installing import stored

BATCH = 20_000


@dataclass(frozen=True)
class Due:
    """Rows of a table that are past their time. `purpose`: where each purpose has its own."""

    rule: Keeping
    cutoff: dt.datetime
    rows: int
    purpose: str = ""


def due(*, at: dt.datetime) -> list[Due]:
    """What a purge at this moment would take, table by table; changes nothing."""
    found = []
    with connections["owner"].cursor() as cursor:
        for rule, cutoff, purpose in _cutoffs(at):
            where, given = _where(rule, cutoff, purpose)
            cursor.execute(f"SELECT count(*) FROM {rule.table} t WHERE {where}", given)
            found.append(Due(rule, cutoff, cursor.fetchone()[0], purpose))
    return found


def purge(*, by: str, at: dt.datetime) -> dict[str, int]:
    """Table → rows that went. Each batch is whole or not at all; a stop in between is taken up by the next run."""
    gone: dict[str, int] = {}
    for rule, cutoff, purpose in _cutoffs(at):
        batch = _erase if rule.do == "erase" else _delete
        while count := batch(rule, cutoff, purpose, by):
            gone[rule.table] = gone.get(rule.table, 0) + count
            if count < BATCH:
                break
    return gone


def _cutoffs(at: dt.datetime) -> Iterator[tuple[Keeping, dt.datetime, str]]:
    for rule in rules(on=timezone.localdate(at)).values():
        if rule.do not in ("delete", "erase"):
            continue
        if not rule.by_purpose:
            yield rule, at - dt.timedelta(days=rule.days), ""
            continue
        for code, years in years_of_purposes().items():
            yield rule, at - dt.timedelta(days=round(365.25 * years)), code


def _where(rule: Keeping, cutoff: dt.datetime, purpose: str) -> tuple[str, dict[str, Any]]:
    parts = [f't."{rule.column}" < %(cutoff)s']
    if rule.only:
        parts.append(f"({rule.only})")
    if purpose:
        parts.append("t.purpose = %(purpose)s")
    return " AND ".join(parts), {"cutoff": cutoff, "purpose": purpose, "batch": BATCH}


def _delete(rule: Keeping, cutoff: dt.datetime, purpose: str, by: str) -> int:
    where, given = _where(rule, cutoff, purpose)
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute("SET LOCAL timezone = 'UTC'")
        cursor.execute("SELECT uuid_send(gen_random_uuid())")
        salt = bytes(cursor.fetchone()[0])
        cursor.execute(
            f"WITH gone AS (DELETE FROM {rule.table} t WHERE t.ctid = ANY (ARRAY("
            f"SELECT t.ctid FROM {rule.table} t WHERE {where} LIMIT %(batch)s)) RETURNING t::text AS row)"
            " SELECT count(*), sha256(%(salt)s || convert_to("
            "coalesce(string_agg(row, E'\\n' ORDER BY row COLLATE \"C\"), ''), 'UTF8')) FROM gone",
            {**given, "salt": salt},
        )
        count, digest = cursor.fetchone()
        if count:
            _note(cursor, rule, cutoff, by, count, digest=digest, salt=salt)
        return int(count)


def _erase(rule: Keeping, cutoff: dt.datetime, purpose: str, by: str) -> int:
    where, given = _where(rule, cutoff, purpose)
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        con = raw("owner")
        kinds = [k for k in stored(con).values() if k.name.partition(".")[0] == rule.kind]
        cursor.execute(
            f"SELECT {kinds[-1].key_text('t')} FROM {rule.table} t WHERE {where} LIMIT %(batch)s",
            given,
        )
        keys = [row[0] for row in cursor.fetchall()]
        if not keys:
            return 0
        erased = erasing.erase(con, kind=rule.kind, keys=keys, by=by, law=rule.law)
        number = erased.erasure_no if erased else None
        _note(cursor, rule, cutoff, by, len(keys), erasure_no=number)
        return len(keys)


def _note(
    cursor: Any, rule: Keeping, cutoff: dt.datetime, by: str, count: int, *, digest: bytes | None = None,
    salt: bytes | None = None, erasure_no: int | None = None,
) -> None:  # fmt: skip
    cursor.execute(
        "INSERT INTO keeping.purge (by, table_name, law, cutoff, count, digest, erasure_no, salt)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, coalesce(%s, uuid_send(gen_random_uuid())))",
        [by, rule.table, rule.law, cutoff, count, digest, erasure_no, salt],
    )
