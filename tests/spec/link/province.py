"""The province of the truth tables: names as frequent as they are in Viet Nam, whatever the few rows hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa

from dancu.engine.link import LinkResult, LinkSettings, link, preset
from dancu.engine.link.columns import hash_of
from dancu.engine.link.epoch import Epoch, Shares
from dancu.engine.link.learn import PSEUDO
from dancu.engine.link.model import BLEND
from dancu.lib.text import fold
from dancu.reference import names

PEOPLE = 1_000_000
SETTINGS = replace(
    preset("vietnamese_person"),
    one_per_source=("population", "social_insurance", "tax"),
    learn=False,
)
PLAIN = {"": "same", "folded": "no_marks", "surname": "same", "given": "given_only"}
"""Features of a name whose shares an epoch keeps, and the level whose u stands for names that are not known."""

_NUMBERS = ("record_id", "birth_year", "birth_month", "birth_day")


def table(records: Sequence[dict[str, Any]], settings: LinkSettings = SETTINGS) -> pa.Table:
    """The rows of a truth table as records 1, 2, 3 …; `b` is [year, month, day], as much as is known."""
    rows = []
    for number, given in enumerate(records, 1):
        parts = dict(zip(("birth_year", "birth_month", "birth_day"), given["b"], strict=False))
        rows.append({"record_id": number, **{k: v for k, v in given.items() if k != "b"}, **parts})
    columns = ("record_id", "source", *settings.columns())
    schema = [(c, pa.int64() if c in _NUMBERS else pa.string()) for c in columns]
    return pa.Table.from_pylist(rows, schema=pa.schema(schema))


def linked(records: Sequence[dict[str, Any]]) -> LinkResult:
    """These records, weighed as among a million people."""
    given = table(records)
    epoch = link(given, SETTINGS).epoch
    assert epoch is not None
    return link(given, SETTINGS, epoch=_in_province(epoch, records))


def _in_province(epoch: Epoch, records: Sequence[dict[str, Any]]) -> Epoch:
    shares = dict(epoch.shares)
    for column in ("full_name", "father_name", "mother_name"):
        known = sorted({r[column].lower() for r in records if r.get(column)})
        least = next(c for c in epoch.settings.comparisons if c.name == column).u
        for feature, level in PLAIN.items():
            log = {
                hash_of(n, feature, is_name=True): _log(share(n, feature), least[level])
                for n in known
            }
            shares[column, feature] = _shares(log, _log(0.0, least[level]))
        # Counted among a million, nothing is left to be thought of a name.
        del shares[column, BLEND]
    return replace(epoch, shares=shares)


def _log(share: float, least: float) -> float:
    """log2 of a share, as `learn` counts it among so many people."""
    return float(np.log2((max(share * PEOPLE, 1) + PSEUDO * least) / (PEOPLE + PSEUDO)))


def _shares(log: dict[int, float], rest: float) -> Shares:
    order = sorted(log)
    return Shares(np.array(order, np.uint64), np.array([log[h] for h in order], np.float32), rest)


def share(name: str, feature: str = "") -> float:
    """How many of all people bear a name, or what `feature` says of it (folded, surname, given: marks aside).

    Surname, middle and given name are drawn one by one, for each sex.
    """
    first, *middle, last = name.split(" ") if " " in name else (name, name)
    parts = [first, " ".join(middle), last]
    asked = {"surname": [0], "given": [2]}.get(feature, [0, 1, 2])
    tables = _tables(folded=bool(feature))
    found = 0.0
    for sex in (0, 1):
        each = [
            tables[k].get(fold(parts[k]) if feature else parts[k], (0.0, 0.0))[sex] for k in asked
        ]
        found += 0.5 * float(np.prod(each))
    return found


@cache
def _tables(*, folded: bool) -> tuple[dict[str, tuple[float, float]], ...]:
    found = []
    for rows in (names.surnames(), names.middle_names(), names.given_names()):
        men, women = sum(r.male for r in rows), sum(r.female for r in rows)
        table: dict[str, tuple[float, float]] = {}
        for r in rows:
            part = fold(r.text) if folded else r.text.lower()
            one, other = table.get(part, (0.0, 0.0))
            table[part] = (one + r.male / men, other + r.female / women)
        found.append(table)
    return tuple(found)
