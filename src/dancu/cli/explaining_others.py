"""Which other records keep a pair apart: a better partner, or a contradiction between the two sides."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import pyarrow as pa

from dancu.engine.link import Epoch, around, judge
from dancu.engine.link.settings import LinkSettings
from dancu.engine.ports import Store

Answer = dict[str, Any]
_MOST = 12
"""Records of one person that are looked at."""


def rows(store: Store, query: str) -> list[Answer]:
    """The rows of a query as dicts."""
    return list(store.fetch(query).to_pylist())


def pairs_of(store: Store, members: Sequence[int]) -> list[Answer]:
    """The kept pairs with at least one of these records, the strongest first."""
    some = ", ".join(map(str, members))
    return rows(
        store,
        f"SELECT * FROM pairs WHERE record_a IN ({some}) OR record_b IN ({some}) "
        "ORDER BY score DESC, record_a, record_b",
    )


def records_with(store: Store, settings: LinkSettings, members: Sequence[int]) -> pa.Table:
    """These records with all that the matcher reads of them, by their numbers."""
    columns = [settings.id_column, settings.source_column, *settings.columns()]
    names, some = ", ".join(dict.fromkeys(columns)), ", ".join(map(str, members))
    return store.fetch(
        f"SELECT {names} FROM standard WHERE record_id IN ({some}) ORDER BY record_id"
    )


def in_the_way(store: Store, epoch: Epoch, row: Answer, lang: str) -> list[str]:
    """Sentences about the records that keep the pair of this row of `pairs` apart."""
    two = (row["record_a"], row["record_b"])
    return around.in_the_way(
        row,
        near=lambda: pairs_of(store, two),
        source=lambda some: _sources(store, some),
        sides=lambda: [_side(store, record) for record in two],
        judged=lambda x, y: judge(
            pa.concat_tables([records_with(store, epoch.settings, (r,)) for r in (x, y)]), epoch
        ),
        lang=lang,
    )


def _sources(store: Store, some: Iterable[int]) -> dict[int, str]:
    listed = ", ".join(map(str, some))
    known = rows(store, f"SELECT record_id, source FROM standard WHERE record_id IN ({listed})")
    return {r["record_id"]: r["source"] for r in known}


def _side(store: Store, record: int) -> list[int]:
    query = f"""SELECT l.record_id FROM links l JOIN links own ON own.person_id = l.person_id
                WHERE own.record_id = {record} ORDER BY l.record_id LIMIT {_MOST}"""
    return [r["record_id"] for r in rows(store, query)] or [record]
