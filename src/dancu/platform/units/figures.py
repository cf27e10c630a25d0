"""Scores for pages: of now, of a closed day, and of a closed day in the units of today; each asked for once.

What is kept in memory is counts and ratios of units, nothing about a person.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Literal

import pyarrow as pa
from django.db import connection
from django.utils.translation import gettext as _

from dancu.engine.ports import Context
from dancu.engine.report.words import percent
from dancu.reference import thresholds, units
from dancu.store.register import scoring
from dancu.store.register.scoring import Frozen

CRITERIA = ("*", "correct", "complete", "clean", "living", "consistent")
View = Literal["khi-do", "hien-nay", "quy-doi"]
VIEWS: tuple[View, ...] = ("khi-do", "hien-nay", "quy-doi")


@dataclass(frozen=True)
class Scored:
    """One score with what it was made of."""

    passed: int
    evaluated: int
    score: float
    colour: str

    @property
    def text(self) -> str:
        """The points with two places; never rounded up to 100 or down to 0 when it is not."""
        return percent(self.score).rstrip("%")

    @property
    def failed(self) -> int:
        """Checks not passed."""
        return self.evaluated - self.passed

    @property
    def state(self) -> str:
        """The house's word for the colour: good, fair, bad."""
        return {"green": "good", "yellow": "fair"}.get(self.colour, "bad")


@dataclass(frozen=True)
class Figures:
    """The scores of a day in the units of an era. `by`: scope and code -> criterion ('*': all) -> score."""

    on: dt.date
    units_on: dt.date
    by: Mapping[tuple[str, str], Mapping[str, Scored]]
    rules: Mapping[tuple[str, str], Mapping[str, tuple[int, int]]] = field(repr=False)
    unknown: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def of(self, code: str) -> Mapping[str, Scored]:
        """Criterion -> score of a unit; empty where nothing was evaluated."""
        return self.by.get((_scope(code), code), {})

    def rules_of(self, code: str) -> Mapping[str, tuple[int, int]]:
        """Rule -> evaluated and failed."""
        return self.rules.get((_scope(code), code), {})


def _scope(code: str) -> str:
    return {2: "province", 3: "district", 5: "commune"}.get(len(code), "register")


def raw() -> Any:
    """The page's own connection of psycopg, inside the request's transaction and under its role."""
    connection.ensure_connection()
    return connection.connection


def register_day() -> dt.date | None:
    """The day that the register is of; None while it is empty."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT on_day FROM register.state")
        row = cursor.fetchone()
    return row[0] if row else None


def frozen_days() -> list[Frozen]:
    """The closed days, oldest first."""
    return scoring.frozen_days(raw())


def now() -> Figures:
    """The scores of this moment."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_database(), on_day, loaded_at, (SELECT coalesce(max(delta_no), 0)"
            " FROM register.score_delta) FROM register.state"
        )
        key = cursor.fetchone()
    return _now(*key)


@lru_cache(maxsize=4)
def _now(database: str, on: dt.date, loaded: dt.datetime, delta: int) -> Figures:
    del database, loaded, delta
    return _figures(scoring.scores_now(raw(), Context(on)), on, on)


def on(day: dt.date) -> Figures:
    """The scores of a closed day in the units of that day."""
    return _on(_database(), day)


@lru_cache(maxsize=64)
def _on(database: str, day: dt.date) -> Figures:
    del database
    return _figures(scoring.scores_on(raw(), day), day, day)


def restated(day: dt.date, to: dt.date) -> Figures:
    """The scores of a closed day in the units of another day."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), max(applied_at) FROM register.unit_change WHERE state = 'applied'"
        )
        applied = cursor.fetchone()
    return _restated(_database(), day, to, applied)


@lru_cache(maxsize=64)
def _restated(database: str, day: dt.date, to: dt.date, applied: tuple[Any, ...]) -> Figures:
    del database, applied
    found = scoring.restated(raw(), day, to=to)
    return _figures(found.scores, day, to, found.unknown)


def _database() -> str:
    return str(connection.settings_dict["NAME"]) + str(connection.settings_dict["PORT"])


def _figures(
    table: pa.Table,
    on: dt.date,
    units_on: dt.date,
    unknown: Mapping[str, tuple[str, ...]] | None = None,
) -> Figures:
    by: dict[tuple[str, str], dict[str, Scored]] = {}
    rules: dict[tuple[str, str], dict[str, tuple[int, int]]] = {}
    for row in table.to_pylist():
        key = (row["scope"], row["scope_code"])
        if row["rule_id"] != "*":
            rules.setdefault(key, {})[row["rule_id"]] = (
                row["evaluated"],
                row["evaluated"] - row["passed"],
            )
        elif row["field"] == "*":
            by.setdefault(key, {})[row["criterion"]] = Scored(
                row["passed"], row["evaluated"], row["score"], row["colour"]
            )
    return Figures(on, units_on, by, rules, unknown or {})


def view_of(day: dt.date | None, view: View, today: dt.date) -> Figures:
    """The figures that a page asks for: a closed day (None: now) as then, as now, or restated to now."""
    if day is None or day == today or view == "hien-nay":
        return now()
    return restated(day, today) if view == "quy-doi" else on(day)


@dataclass(frozen=True)
class Gap:
    """What a commune lacks: its next target (None: reached), and the fewest persons to put right."""

    target: float | None
    records: int | None
    identifiers: int


def gaps(communes: tuple[str, ...]) -> dict[str, Gap]:
    """The gaps of communes as of now."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_database(), on_day, loaded_at, (SELECT coalesce(max(delta_no), 0)"
            " FROM register.score_delta) FROM register.state"
        )
        key = cursor.fetchone()
    return _gaps(communes, *key)


@lru_cache(maxsize=16)
def _gaps(
    communes: tuple[str, ...], database: str, on: dt.date, loaded: dt.datetime, delta: int
) -> dict[str, Gap]:
    del database, loaded, delta
    table = scoring.gaps_now(raw(), Context(on), communes)
    return {
        r["scope_code"]: Gap(r["target"], r["records_to_fix"], r["identifier_records"])
        for r in table.to_pylist()
    }


def target_of(score: float, day: dt.date) -> float | None:
    """The next mark above a score on the day; None where the highest is reached."""
    marks = thresholds.on(day)
    if score >= marks.green:
        return None
    return marks.green if score >= marks.yellow else marks.yellow


def era_name(day: dt.date) -> str:
    """The era of units, as headers say it."""
    return _("danh mục từ %(day)s") % {"day": f"{scoring.era_of(day):%d/%m/%Y}"}


def provinces(figures: Figures) -> list[units.Unit]:
    """Provinces with somebody in them, the one with most checks first; those of strays come last."""
    tree = units.on(figures.units_on)
    found = [(scores["*"].evaluated, code) for (scope, code), scores in figures.by.items()
             if scope == "province" and "*" in scores]  # fmt: skip
    return [tree.get(code) for _, code in sorted(found, reverse=True) if tree.find(code)]


def home_province(figures: Figures) -> units.Unit | None:
    """The province that the register is of: the one with most checks."""
    found = provinces(figures)
    return found[0] if found else None
