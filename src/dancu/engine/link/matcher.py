"""Records in, persons out: the whole job on Arrow tables."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from dancu.engine.link import cluster, columns, explain, hashing, keys, learn, model, pairs
from dancu.engine.link.epoch import Epoch, bits, chance
from dancu.engine.link.settings import LinkSettings


@dataclass(frozen=True)
class LinkResult:
    """`links`: record_id, person_id. `pairs`: the scored evidence. `report`: what to watch, plain data. `epoch`: the
    model that made them.

    report: epoch, records, persons, largest_cluster, compared (key -> pairs), left (blocks too large), kept, clerical,
    seconds (stage -> wall seconds).
    """

    links: pa.Table
    pairs: pa.Table
    epoch: Epoch | None = None
    report: Mapping[str, Any] = field(default_factory=dict)


def link(
    records: pa.Table,
    settings: LinkSettings,
    *,
    epoch: Epoch | None = None,
    judgements: pa.Table | None = None,
) -> LinkResult:
    """One person for each cluster of records.

    `records` has the id, the source and the columns of the settings; a column may lack. With an `epoch` nothing is
    learnt and its own settings count. `judgements` (record_a, record_b, same: boolean): what people have decided.
    """
    settings = epoch.settings if epoch else settings
    ids = record_ids(records, settings)
    if not len(ids):
        return LinkResult(
            _links(ids, np.zeros(0, np.int64)), _no_pairs(), epoch, {"records": 0, "persons": 0}
        )
    clock = _Clock()
    read = columns.read(records, settings)
    source = columns.text_column(records, settings.source_column, is_name=False)
    only, contents = only_of(source, settings), learn.contents_of(read, source.of_records())
    del records  # freed here where the caller keeps none
    pa.default_memory_pool().release_unused()
    clock("read")
    told = (
        learn.learn(read, settings, only, contents) if epoch is None else _known(read, epoch, only)
    )
    built = told.model
    del read, source
    clock("learn")
    found = pairs.find(built, told.hashes, told.epoch.floor)
    clock("compare")
    decided = decided_rows(judgements, ids)
    made = cluster.clusters(
        built,
        found,
        contents,
        ids,
        prior=told.epoch.prior,
        threshold=bits(settings.threshold),
        floor=settings.cluster_floor,
        decided=decided,
    )
    clock("cluster")
    table = _pairs(ids, built, found, made, told, decided)
    links = _links(ids, _smallest(ids, made.root))
    clock("tell")
    report = _report(made.root, found, told, table) | {"seconds": clock.spent}
    return LinkResult(links, table, told.epoch, report)


def _known(
    read: Mapping[str, columns.Column], epoch: Epoch, only: npt.NDArray[np.uint64]
) -> learn.Learnt:
    hashes, left = keys.matrix(read, epoch)
    return learn.Learnt(epoch, model.build(read, epoch, only), hashes, left)


class _Clock:
    """Seconds between calls, by name."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = {}
        self._at = time.perf_counter()

    def __call__(self, name: str) -> None:
        now = time.perf_counter()
        self.spent[name] = round(now - self._at, 3)
        self._at = now


def decided_rows(judgements: pa.Table | None, ids: npt.NDArray[np.int64]) -> cluster.Decided:
    """People's answers as rows of these records; answers about other records are left aside."""
    if judgements is None or not len(judgements):
        return cluster.Decided.none()
    order = np.argsort(ids)
    given = [judgements.column(c).to_numpy() for c in ("record_a", "record_b")]
    at = [np.minimum(np.searchsorted(ids[order], g), len(ids) - 1) for g in given]
    rows = [order[a] for a in at]
    here = (ids[rows[0]] == given[0]) & (ids[rows[1]] == given[1]) & (rows[0] != rows[1])
    both = np.sort(np.stack([rows[0], rows[1]], axis=1)[here], axis=1).astype(np.int64)
    same = judgements.column("same").to_numpy(zero_copy_only=False).astype(bool)[here]
    return cluster.Decided(both[same], both[~same])


def components(records: pa.Table, joined: pa.Table) -> pa.Table:
    """`links` from record ids and the joined pairs: person_id is the smallest record_id of the cluster."""
    ids = np.sort(records.column("record_id").to_numpy())
    a = np.searchsorted(ids, joined.column("record_a").to_numpy())
    b = np.searchsorted(ids, joined.column("record_b").to_numpy())
    root = cluster.connected(a.astype(np.int32), b.astype(np.int32), len(ids))
    return _links(ids, _smallest(ids, root))


def record_ids(records: pa.Table, settings: LinkSettings) -> npt.NDArray[np.int64]:
    """The identifiers of the records, int64."""
    values = records.column(settings.id_column).cast(pa.int64())
    return np.asarray(values.combine_chunks().to_numpy(zero_copy_only=False))


def only_of(source: columns.Column, settings: LinkSettings) -> npt.NDArray[np.uint64]:
    """Hash of the source where a person has one record in it, else 0."""
    one = {hashing.text(columns.even_text(s)) for s in settings.one_per_source}
    hashes = np.append(source.hashes(), np.uint64(0))
    return np.where(np.isin(hashes, np.array(sorted(one), np.uint64)), hashes, np.uint64(0))[
        source.codes
    ]


