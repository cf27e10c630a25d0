"""One record at a time: candidates weighed, a component solved, and an index in memory that does both.

Under one frozen epoch the labels after any inserts, edits and deletes, in any order, are those of one batch over
the final records. A label is the smallest record identifier of the person's records. Rows are never changed in
place: an edit is a new row.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from dancu.engine.link import cluster, columns, keys, learn, matcher, model, packed, packer, pairs
from dancu.engine.link.base import Base, Found
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


def likelihood(
    one: bytes,
    others: Sequence[bytes],
    score: npt.NDArray[np.float64],
    epoch: Epoch,
    weights: model.Weights,
) -> npt.NDArray[np.float64]:
    """Probabilities of one packed record with others, what their lists add included, rivals not weighed."""
    left = np.full(len(others), packed.list_of(one), np.uint64)
    right = np.array([packed.list_of(o) for o in others], np.uint64)
    return chance(score + epoch.prior + cluster.lift_between(weights, left, right))


@dataclass(frozen=True)
class Doubt:
    """A kept pair that only a person can settle: `score` in bits, `probability` with rivals weighed.

    `joined`: the machine has joined the two, but not surely. `blocked_by`: what forbids it, as in `pairs`.
    """

    record_a: int
    record_b: int
    score: float
    probability: float
    joined: bool
    blocked_by: str | None


class Solved(NamedTuple):
    """One or several whole components: `ids` ascending, `labels` beside them; the kept pairs as rows of `ids`."""

    ids: Ids
    labels: Ids
    found: pairs.Found
    said: matcher.Verdicts

    def pairs(self) -> list[dict[str, Any]]:
        """The kept pairs as rows of the batch's table `pairs`, without the columns `key`, `keys` and `why`."""
        return list(self._rows(np.arange(len(self.found.a))))

    def doubts(self) -> list[Doubt]:
        """The pairs that are a clerk's."""
        if not self.said.clerk.any():
            return []
        rows = self._rows(np.flatnonzero(self.said.clerk))
        return [Doubt(*(row[k] for k in Doubt.__dataclass_fields__)) for row in rows]

    def _rows(self, which: npt.NDArray[np.int64]) -> Iterator[dict[str, Any]]:
        first, second = self.ids[self.found.a[which]], self.ids[self.found.b[which]]
        columns_ = {
            "record_a": np.minimum(first, second).tolist(),
            "record_b": np.maximum(first, second).tolist(),
            "score": np.round(self.found.score[which], 2).tolist(),
            "probability": np.round(self.said.likely[which], 6).tolist(),
            "joined": self.said.joined[which].tolist(),
            "blocked_by": self.said.blocked_by.take(pa.array(which)).to_pylist(),
            "clerk": self.said.clerk[which].tolist(),
        }
        for row in zip(*columns_.values(), strict=True):
            yield dict(zip(columns_, row, strict=True))


def alone(ids: Ids) -> Solved:
    """Records that nothing connects."""
    none = np.zeros(0, np.float64)
    rows, bools = none.astype(np.int32), none.astype(np.bool_)
    found = pairs.Found(
        rows, rows, none, none.astype(np.uint64), rows.astype(np.int8), rows.astype(np.int8), ()
    )
    return Solved(ids, ids, found, matcher.Verdicts(bools, none, pa.array([], pa.string()), bools))


def solve(
    ids: Ids, rows: tuple[packed.Bytes, npt.NDArray[np.int64]], edges: Edges, epoch: Epoch,
    weights: model.Weights, judgements: pa.Table | None = None,
) -> Ids:  # fmt: skip
    """The label of each record of one or several whole components; `ids` in ascending order."""
    return solved(ids, rows, edges, epoch, weights, judgements).labels


def solved(
    ids: Ids, rows: tuple[packed.Bytes, npt.NDArray[np.int64]], edges: Edges, epoch: Epoch,
    weights: model.Weights, judgements: pa.Table | None = None,
) -> Solved:  # fmt: skip
    """The same, with what became of each kept pair."""
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
    decided = matcher.decided_rows(judgements, ids)
    made = cluster.clusters(
        built, found, contents, ids,
        prior=epoch.prior, threshold=bits(epoch.settings.threshold),
        floor=epoch.settings.cluster_floor, decided=decided,
    )  # fmt: skip
    said = matcher.verdicts(found, made, epoch.settings, len(ids), decided)
    return Solved(ids, ids[made.root], found, said)


class Linked(NamedTuple):
    """A whole table linked: `ids` ascending, `labels` beside them; the others by row."""

    ids: Ids
    labels: Ids
    rows: packed.PackedRows
    built: model.Model
    found: pairs.Found
    doubts: list[Doubt]


