"""One record at a time: candidates weighed, a component solved, and an index in memory that does both.

Under one frozen epoch the labels after any inserts, edits and deletes, in any order, are those of one batch over
the final records. A label is the smallest record identifier of the person's records. Rows are never changed in
place: an edit is a new row.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from dancu.engine.link import cluster, columns, keys, learn, matcher, model, packed, pairs
from dancu.engine.link.epoch import Epoch, bits, chance
from dancu.engine.link.evidence import conflict_of, score_from
from dancu.engine.link.jit import bare

Ids = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Match:
    """A record that may be the same person: `score` in bits, `probability` before rivals, `conflict` 0 for none."""

    record_id: int
    score: float
    probability: float
    pattern: int
    conflict: int


@dataclass(frozen=True)
class Edges:
    """Kept pairs between records, by identifier: `a` < `b`, `score` in bits, `pattern` of levels, `conflict`."""

    a: Ids
    b: Ids
    score: npt.NDArray[np.float64]
    pattern: npt.NDArray[np.uint64]
    conflict: npt.NDArray[np.int8]

    @classmethod
    def of(cls, rows: Sequence[tuple[int, int, float, int, int]]) -> Edges:
        """Edges from plain rows (a, b, score, pattern, conflict), in any order of a and b."""
        a, b, score, pattern, conflict = (
            (list(c) for c in zip(*rows, strict=True)) if rows else [[]] * 5
        )
        first, second = np.array(a, np.int64), np.array(b, np.int64)
        return cls(
            np.minimum(first, second),
            np.maximum(first, second),
            np.array(score, np.float64),
            np.array(pattern, np.uint64),
            np.array(conflict, np.int8),
        )


@bare
def _weigh_first(model, floor, sums, score, pattern, conflict):  # type: ignore[no-untyped-def]
    for y in range(1, model.codes.shape[0]):
        score[y - 1], pattern[y - 1] = score_from(model, model.codes, 0, y, sums, floor)
        conflict[y - 1] = conflict_of(model, 0, y, pattern[y - 1])


def weigh(
    data: packed.Bytes, at: npt.NDArray[np.int64], weights: model.Weights, floor: float
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.uint64], npt.NDArray[np.int8]]:
    """(score, pattern, conflict) of the first packed record against each of the others; -1e9 below `floor`."""
    built, _ = packed.unpack(data, at, weights)
    size = len(at) - 2
    score, pattern = np.empty(size), np.empty(size, np.uint64)
    conflict = np.empty(size, np.int8)
    _weigh_first(built, floor, np.zeros(weights.cap.size), score, pattern, conflict)
    return score, pattern, conflict


def solve(
    ids: Ids, rows: tuple[packed.Bytes, npt.NDArray[np.int64]], edges: Edges, epoch: Epoch,
    weights: model.Weights, judgements: pa.Table | None = None,
) -> Ids:  # fmt: skip
    """The label of each record of one or several whole components; `ids` in ascending order."""
    built, contents = packed.unpack(*rows, weights)
    a, b = np.searchsorted(ids, edges.a), np.searchsorted(ids, edges.b)
    order = np.lexsort((b, a))
    found = pairs.Found(
        a[order].astype(np.int32),
        b[order].astype(np.int32),
        edges.score[order],
        edges.pattern[order],
        np.zeros(len(order), np.int8),
        edges.conflict[order],
        (),
    )
    made = cluster.clusters(
        built, found, contents, ids,
        prior=epoch.prior, threshold=bits(epoch.settings.threshold),
        floor=epoch.settings.cluster_floor, decided=matcher.decided_rows(judgements, ids),
    )  # fmt: skip
    return ids[made.root]


class Index:
    """All records of a register in memory, for bulk work and for finding one among millions in under a millisecond."""

    def __init__(self, epoch: Epoch) -> None:
        self.epoch = epoch
        self.weights = model.weights(epoch)
        self._base = packed.PackedRows(
            np.zeros(0, np.uint8),
            np.zeros(1, np.int64),
            np.zeros((0, len(epoch.settings.keys)), np.uint64),
        )
        self._base_ids: Ids = np.zeros(0, np.int64)
        self._sorted_keys = np.zeros(0, np.uint64)
        self._sorted_ids: Ids = np.zeros(0, np.int64)
        self._late: dict[int, packed.Packed] = {}  # records inserted since
        self._late_keys: dict[int, set[int]] = {}
        self._gone: set[int] = set()  # records of the base that were deleted or edited
        self._edges: dict[int, dict[int, tuple[float, int, int]]] = {}
        self._labels: dict[int, int] = {}

    @classmethod
    def of(cls, records: pa.Table, epoch: Epoch) -> Index:
        """An index of a whole table, its labels those of `link(records, settings, epoch=epoch)`."""
        made = cls(epoch)
        settings = epoch.settings
        ids = matcher.record_ids(records, settings)
        if not len(ids):
            return made
        order = np.argsort(ids)
        records, ids = records.take(pa.array(order)), ids[order]
        read = columns.read(records, settings)
        source = columns.text_column(records, settings.source_column, is_name=False)
        contents = learn.contents_of(read, source.of_records())
        built = model.build(read, epoch, matcher.only_of(source, settings))
        hashes, _ = keys.matrix(read, epoch)
        found = pairs.find(built, hashes, epoch.floor)
        clustered = cluster.clusters(
            built, found, contents, ids,
            prior=epoch.prior, threshold=bits(settings.threshold), floor=settings.cluster_floor,
        )  # fmt: skip
        made._base = packed.pack_model(built, read, contents, hashes, epoch)
        made._base_ids = ids
        made._remember(found, ids)
        made._post(hashes, ids)
        made._label(ids, ids[clustered.root])
        return made

    def _post(self, hashes: npt.NDArray[np.uint64], ids: Ids) -> None:
        rows, places = np.nonzero(hashes)
        values = hashes[rows, places]
        order = np.argsort(values, kind="stable")
        self._sorted_keys, self._sorted_ids = values[order], ids[rows[order]]

    def _remember(self, found: pairs.Found, ids: Ids) -> None:
        rows = zip(
            ids[found.a].tolist(), ids[found.b].tolist(), found.score.tolist(),
            found.pattern.tolist(), found.conflict.tolist(), strict=True,
        )  # fmt: skip
        for a, b, *told in rows:
            self._connect(a, b, (told[0], told[1], told[2]))

    def _connect(self, a: int, b: int, told: tuple[float, int, int]) -> None:
        self._edges.setdefault(a, {})[b] = told
        self._edges.setdefault(b, {})[a] = told

    def _label(self, ids: Ids, labels: Ids) -> None:
        # Only those who are not alone: three quarters of a province need no entry.
        for one, label in zip(ids.tolist(), labels.tolist(), strict=True):
            if one == label:
                self._labels.pop(one, None)
            else:
                self._labels[one] = label

    def __contains__(self, record_id: int) -> bool:
        return record_id in self._late or (
            self._row(record_id) >= 0 and record_id not in self._gone
        )

    def label(self, record_id: int) -> int:
        """The person of a record; raises KeyError when it is not there."""
        if record_id not in self:
            raise KeyError(record_id)
        return self._labels.get(record_id, record_id)

    def labels(self) -> dict[int, int]:
        """Record -> person, for every record."""
        here = [i for i in self._base_ids.tolist() if i not in self._gone]
        return {i: self._labels.get(i, i) for i in (*here, *self._late)}

    def _row(self, record_id: int) -> int:
        at = int(np.searchsorted(self._base_ids, record_id))
        return at if at < len(self._base_ids) and self._base_ids[at] == record_id else -1

    def _bytes(self, record_id: int) -> bytes:
        late = self._late.get(record_id)
        return late.data if late else self._base.one(self._row(record_id))

    def _candidates(self, hashes: Iterable[int]) -> Ids:
        """Identifiers of the records that share a key, ascending."""
        wanted = np.array([h for h in hashes if h], np.uint64)
        first = np.searchsorted(self._sorted_keys, wanted, "left").tolist()
        last = np.searchsorted(self._sorted_keys, wanted, "right").tolist()
        parts = [self._sorted_ids[f:t] for f, t in zip(first, last, strict=True) if f < t]
        found = np.unique(np.concatenate(parts)) if parts else np.zeros(0, np.int64)
        if self._gone and len(found):
            found = found[[i not in self._gone for i in found.tolist()]]
        late: set[int] = set().union(*(self._late_keys.get(int(h), ()) for h in wanted))
        return np.union1d(found, np.fromiter(late, np.int64, len(late))) if late else found

    def _gathered(self, ids: Ids, first: bytes = b"") -> tuple[packed.Bytes, npt.NDArray[np.int64]]:
        if not self._late:
            rows = np.searchsorted(self._base_ids, ids)
            data, at = packed.gather(self._base, rows)
        else:
            data, at = packed.together([self._bytes(i) for i in ids.tolist()])
        if not first:
            return data, at
        return np.concatenate([np.frombuffer(first, np.uint8), data]), np.r_[0, at + len(first)]

    def _weighed(self, one: packed.Packed) -> list[Match]:
        ids = self._candidates(one.keys)
        if not len(ids):
            return []
        score, pattern, conflict = weigh(
            *self._gathered(ids, one.data), self.weights, self.epoch.floor
        )
        kept = np.flatnonzero(score >= self.epoch.floor)
        likely = chance(score[kept] + self.epoch.prior)
        return [
            Match(int(ids[k]), float(score[k]), float(p), int(pattern[k]), int(conflict[k]))
            for k, p in zip(kept.tolist(), likely.tolist(), strict=True)
        ]

    def find(self, record: Mapping[str, Any]) -> list[Match]:
        """The records that may be the same person as `record`, the likeliest first; nothing is changed."""
        return sorted(self._weighed(packed.pack(record, self.epoch)), key=lambda m: -m.score)

    def insert(self, record_id: int, record: Mapping[str, Any]) -> int:
        """Put in a record (or its new content) and answer its person."""
        if record_id in self:
            self.delete(record_id)
        one = packed.pack(record, self.epoch)
        for match in self._weighed(one):
            self._connect(record_id, match.record_id, (match.score, match.pattern, match.conflict))
        self._late[record_id] = one
        for value in one.keys:
            if value:
                self._late_keys.setdefault(value, set()).add(record_id)
        self._solve(self._reached([record_id]))
        return self.label(record_id)

    update = insert

    def delete(self, record_id: int) -> None:
        """Take a record out; raises KeyError when it is not there."""
        if record_id not in self:
            raise KeyError(record_id)
        late = self._late.pop(record_id, None)
        if late is None:
            self._gone.add(record_id)
        else:
            for value in late.keys:
                self._late_keys.get(value, set()).discard(record_id)
        neighbours = self._edges.pop(record_id, {})
        for other in neighbours:
            self._edges[other].pop(record_id, None)
        self._labels.pop(record_id, None)
        self._solve(self._reached(list(neighbours)))

    def _reached(self, start: list[int]) -> list[int]:
        """Every record of the components of these."""
        seen, waiting = set(start), list(start)
        while waiting:
            for other in self._edges.get(waiting.pop(), ()):
                if other not in seen:
                    seen.add(other)
                    waiting.append(other)
        return sorted(seen)

    def _solve(self, members: list[int]) -> None:
        if not members:
            return
        ids = np.array(members, np.int64)
        rows = [
            (a, b, *told) for a in members for b, told in self._edges.get(a, {}).items() if a < b
        ]
        self._label(ids, solve(ids, self._gathered(ids), Edges.of(rows), self.epoch, self.weights))
