"""Linking on Spark, for a region or a nation: the keys shuffle, the kernels compare, persons are those of one machine.

Under one frozen epoch a pair's score depends on its two records alone and a person on the connected component alone,
so the work falls apart: records are packed where they lie, blocks are compared in buckets of hashes, components are
found by stars, and each bucket of whole components is solved. Needs the extra `spark`; the workers need dancu too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from dancu.engine.link import Epoch, columns, keys, matcher, model, packed, pairs
from dancu.engine.link.epoch import U64, Splits
from dancu.engine.link.live import Edges, solve

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

PACKED = "record_id bigint, keys array<bigint>, packed binary"
EDGE = "a bigint, b bigint, score double, pattern bigint, conflict int"
MOST_ROUNDS = 60
"""Rounds of stars; they grow with the logarithm of the largest component, so this is never met."""


class _Shared(NamedTuple):
    """What every worker holds."""

    epoch: Epoch
    weights: model.Weights


class SparkLinker:
    """Links a table of records under one epoch, on the session given.

    `partitions`: tasks of each shuffle (by default the session's `spark.sql.shuffle.partitions`). `buckets`: groups
    that a kernel gets at once; a bucket's rows must fit a worker, some ten thousand are good. `prune`: look first,
    with hashes and identifiers alone, which keys of which records meet another record; only those carry the record.
    """

    def __init__(
        self, spark: SparkSession, epoch: Epoch, *,
        partitions: int | None = None, buckets: int = 64, prune: bool = True,
    ) -> None:  # fmt: skip
        given = spark.conf.get("spark.sql.shuffle.partitions", "200") or "200"
        self.spark, self.epoch = spark, epoch
        self.partitions, self.buckets, self.prune = partitions or int(given), buckets, prune
        self._told = spark.sparkContext.broadcast(_Shared(epoch, model.weights(epoch)))

    def link(self, records: DataFrame | pa.Table) -> DataFrame:
        """(record_id, person_id) of every record, as of `link(records, settings, epoch=epoch)`; lazy at its last step.

        `records` has the identifier, the source and the columns of the epoch's settings; a column may lack.
        """
        rows = self._packed(records)
        edges = self._edges(rows)
        self._stage("components")
        members = components(edges.select("a", "b"), self.partitions)
        self._stage("clusters")
        return self._persons(rows, edges, members)

    def edges(self, records: DataFrame | pa.Table) -> DataFrame:
        """The kept pairs: a < b, score in bits, pattern of levels (uint64 as bigint), conflict."""
        return self._edges(self._packed(records))

    def _stage(self, name: str) -> None:
        self.spark.sparkContext.setJobDescription(f"link: {name}")

    def _packed(self, records: DataFrame | pa.Table) -> DataFrame:
        """Every record as bytes, once, by identifier: later joins bring only what is small to it."""
        self._stage("records")
        given = _wanted(self.spark, records, self.epoch)
        rows = given.mapInArrow(_packing(self._told), PACKED)
        return _kept(rows.repartition(self.partitions, "record_id"))

    def _edges(self, rows: DataFrame) -> DataFrame:
        from pyspark.sql import functions as F

        if self.prune:
            self._stage("keys")
            rows = rows.join(_kept(self._met(rows)), "record_id")
            live = F.transform(
                F.col("keys"),
                lambda h, k: F.when(F.getbit("met", k.cast("int")) == 1, h).otherwise(F.lit(0)),
            )
            rows = rows.withColumn("keys", live)
        self._stage("pairs")
        blocks = rows.select("record_id", "keys", "packed", F.posexplode("keys").alias("k", "hash"))
        blocks = blocks.where("hash <> 0").withColumn("bucket", self._bucket("hash"))
        blocks = blocks.repartition(self.partitions, "bucket")
        return _kept(blocks.groupBy("bucket").applyInArrow(_comparing(self._told), EDGE))

    def _bucket(self, column: str) -> Any:
        from pyspark.sql import functions as F

        return F.pmod(F.xxhash64(column), F.lit(self.buckets))

    def _met(self, rows: DataFrame) -> DataFrame:
        """record_id, met: a bit for each key that another record shares; records without one are not there."""
        from pyspark.sql import functions as F

        light = rows.select("record_id", F.posexplode("keys").alias("k", "hash"))
        light = light.where("hash <> 0").withColumn("bucket", self._bucket("hash"))
        light = light.repartition(self.partitions, "bucket")
        found = light.groupBy("bucket").applyInArrow(_meeting, "record_id bigint, met bigint")
        return found.groupBy("record_id").agg(F.bit_or("met").alias("met"))

    def _persons(self, rows: DataFrame, edges: DataFrame, members: DataFrame) -> DataFrame:
        from pyspark.sql import functions as F

        own = self._bucket("component")
        some = rows.select("record_id", "packed").join(members, "record_id")
        some = some.select("record_id", "packed", own.alias("bucket"))
        within = edges.join(members.withColumnRenamed("record_id", "a"), "a")
        within = within.select(*edges.columns, own.alias("bucket"))
        solved = (
            some.repartition(self.partitions, "bucket")
            .groupBy("bucket")
            .cogroup(within.repartition(self.partitions, "bucket").groupBy("bucket"))
            .applyInArrow(_solving(self._told), "record_id bigint, person_id bigint")
        )
        alone = rows.select("record_id").join(members, "record_id", "left_anti")
        return solved.unionByName(alone.withColumn("person_id", F.col("record_id")))


def with_splits(spark: SparkSession, epoch: Epoch, records: DataFrame | pa.Table) -> Epoch:
    """The epoch with the splits of all these records, as if it had been learnt on them.

    What a sample teaches of names holds for a nation, but not which blocks are too large: blocks grow with the records.
    """
    names = [key.name for key in epoch.settings.keys]
    given = _wanted(spark, records, epoch)
    spark.sparkContext.setJobDescription("link: splits")
    bare = replace(epoch, splits={name: Splits() for name in names})
    split = _too_large(spark, bare, given)
    first = replace(bare, splits={name: Splits(split[name]) for name in names})
    gone = _too_large(spark, first, given)
    return replace(epoch, splits={name: Splits(split[name], gone[name]) for name in names})


def _too_large(spark: SparkSession, epoch: Epoch, records: DataFrame) -> dict[str, U64]:
    """For each key the sorted hashes of the blocks with more records than the settings allow."""
    told = spark.sparkContext.broadcast(replace(epoch, shares={}))
    counted = records.mapInArrow(_hashing(told), "k int, hash bigint").groupBy("k", "hash").count()
    found = counted.where(counted["count"] > epoch.settings.max_block).toArrow()
    places, hashes = _numbers(found, "k"), _numbers(found, "hash").view(np.uint64)
    return {
        key.name: np.sort(hashes[places == k]).astype(np.uint64)
        for k, key in enumerate(epoch.settings.keys)
    }


def _wanted(spark: SparkSession, records: DataFrame | pa.Table, epoch: Epoch) -> DataFrame:
    """The columns that the settings name, of those that are there."""
    settings = epoch.settings
    given = spark.createDataFrame(records) if isinstance(records, pa.Table) else records
    names = dict.fromkeys((settings.id_column, settings.source_column, *settings.columns()))
    return given.select(*[c for c in names if c in given.columns])


def _kept(frame: DataFrame) -> DataFrame:
    """Made now, on the disks, and not again."""
    from pyspark import StorageLevel

    frame = frame.persist(StorageLevel.DISK_ONLY)
    frame.count()
    return frame


def components(edges: DataFrame, partitions: int) -> DataFrame:
    """(record_id, component: the smallest identifier) of every record in `edges` (a < b).

    Large stars and small stars in turn (Kiveris and others, Connected Components in MapReduce and Beyond, 2014) until
    nothing changes; each round is cut from its history by a local checkpoint.
    """
    from pyspark.sql import functions as F

    # From here on: the larger identifier first.
    stars, before = edges.select(F.col("b").alias("v"), F.col("a").alias("u")), None
    for _ in range(MOST_ROUNDS):
        stars = _small_stars(_large_stars(stars, partitions), partitions).localCheckpoint()
        now = stars.agg(F.count("*"), F.sum(F.xxhash64("v", "u") % 1_000_003)).first()
        if now == before:
            break
        before = now
    else:
        raise RuntimeError(
            f"link: sau {MOST_ROUNDS} vòng, các nhóm hồ sơ vẫn còn đổi; hãy báo lỗi này"
            f" / components still changed after {MOST_ROUNDS} rounds; please report it"
        )
    named = stars.select(F.col("v").alias("record_id"), F.col("u").alias("component"))
    roots = named.select(F.col("component").alias("record_id"), "component").distinct()
    return named.unionByName(roots)


def _large_stars(stars: DataFrame, partitions: int) -> DataFrame:
    """Every larger neighbour of a record points to the smallest of its neighbourhood."""
    from pyspark.sql import functions as F

    both = stars.unionByName(stars.select(F.col("u").alias("v"), F.col("v").alias("u")))
    least = _least_beside(both, partitions)
    return least.where("u > v").select(F.col("u").alias("v"), F.col("least").alias("u"))


def _small_stars(stars: DataFrame, partitions: int) -> DataFrame:
    """A record and its smaller neighbours point to the smallest of these."""
    from pyspark.sql import functions as F

    least = _least_beside(stars, partitions)
    others = least.where("u <> least").select(F.col("u").alias("v"), F.col("least").alias("u"))
    own = least.select("v", F.col("least").alias("u"))
    return others.unionByName(own).distinct()


def _least_beside(stars: DataFrame, partitions: int) -> DataFrame:
    from pyspark.sql import Window
    from pyspark.sql import functions as F

    beside = F.least("v", F.min("u").over(Window.partitionBy("v")))
    return stars.repartition(partitions, "v").withColumn("least", beside)


Batches = Iterator[pa.RecordBatch]


def _packing(told: Any) -> Callable[[Batches], Batches]:
    def run(batches: Batches) -> Batches:
        epoch = told.value.epoch
        for batch in batches:
            if not len(batch):
                continue
            given = pa.Table.from_batches([batch])
            made = packed.pack_all(given, epoch)
            size, wide = made.keys.shape
            at = np.arange(size + 1, dtype=np.int32) * wide
            values = pa.array(made.keys.view(np.int64).ravel())
            yield pa.RecordBatch.from_arrays(
                [
                    pa.array(matcher.record_ids(given, epoch.settings)),
                    pa.ListArray.from_arrays(pa.array(at), values),
                    _binary(made),
                ],
                ["record_id", "keys", "packed"],
            )

    return run


def _hashing(told: Any) -> Callable[[Batches], Batches]:
    def run(batches: Batches) -> Batches:
        epoch = told.value
        for batch in batches:
            if not len(batch):
                continue
            read = columns.read(pa.Table.from_batches([batch]), epoch.settings)
            hashes, _ = keys.matrix(read, epoch)
            rows, places = np.nonzero(hashes)
            found = [
                pa.array(places.astype(np.int32)),
                pa.array(hashes[rows, places].view(np.int64)),
            ]
            yield pa.RecordBatch.from_arrays(found, ["k", "hash"])

    return run


def _binary(made: packed.PackedRows) -> pa.Array:
    at = pa.py_buffer(made.at.astype(np.int32))
    size = len(made.at) - 1
    return pa.Array.from_buffers(pa.binary(), size, [None, at, pa.py_buffer(made.data)])


def _bytes(rows: pa.Table) -> tuple[packed.Bytes, npt.NDArray[np.int64]]:
    """The packed records of a table one after another, and where each begins."""
    return packed.together(rows["packed"].to_pylist())


def _numbers(table: pa.Table, name: str) -> npt.NDArray[Any]:
    return np.asarray(table[name].combine_chunks().to_numpy(zero_copy_only=False))


def _meeting(rows: pa.Table) -> pa.Table:
    """The keys of a bucket that two records or more share."""
    order, _ = keys.blocks(_numbers(rows, "hash").view(np.uint64))
    met = np.int64(1) << _numbers(rows, "k").astype(np.int64)
    return pa.table({"record_id": _numbers(rows, "record_id")[order], "met": met[order]})


def _comparing(told: Any) -> Callable[[pa.Table], pa.Table]:
    def run(rows: pa.Table) -> pa.Table:
        epoch, weights = told.value
        rows = rows.sort_by("record_id")
        built, _ = packed.unpack(*_bytes(rows), weights)
        every = rows["keys"].combine_chunks().flatten().to_numpy()
        hashes = every.view(np.uint64).reshape(len(rows), -1)
        places, values = _numbers(rows, "k"), _numbers(rows, "hash").view(np.uint64)
        made = [
            pairs.of_key(built, hashes, int(k), np.where(places == k, values, 0), epoch.floor)
            for k in np.unique(places)
        ]
        a, b, score, pattern, conflict = (
            np.concatenate(c) for c in zip(*(m[:5] for m in made), strict=True)
        )
        ids = _numbers(rows, "record_id")
        told_of = [ids[a], ids[b], score, pattern.view(np.int64), conflict.astype(np.int32)]
        return pa.table(told_of, ["a", "b", "score", "pattern", "conflict"])

    return run


def _solving(told: Any) -> Callable[[pa.Table, pa.Table], pa.Table]:
    def run(rows: pa.Table, within: pa.Table) -> pa.Table:
        rows = rows.sort_by("record_id")
        ids = _numbers(rows, "record_id")
        edges = Edges(
            _numbers(within, "a"), _numbers(within, "b"), _numbers(within, "score"),
            _numbers(within, "pattern").view(np.uint64),
            _numbers(within, "conflict").astype(np.int8),
        )  # fmt: skip
        labels = solve(ids, _bytes(rows), edges, *told.value)
        return pa.table({"record_id": ids, "person_id": labels})

    return run