def linked(records: pa.Table, epoch: Epoch, judgements: pa.Table | None = None) -> Linked:
    """What an index begins with; labels as of `link(records, settings, epoch=epoch, judgements=judgements)`."""
    settings = epoch.settings
    ids = matcher.record_ids(records, settings)
    order = np.argsort(ids)
    if (order[1:] < order[:-1]).any():
        records, ids = records.take(pa.array(order)), ids[order]
    read = columns.read(records, settings)
    source = columns.text_column(records, settings.source_column, is_name=False)
    contents = learn.contents_of(read, source.of_records())
    built = model.build(read, epoch, matcher.only_of(source, settings))
    hashes, _ = keys.matrix(read, epoch)
    rows = packed.pack_model(built, read, contents, hashes, epoch)
    del read, source
    found = pairs.find(built, hashes, epoch.floor)
    decided = matcher.decided_rows(judgements, ids)
    made = cluster.clusters(
        built, found, contents, ids, prior=epoch.prior, threshold=bits(settings.threshold),
        floor=settings.cluster_floor, decided=decided,
    )  # fmt: skip
    said = matcher.verdicts(found, made, settings, len(ids), decided)
    labels = ids[made.root]
    doubts = Solved(ids, labels, found, said).doubts()
    return Linked(ids, labels, rows, built, found, doubts)


def as_judgements(rows: Sequence[tuple[int, int, bool]]) -> pa.Table:
    """People's answers as the table that `link` takes: record_a, record_b, same."""
    a, b, same = ([r[k] for r in rows] for k in range(3))
    kinds = (pa.int64(), pa.int64(), pa.bool_())
    columns_ = [pa.array(c, kind) for c, kind in zip((a, b, same), kinds, strict=True)]
    return pa.table(columns_, ["record_a", "record_b", "same"])


