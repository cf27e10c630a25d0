"""Why the records of a person are one person: the matcher asked again for the strongest links between them.

The words and weights are those of `dancu explain` (engine.link); the epoch, which holds frequencies and nothing of
anybody, is read once a process as the owner.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import combinations
from typing import Any

import pyarrow as pa
from django.db import connections
from django.utils.translation import get_language

from dancu.engine.link import Epoch, judge, story
from dancu.platform.register.door import Citizen
from dancu.platform.register.parts import Row, ask
from dancu.store.link_bulk import epoch_in
from dancu.store.register import schema

MOST = 8
"""Records whose links are told; a person with more is told by those of the newest lists."""
_ARROW = {
    "text": pa.string(), "date": pa.date32(), "bigint": pa.int64(), "integer": pa.int32(), "smallint": pa.int16(),
}  # fmt: skip


def links(of: Citizen) -> list[dict[str, Any]]:
    """The pairs that hold the person together, each with its story: as few as join all records, the strongest."""
    epoch = _epoch()
    if epoch is None:
        return []
    read = epoch.settings
    names = list(dict.fromkeys((read.id_column, read.source_column, *read.columns())))
    rows = ask(
        f"SELECT {', '.join(names)} FROM register.standard WHERE person_id = %s"
        f" ORDER BY list_date DESC NULLS LAST, record_id LIMIT {MOST}",
        of.person_id,
    )
    told = [_told(a, b, names, epoch) for a, b in combinations(rows, 2)]
    return _spanning(told, [row[read.id_column] for row in rows])


def _told(a: Row, b: Row, names: list[str], epoch: Epoch) -> dict[str, Any]:
    kinds = schema.standard()
    table = pa.table({n: pa.array([a[n], b[n]], _ARROW[kinds[n]]) for n in names})
    judged = judge(table, epoch)
    kept = {"probability": judged.probability, "blocked_by": None}
    lang = "en" if get_language() == "en" else "vi"
    made = story.pair(judged, epoch.settings, kept, one_person=True, records=[a, b], lang=lang)
    return made | {"a": a[epoch.settings.id_column], "b": b[epoch.settings.id_column]}


def _spanning(told: list[dict[str, Any]], records: list[int]) -> list[dict[str, Any]]:
    """The strongest pairs that join all records without a circle."""
    home = {record: record for record in records}
    kept = []
    for pair in sorted(told, key=lambda p: (-p["probability"], p["a"], p["b"])):
        one, other = home[pair["a"]], home[pair["b"]]
        if one != other:
            home = {r: one if h == other else h for r, h in home.items()}
            kept.append(pair)
    return kept


def _epoch() -> Epoch | None:
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT to_regclass('link.state') IS NOT NULL")
        if not cursor.fetchone()[0]:
            return None
        cursor.execute("SELECT epoch FROM link.state")
        found = cursor.fetchone()
    return _read(found[0]) if found else None


@lru_cache(maxsize=2)
def _read(name: str) -> Epoch:
    del name
    own: Any = connections["owner"]
    own.ensure_connection()
    return epoch_in(own.connection)
