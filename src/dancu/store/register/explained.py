"""Why two records of the living register are, or are not, one person: read beside the writer, told by the engine.

What comes out are words, weights and record numbers, no value of a record: whoever may see the pair may see them.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import psycopg
import pyarrow as pa

from dancu.engine.link import around, graph, judge, story
from dancu.engine.link.judge import Judged
from dancu.engine.link.live import Solved
from dancu.store.errors import StoreError
from dancu.store.link_bulk import epoch_in
from dancu.store.link_index import LinkIndex
from dancu.store.postgres import connect
from dancu.store.register import schema

Story = dict[str, Any]
Pair = tuple[int, int]
Answer = TypeVar("Answer")
_MOST = 6
"""Records of one side that are weighed against those of the other."""
_NEAR = 12
_TYPES = {
    "text": pa.string(), "date": pa.date32(), "bigint": pa.int64(), "integer": pa.int32(),
    "smallint": pa.int16(), "text[]": pa.list_(pa.string()),
}  # fmt: skip


class NoRecord(LookupError):
    """A record that is not, or no longer, in the register."""


@dataclass(frozen=True)
class Told:
    """A pair's story (`engine.link.story`) with `others`; what holds its person, or its two persons, together."""

    story: Story
    graphs: tuple[Story, ...]
    one_person: bool


class Reader:
    """Explains pairs; one connection, one question at a time, never in the way of the writer."""

    def __init__(self, dsn: str) -> None:
        """`dsn`: the owner's address; the index is opened with the first question."""
        self._dsn = dsn
        self._lock = threading.Lock()
        self._link: LinkIndex | None = None

    def pair(self, a: int, b: int, *, lang: str = "vi") -> Told:
        """Records `a` and `b`. Raises NoRecord when one is not there."""
        return self._asked(lambda link: _pair(link, min(a, b), max(a, b), lang))

    def nearest(self, left: Sequence[int], right: Sequence[int]) -> tuple[int, int]:
        """The two records of two persons between which the evidence for one person is strongest."""
        return self._asked(lambda link: _nearest(link, left, right))

    def whole(self, a: int, b: int) -> tuple[Pair, ...]:
        """Pairs that hold both persons together when they are said to be one: `a` with all of its own, `b` likewise.

        Without them records of the two sides that contradict each other would fall out of the one person.
        """
        sides = self._asked(lambda link: [_own_side(link, x) for x in (a, b)])
        within = [(x, r) for x, side in zip((a, b), sides, strict=True) for r in side if r != x]
        return tuple((min(p), max(p)) for p in dict.fromkeys([(a, b), *within]))

    def answered(self, pairs: Sequence[tuple[int, int]]) -> dict[tuple[int, int], bool]:
        """What counts now of people's answers about these pairs (smaller record first)."""
        return self._asked(lambda link: _answered(link, pairs))

    def close(self) -> None:
        """Closes the connection."""
        with self._lock:
            self._forget()

    def _asked(self, question: Callable[[LinkIndex], Answer]) -> Answer:
        with self._lock:
            try:
                return question(self._open())
            except (psycopg.OperationalError, psycopg.errors.UndefinedTable, StoreError):
                # The server went away, or the register was linked under another epoch: once more, from anew.
                self._forget()
                return question(self._open())

    def _open(self) -> LinkIndex:
        if self._link is None:
            con = connect(self._dsn, autocommit=True)
            self._link = LinkIndex(con, epoch_in(con))
        return self._link

    def _forget(self) -> None:
        if self._link is not None:
            self._link.close()
            self._link = None


def _pair(link: LinkIndex, a: int, b: int, lang: str) -> Told:
    solved = link.component([a, b])
    label = dict(zip(solved.ids.tolist(), solved.labels.tolist(), strict=True))
    if a not in label or b not in label:
        raise NoRecord(f"{a}, {b}")
    rows = solved.pairs()
    row = next((p for p in rows if (p["record_a"], p["record_b"]) == (a, b)), None)
    one, judged = label[a] == label[b], _weigher(link)
    told = story.pair(
        judged(a, b), link.epoch.settings, row, one_person=one,
        records=_records(link, [a, b]).to_pylist(), lang=lang,
    )  # fmt: skip
    sides = [[r for r in label if label[r] == label[x]] for x in (a, b)]
    told["others"] = []
    if row is not None and not one:
        told["others"] = around.in_the_way(
            row,
            near=lambda: [p for p in rows if {a, b} & {p["record_a"], p["record_b"]}],
            source=lambda some: _sources(link, some),
            sides=lambda: [_closest(side, x) for side, x in zip(sides, (a, b), strict=True)],
            judged=judged,
            lang=lang,
        )
    shown = sides[:1] if one else sides
    others = [p for p in rows if p is not row or one]
    return Told(told, tuple(_graph(side, others, lang) for side in shown), one)