class Index:
    """All records of a register in memory, for bulk work and for finding one among millions in under a millisecond.

    One change at a time: searches may run beside each other, but not beside a change.
    """

    def __init__(self, epoch: Epoch) -> None:
        self.epoch = epoch
        self.weights = model.weights(epoch)
        self._base: Base | None = None
        self._late: dict[int, packed.Packed] = {}  # records inserted since
        self._late_keys: dict[int, set[int]] = {}
        self._late_labels: dict[int, int] = {}
        self._edges: dict[int, dict[int, tuple[float, int, int]]] = {}  # of late records
        self._judged: dict[int, dict[int, bool]] = {}

    @classmethod
    def of(cls, records: pa.Table, epoch: Epoch, judgements: pa.Table | None = None) -> Index:
        """An index of a whole table; labels as of `link(records, settings, epoch=epoch, judgements=judgements)`."""
        made = cls(epoch)
        if judgements is not None:
            for row in judgements.to_pylist():
                made._tell(row["record_a"], row["record_b"], row["same"])
        whole = linked(records, epoch, judgements)
        if len(whole.ids):
            made._base = Base(whole.built, whole.rows, whole.ids, whole.found, made.weights)
            made._base.labels[:] = whole.labels
        return made

    def _row(self, record_id: int) -> int:
        return self._base.row(record_id) if self._base else -1

    def __contains__(self, record_id: int) -> bool:
        return record_id in self._late or self._row(record_id) >= 0

    def __len__(self) -> int:
        return len(self._late) + (int((~self._base.gone).sum()) if self._base else 0)

    def label(self, record_id: int) -> int:
        """The person of a record; raises KeyError when it is not there."""
        if record_id in self._late:
            return self._late_labels[record_id]
        row = self._row(record_id)
        if row < 0 or self._base is None:
            raise KeyError(record_id)
        return int(self._base.labels[row])

    def labels(self) -> dict[int, int]:
        """Record -> person, for every record."""
        if self._base is None:
            return dict(self._late_labels)
        here = ~self._base.gone
        ids, labels = self._base.ids[here].tolist(), self._base.labels[here].tolist()
        return dict(zip(ids, labels, strict=True)) | self._late_labels

    def _bytes(self, record_id: int) -> bytes:
        late = self._late.get(record_id)
        if late:
            return late.data
        if self._base is None:
            raise KeyError(record_id)
        return self._base.rows.one(self._row(record_id))

    def _weighed(self, one: packed.Packed) -> list[Match]:
        parts = [self._base.find(one, self.epoch.floor)] if self._base else []
        late: set[int] = set().union(*(self._late_keys.get(h, ()) for h in one.keys if h))
        if late:
            parts.append(self._among(one, sorted(late)))
        return [match for part in parts for match in self._matches(one, *part)]

    def _among(self, one: packed.Packed, ids: list[int]) -> Found:
        """`one` against late records."""
        data, at = packed.together([one.data, *(self._late[i].data for i in ids)])
        score, pattern, conflict = weigh(data, at, self.weights, self.epoch.floor)
        kept = score >= self.epoch.floor
        return np.array(ids, np.int64)[kept], score[kept], pattern[kept], conflict[kept]

    def _matches(self, one: packed.Packed, *found: npt.NDArray[Any]) -> Iterator[Match]:
        if len(found[0]):
            ids, score, pattern, conflict = (column.tolist() for column in found)
            others = [self._bytes(i) for i in ids]
            likely = likelihood(one.data, others, found[1], self.epoch, self.weights).tolist()
            yield from map(Match, ids, score, likely, pattern, conflict)

    def find(self, record: Mapping[str, Any]) -> list[Match]:
        """The records that may be the same person as `record`, the likeliest first; nothing is changed."""
        found = self._weighed(packer.pack(record, self.epoch))
        return sorted(found, key=lambda m: (-m.score, m.record_id))

    def insert(self, record_id: int, record: Mapping[str, Any]) -> int:
        """Put in a record (or its new content) and answer its person."""
        if record_id in self:
            self.delete(record_id)
        one = packer.pack(record, self.epoch)
        for match in self._weighed(one):
            told = (match.score, match.pattern, match.conflict)
            self._edges.setdefault(record_id, {})[match.record_id] = told
            self._edges.setdefault(match.record_id, {})[record_id] = told
        self._late[record_id] = one
        for value in one.keys:
            if value:
                self._late_keys.setdefault(value, set()).add(record_id)
        self._solve([record_id])
        return self._late_labels[record_id]

    update = insert

    def delete(self, record_id: int) -> None:
        """Take a record out; raises KeyError when it is not there. What people said of it stays, should it return."""
        beside = self._neighbours(record_id)
        late = self._late.pop(record_id, None)
        if late is not None:
            del self._late_labels[record_id]
            for value in filter(None, late.keys):
                self._late_keys[value].discard(record_id)
                if not self._late_keys[value]:
                    del self._late_keys[value]
        elif self._base is not None:
            self._base.gone[self._row(record_id)] = True
        for other in self._edges.pop(record_id, {}):
            del self._edges[other][record_id]
        self._solve(list(beside))

    def judge(self, a: int, b: int, same: bool | None) -> None:
        """What a person decided of two records counts from now on; None takes it back.

        The records need not be there yet; the last answer about a pair is the one that counts.
        """
        self._tell(a, b, same)
        self._solve([i for i in (a, b) if i in self])

    def _tell(self, a: int, b: int, same: bool | None) -> None:
        for one, other in ((a, b), (b, a)):
            told = self._judged.setdefault(one, {})
            told.pop(other, None)
            if same is not None:
                told[other] = bool(same)

    def judgements(self) -> pa.Table:
        """What people decided: record_a < record_b, same."""
        return as_judgements(
            [(a, b, same) for a, told in self._judged.items() for b, same in told.items() if a < b]
        )

    def _neighbours(self, record_id: int) -> dict[int, tuple[float, int, int] | None]:
        """The kept pairs of a record and, as None, whom people hold for the same person; raises KeyError."""
        row = self._row(record_id)
        if row < 0 and record_id not in self._late:
            raise KeyError(record_id)
        judged = self._judged.get(record_id, {})
        out: dict[int, tuple[float, int, int] | None] = {
            b: None for b, same in judged.items() if same and b in self
        }
        if record_id not in self._late and self._base is not None:
            out.update((b, told) for b, *told in self._base.neighbours(row))  # type: ignore[misc]
        out.update(self._edges.get(record_id, {}))
        return out

    def _solve(self, start: list[int]) -> None:
        """Every whole component that holds one of these gets its labels anew."""
        seen: dict[int, dict[int, tuple[float, int, int] | None]] = {}
        waiting = list(start)
        while waiting:
            one = waiting.pop()
            if one not in seen:
                seen[one] = self._neighbours(one)
                waiting.extend(b for b in seen[one] if b not in seen)
        if not any(seen.values()):
            self._label(list(seen), list(seen))
            return
        members = sorted(seen)
        edges = Edges.of(
            [(a, b, *told) for a in members for b, told in seen[a].items() if a < b and told]
        )
        judged = [
            (a, b, same)
            for a in members
            for b, same in self._judged.get(a, {}).items()
            if a < b and b in seen
        ]
        ids = np.array(members, np.int64)
        rows = packed.together([self._bytes(i) for i in members])
        labels = solve(ids, rows, edges, self.epoch, self.weights, as_judgements(judged))
        self._label(members, labels.tolist())

    def _label(self, members: list[int], labels: list[int]) -> None:
        for one, label in zip(members, labels, strict=True):
            if one in self._late:
                self._late_labels[one] = label
            elif self._base is not None:
                self._base.labels[self._row(one)] = label
