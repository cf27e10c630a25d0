"""The records behind a figure as commitments: counted and hashed in the database, per code and state of the units.

A leaf is the salted hash of one record as it counts. Each salt is its own, made of the snapshot's seed, so that one
record can be shown to be in the set and nothing is said of the others.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from typing import Any

from django.db import connections

from dancu.engine.report import cells as rolling
from dancu.engine.report.indicators import Asked, Indicator, where
from dancu.lib import merkle

HASH, SHORT = 32, 8
_TEXT = "concat_ws('|', subject, coalesce(unit_code, '?'), since, hit, coalesce(amount::text, ''))"


@dataclass(frozen=True)
class Question:
    """One indicator over one period, as known at one moment."""

    indicator: Indicator
    asked: Asked

    @property
    def name(self) -> str:
        """Names it within a snapshot."""
        return (
            f"{self.indicator.code}/{self.indicator.version}/{self.asked.first}/{self.asked.last}"
        )

    @property
    def changes(self) -> list[dt.date]:
        """Days between which a code means one unit."""
        return list(rolling.changes(self.indicator, self.asked.first, self.asked.last))

    @property
    def meaning(self) -> tuple[dt.date, ...]:
        """The first day of each state."""
        return rolling.meaning_of(self.indicator, self.asked.first, self.asked.last)


@dataclass(frozen=True)
class Cell:
    """The records of a code in a state: sums, and the leaf of each record one after another."""

    unit_code: str
    state: int
    numerator: Decimal
    denominator: Decimal
    leaves: bytes

    @property
    def root(self) -> bytes:
        """Over all leaves."""
        return merkle.root_of(split(self.leaves, HASH))

    @property
    def short(self) -> bytes:
        """The first bytes of each leaf."""
        return b"".join(leaf[:SHORT] for leaf in split(self.leaves, HASH))


def split(data: bytes, size: int) -> list[bytes]:
    """Cut into parts of one size."""
    return [data[at : at + size] for at in range(0, len(data), size)]


def count(question: Question, seed: bytes, *, using: str = "owner") -> list[Cell]:
    """All cells of a question. As the owner: records of every unit are read, hashes come out."""
    facts, given = _leaves(question, seed)
    weight = f"({question.indicator.weight})" if question.indicator.weight else "1"
    summed = "amount" if question.indicator.measure in ("sum", "mean") else weight
    rows = _rows(
        using,
        f"SELECT coalesce(unit_code, '?'), state, coalesce(sum({summed}) FILTER (WHERE hit), 0)::numeric,"
        f" sum({weight})::numeric, string_agg(leaf, ''::bytea ORDER BY since, subject, leaf)"
        f" FROM ({facts}) AS leaf GROUP BY 1, 2 ORDER BY 1, 2",
        given,
    )
    return [
        Cell(code, state, top, bottom, bytes(leaves)) for code, state, top, bottom, leaves in rows
    ]


@dataclass(frozen=True)
class Record:
    """One record with its place among the leaves of its cell."""

    subject: str
    text: str
    leaf: bytes


def records(
    question: Question, seed: bytes, *, unit_code: str, state: int, using: str = "owner"
) -> list[Record]:
    """The records of one cell in the order of its leaves."""
    facts, given = _leaves(question, seed)
    rows = _rows(
        using,
        f"SELECT subject, {_TEXT}, leaf FROM ({facts}) AS leaf WHERE coalesce(unit_code, '?') = %s AND state = %s"
        " ORDER BY since, subject, leaf",
        [*given, unit_code, state],
    )
    return [Record(subject, text, bytes(leaf)) for subject, text, leaf in rows]


def salt(question: Question, seed: bytes, subject: str, since: str) -> bytes:
    """The salt of one record; from it no other's can be found."""
    return sha256(seed + f"{question.name}|{subject}|{since}".encode()).digest()


def _leaves(question: Question, seed: bytes) -> tuple[str, list[Any]]:
    """A query of the facts with state and leaf, and its values."""
    indicator = question.indicator
    condition, given = where(indicator, question.asked)
    facts = indicator.facts.replace("%", "%%")
    own = "sha256(%s::bytea || convert_to(concat_ws('|', %s::text, subject, since), 'UTF8'))"
    leaf = f"sha256('\\x00'::bytea || {own} || convert_to({_TEXT}, 'UTF8'))"
    state = rolling.state(indicator, days="%s", known="%s")
    sql = (
        f"SELECT fact.*, {state} AS state, {leaf} AS leaf FROM ({facts}) AS fact WHERE {condition}"
    )
    own_state = rolling.state_given(indicator, question.changes, question.asked.known)
    return sql, [*own_state, seed, question.name, *given]


def _rows(using: str, sql: str, given: list[Any]) -> list[Any]:
    with connections[using].cursor() as cursor:
        # A day and a number read the same in every session.
        cursor.execute("SET LOCAL datestyle = 'ISO, YMD'")
        cursor.execute(sql, given)
        return cursor.fetchall()