def _smallest(ids: npt.NDArray[np.int64], label: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    """The smallest id among the records of the same label, for each record."""
    least = np.full(int(label.max(initial=0)) + 1, np.iinfo(np.int64).max, np.int64)
    np.minimum.at(least, label, ids)
    smallest: npt.NDArray[np.int64] = least[label]
    return smallest


def _links(ids: npt.NDArray[np.int64], persons: npt.NDArray[np.int64]) -> pa.Table:
    return pa.table({"record_id": ids, "person_id": persons})


def _pairs(
    ids: npt.NDArray[np.int64],
    built: model.Model,
    found: pairs.Found,
    made: cluster.Clusters,
    told: learn.Learnt,
    decided: cluster.Decided,
) -> pa.Table:
    settings = told.epoch.settings
    a, b = ids[found.a], ids[found.b]
    names = pa.array([k.name for k in settings.keys], pa.string())
    said = verdicts(found, made, settings, len(ids), decided)
    return pa.table(
        {
            "record_a": np.minimum(a, b),
            "record_b": np.maximum(a, b),
            "key": names.take(pa.array(found.key)),
            "keys": pairs.shared(told.hashes, found.a, found.b).astype(np.int32),
            "score": np.round(found.score, 2),
            "probability": np.round(said.likely, 6),
            "why": explain.why_column(built, settings, found.a, found.b, found.pattern),
            "joined": said.joined,
            "blocked_by": said.blocked_by,
            "clerk": said.clerk,
        }
    )


@dataclass(frozen=True)
class Verdicts:
    """What became of each kept pair: `likely` with rivals weighed, `clerk` where only a person can settle it."""

    joined: npt.NDArray[np.bool_]
    likely: npt.NDArray[np.float64]
    blocked_by: pa.Array
    clerk: npt.NDArray[np.bool_]


def verdicts(
    found: pairs.Found,
    made: cluster.Clusters,
    settings: LinkSettings,
    records: int,
    decided: cluster.Decided,
) -> Verdicts:
    """The same of a whole table and of one component: it depends on the component of each pair alone."""
    joined = made.root[found.a] == made.root[found.b]
    hindered = np.where(joined, 0, made.hindered)
    likely = chance(made.odds)
    blocked_by = _reasons(settings).take(pa.array(_reason_place(hindered, settings)))
    clerk = _for_clerk(found, joined, hindered, likely, settings, records, decided)
    return Verdicts(joined, likely, blocked_by, clerk)


def _for_clerk(
    found: pairs.Found,
    joined: npt.NDArray[np.bool_],
    hindered: npt.NDArray[np.int8],
    likely: npt.NDArray[np.float64],
    settings: LinkSettings,
    records: int,
    decided: cluster.Decided,
) -> npt.NDArray[np.bool_]:
    """Pairs that only a person can settle: unsure ones, and likely ones that a constraint forbids.

    Not those whose records certain pairs or answers join anyway, nor two rows of a list that has each person once
    (that is the list's own repetition), nor what a person has already decided of any two records of the two sides.
    """
    low, high = settings.clerical
    sure = joined & (likely >= high)
    a = np.concatenate([found.a[sure], decided.same[:, 0].astype(np.int32)])
    b = np.concatenate([found.b[sure], decided.same[:, 1].astype(np.int32)])
    together = cluster.connected(a, b, records)
    unsure = (likely >= low) & ((likely < high) | ~joined)
    settled = (hindered == cluster.ONCE) | (hindered == cluster.JUDGED)
    if len(decided.apart):
        settled |= np.isin(
            _sides(together, found.a, found.b),
            _sides(together, decided.apart[:, 0], decided.apart[:, 1]),
        )
    return np.asarray(unsure & ~settled & (together[found.a] != together[found.b]))


def _sides(
    together: npt.NDArray[np.int32], a: npt.NDArray[Any], b: npt.NDArray[Any]
) -> npt.NDArray[np.int64]:
    """Two groups of records as one number, whichever comes first."""
    left, right = together[a].astype(np.int64), together[b].astype(np.int64)
    return np.asarray((np.minimum(left, right) << 32) | np.maximum(left, right))


def _reasons(settings: LinkSettings) -> pa.Array:
    named = [c.name for c in settings.cannot_link]
    late = ["weak_cluster", "judged_apart", "rival"]
    return pa.array([None, "one_per_source", *named, *late], pa.string())


def _reason_place(reasons: npt.NDArray[np.int8], settings: LinkSettings) -> npt.NDArray[np.int8]:
    late = len(settings.cannot_link) + 2
    return np.where(reasons >= cluster.WEAK, reasons - cluster.WEAK + late, reasons).astype(np.int8)


def _no_pairs() -> pa.Table:
    kinds = {"record_a": pa.int64(), "record_b": pa.int64(), "key": pa.string(),
             "keys": pa.int32(), "score": pa.float64(), "probability": pa.float64(),
             "why": pa.string(), "joined": pa.bool_(), "blocked_by": pa.string(), "clerk": pa.bool_()}  # fmt: skip
    return pa.schema(list(kinds.items())).empty_table()


def _report(
    rows: npt.NDArray[np.int32], found: pairs.Found, told: learn.Learnt, table: pa.Table
) -> dict[str, Any]:
    sizes = np.bincount(rows)
    settings = told.epoch.settings
    return {
        "epoch": told.epoch.id,
        "records": len(rows),
        "persons": int((sizes > 0).sum()),
        "largest_cluster": int(sizes.max(initial=0)),
        "compared": dict(zip((k.name for k in settings.keys), found.compared, strict=True)),
        "left": [{"key": x.key, "blocks": x.blocks, "records": x.records} for x in told.left],
        "kept": len(table),
        "clerical": int(pc.sum(table.column("clerk")).as_py() or 0),
    }
