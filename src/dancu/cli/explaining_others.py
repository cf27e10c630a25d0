"""Which other records keep a pair apart: a better partner, or a contradiction between the two sides."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import Any

import pyarrow as pa

from dancu.engine.link import Epoch, Judged, judge, wording
from dancu.engine.link.settings import LinkSettings
from dancu.engine.ports import Store

Answer = dict[str, Any]
_TOLD = 3
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
    if row["blocked_by"] == "rival":
        return _rivals(store, row, lang)
    if row["blocked_by"] in (None, "judged_apart"):
        return []
    return _contradictions(store, epoch, row, lang)


def _rivals(store: Store, row: Answer, lang: str) -> list[str]:
    a, b = row["record_a"], row["record_b"]
    near = pairs_of(store, (a, b))
    some = {r for p in near for r in (p["record_a"], p["record_b"])}
    listed = ", ".join(map(str, sorted(some)))
    known = rows(store, f"SELECT record_id, source FROM standard WHERE record_id IN ({listed})")
    source = {r["record_id"]: r["source"] for r in known}
    found = []
    for p in near:
        x, c = (p["record_a"], p["record_b"])
        x, c = (x, c) if x in (a, b) else (c, x)
        y = b if x == a else a
        if c not in (a, b) and source[c] == source[y] and p["probability"] >= row["probability"]:
            percent = wording.percent(p["probability"], lang)
            said = wording.say(
                "others", "rival", lang, c=str(c), y=str(y), x=str(x), percent=percent
            )
            found.append((-p["probability"], said))
    return [said for _, said in sorted(found)[:_TOLD]]


def _contradictions(store: Store, epoch: Epoch, row: Answer, lang: str) -> list[str]:
    """Records of the two sides, other than the pair itself, that a constraint or their values hold apart."""
    a, b, reason = row["record_a"], row["record_b"], row["blocked_by"]
    sides = [_side(store, record) for record in (a, b)]
    pairs = [(x, y) for x, y in product(*sides) if {x, y} != {a, b}]
    table = {r: records_with(store, epoch.settings, (r,)) for side in sides for r in side}
    judged = [((x, y), judge(pa.concat_tables([table[x], table[y]]), epoch)) for x, y in pairs]
    if reason == "weak_cluster":
        return [_weak(pair, j, lang) for pair, j in sorted(judged, key=lambda p: p[1].score)[:1]]
    said = wording.reason(reason, lang)
    return [
        wording.say("others", "conflict", lang, x=str(x), y=str(y), reason=said)
        for (x, y), j in judged
        if j.conflict == reason
    ][:_TOLD]


def _weak(pair: tuple[int, int], judged: Judged, lang: str) -> str:
    percent = wording.percent(judged.probability, lang)
    return wording.say("others", "weak", lang, x=str(pair[0]), y=str(pair[1]), percent=percent)


def _side(store: Store, record: int) -> list[int]:
    query = f"""SELECT l.record_id FROM links l JOIN links own ON own.person_id = l.person_id
                WHERE own.record_id = {record} ORDER BY l.record_id LIMIT {_MOST}"""
    return [r["record_id"] for r in rows(store, query)] or [record]