def _closest(side: Sequence[int], own: int) -> list[int]:
    return [own, *(r for r in side if r != own)][:_MOST]


def _graph(members: Sequence[int], rows: Sequence[Mapping[str, Any]], lang: str) -> Story:
    inside = set(members)
    near = [
        p for p in rows if not p["joined"] and len(inside & {p["record_a"], p["record_b"]}) == 1
    ]
    near.sort(key=lambda p: (-p["probability"], p["record_a"], p["record_b"]))
    return story.person(graph.graph(members, rows), near[:_NEAR], lang)


def _nearest(link: LinkIndex, left: Sequence[int], right: Sequence[int]) -> tuple[int, int]:
    kept = _kept_between(link.component([*left, *right]), set(left), set(right))
    if kept:
        return kept
    judged = _weigher(link)
    found = [(judged(a, b).score, a, b) for a in left[:_MOST] for b in right[:_MOST]]
    _, a, b = max(found, key=lambda f: (f[0], -f[1], -f[2]))
    return a, b


def _kept_between(solved: Solved, left: set[int], right: set[int]) -> tuple[int, int] | None:
    between = [
        p
        for p in solved.pairs()
        if (p["record_a"] in left and p["record_b"] in right)
        or (p["record_a"] in right and p["record_b"] in left)
    ]
    if not between:
        return None
    best = max(between, key=lambda p: (p["probability"], p["score"], -p["record_a"]))
    return best["record_a"], best["record_b"]


def _weigher(link: LinkIndex) -> Callable[[int, int], Judged]:
    return lambda a, b: judge(_records(link, [a, b]), link.epoch)


def _own_side(link: LinkIndex, record: int) -> list[int]:
    rows = link.connection.execute(
        "SELECT s.record_id FROM register.standard s JOIN register.standard own USING (person_id)"
        " WHERE own.record_id = %s ORDER BY 1", [record],
    ).fetchall()  # fmt: skip
    return [int(r) for (r,) in rows]


def _records(link: LinkIndex, some: Sequence[int]) -> pa.Table:
    """All that the matcher reads of these records, in the order given."""
    settings = link.epoch.settings
    kinds = schema.standard()
    wanted = [settings.id_column, settings.source_column, *settings.columns()]
    names = [n for n in dict.fromkeys(wanted) if n in kinds]
    listed = ", ".join(names)
    found = link.connection.execute(
        f"SELECT {listed} FROM register.standard WHERE record_id = ANY(%s)"
        " ORDER BY array_position(%s::bigint[], record_id)".encode(),
        [list(some), list(some)],
    ).fetchall()
    columns = list(zip(*found, strict=True)) or [() for _ in names]
    arrays = [pa.array(c, _TYPES[kinds[n]]) for c, n in zip(columns, names, strict=True)]
    return pa.table(arrays, names)


def _sources(link: LinkIndex, some: Iterable[int]) -> dict[int, str]:
    rows = link.connection.execute(
        "SELECT record_id, source FROM register.standard WHERE record_id = ANY(%s)", [list(some)]
    ).fetchall()
    return {int(r): str(s) for r, s in rows}


def _answered(link: LinkIndex, pairs: Sequence[tuple[int, int]]) -> dict[tuple[int, int], bool]:
    a, b = ([p[k] for p in pairs] for k in range(2))
    rows = link.connection.execute(
        "SELECT j.a, j.b, j.same FROM unnest(%s::bigint[], %s::bigint[]) AS n(a, b)"
        " JOIN link.judgement j ON j.a = n.a AND j.b = n.b", [a, b],
    ).fetchall()  # fmt: skip
    return {(int(x), int(y)): bool(same) for x, y, same in rows}
