"""Records in, persons out: the whole job on Arrow tables. Issue 3 replaces the core behind `link`, not its shape."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import log2
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from dancu.engine.link import cluster, columns, explain, hashing, keys, model, pairs
from dancu.engine.link.evidence import count_levels
from dancu.engine.link.settings import LinkSettings

_RANDOM_PAIRS = 400_000


@dataclass(frozen=True)
class LinkResult:
    """`links`: record_id, person_id. `pairs`: the scored evidence. `report`: what to watch, plain data.

    report: records, persons, largest_cluster, compared (key -> pairs), left (blocks too large), kept, clerical.
    """

    links: pa.Table
    pairs: pa.Table
    report: Mapping[str, Any] = field(default_factory=dict)


def link(records: pa.Table, settings: LinkSettings) -> LinkResult:
    """One person for each cluster of records.

    `records` has the id, the source and the columns of the settings; a column may lack.
    """
    ids = _ids(records, settings)
    if not len(ids):
        return LinkResult(
            _links(ids, np.zeros(0, np.int64)), _no_pairs(), {"records": 0, "persons": 0}
        )
    read = columns.read(records, settings)
    source = _source(records, settings)
    contents = _contents(read, source)
    hashes, left = keys.matrix(read, settings)
    built = model.build(read, settings, _only(source, settings))
    built = _with_u(built, settings, contents)
    prior = log2(settings.matches_per_record / max(len(ids), settings.population))
    found = pairs.find(built, hashes, _bits(settings.clerical[0]) - prior)
    del hashes
    rows, hindered = cluster.clusters(
        built,
        found,
        contents,
        least=_bits(settings.threshold) - prior,
        floor=settings.cluster_floor,
    )
    table = _pairs(ids, built, found, rows, hindered, prior, settings)
    links = _links(ids, _smallest(ids, rows))
    return LinkResult(links, table, _report(rows, found, left, table, settings))


def components(records: pa.Table, joined: pa.Table) -> pa.Table:
    """`links` from record ids and the joined pairs: person_id is the smallest record_id of the cluster."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    ids = np.sort(records.column("record_id").to_numpy())
    a = np.searchsorted(ids, joined.column("record_a").to_numpy())
    b = np.searchsorted(ids, joined.column("record_b").to_numpy())
    graph = coo_matrix((np.ones(len(a), np.int8), (a, b)), shape=(len(ids), len(ids)))
    _, label = connected_components(graph, directed=False)
    return _links(ids, _smallest(ids, label))


def _ids(records: pa.Table, settings: LinkSettings) -> npt.NDArray[np.int64]:
    values = records.column(settings.id_column).cast(pa.int64())
    return np.asarray(values.combine_chunks().to_numpy(zero_copy_only=False))


def _source(records: pa.Table, settings: LinkSettings) -> columns.Column:
    return columns.text_column(records, settings.source_column, is_name=False)


def _only(source: columns.Column, settings: LinkSettings) -> npt.NDArray[np.int32]:
    """Code of the source where a person has one record in it, else -1."""
    texts = source.texts.to_pylist()
    one = np.array([t in settings.one_per_source for t in texts] + [False], bool)
    return np.where(one[source.codes], source.codes, -1).astype(np.int32)


def _contents(read: Mapping[str, columns.Column], source: columns.Column) -> npt.NDArray[np.uint64]:
    """A hash of all that a record says, for an order that no renumbering changes."""
    total = hashing.mixed(source.of_records() + np.uint64(7))
    for name in sorted(read):
        total = hashing.mixed(total * np.uint64(3) + read[name].of_records() + np.uint64(11))
    return total


def _with_u(
    built: model.Model, settings: LinkSettings, contents: npt.NDArray[np.uint64]
) -> model.Model:
    size = len(contents)
    if size < 2:
        return built
    draw = np.random.default_rng(2024)
    count = min(_RANDOM_PAIRS, size * (size - 1) // 20)
    order = np.argsort(contents)
    left = order[draw.integers(0, size, count)]
    right = order[draw.integers(0, size, count)]
    apart = left != right
    counts = np.zeros((len(settings.comparisons), 16), np.int64)
    count_levels(built, left[apart], right[apart], counts)
    return model.with_random_pairs(built, settings, counts)


def _bits(probability: float) -> float:
    return log2(probability / (1 - probability))


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
    rows: npt.NDArray[np.int32],
    hindered: npt.NDArray[np.int8],
    prior: float,
    settings: LinkSettings,
) -> pa.Table:
    a, b = ids[found.a], ids[found.b]
    joined = rows[found.a] == rows[found.b]
    names = pa.array([k.name for k in settings.keys], pa.string())
    reasons = np.where(joined, 0, hindered)
    return pa.table(
        {
            "record_a": np.minimum(a, b),
            "record_b": np.maximum(a, b),
            "key": names.take(pa.array(found.key)),
            "score": np.round(found.score, 2),
            "probability": np.round(1 / (1 + np.exp2(-(found.score + prior))), 6),
            "why": explain.why_column(built, settings, found.a, found.b, found.pattern),
            "joined": joined,
            "blocked_by": _reasons(settings).take(pa.array(_reason_place(reasons, settings))),
        }
    )


def _reasons(settings: LinkSettings) -> pa.Array:
    named = [c.name for c in settings.cannot_link]
    return pa.array([None, "one_per_source", *named, "weak_cluster"], pa.string())


def _reason_place(reasons: npt.NDArray[np.int8], settings: LinkSettings) -> npt.NDArray[np.int8]:
    last = len(settings.cannot_link) + 2
    return np.where(reasons == cluster.WEAK, last, reasons).astype(np.int8)


def _no_pairs() -> pa.Table:
    kinds = {"record_a": pa.int64(), "record_b": pa.int64(), "key": pa.string(),
             "score": pa.float64(), "probability": pa.float64(), "why": pa.string(),
             "joined": pa.bool_(), "blocked_by": pa.string()}  # fmt: skip
    return pa.schema(list(kinds.items())).empty_table()


def _report(
    rows: npt.NDArray[np.int32],
    found: pairs.Found,
    left: Sequence[keys.Left],
    table: pa.Table,
    settings: LinkSettings,
) -> dict[str, Any]:
    sizes = np.bincount(rows)
    low, high = settings.clerical
    chance = table.column("probability")
    unsure = pc.and_(pc.greater_equal(chance, low), pc.less(chance, high))
    return {
        "records": len(rows),
        "persons": int((sizes > 0).sum()),
        "largest_cluster": int(sizes.max(initial=0)),
        "compared": dict(zip((k.name for k in settings.keys), found.compared, strict=True)),
        "left": [{"key": x.key, "blocks": x.blocks, "records": x.records} for x in left],
        "kept": len(table),
        "clerical": int(pc.sum(unsure).as_py() or 0),
    }
