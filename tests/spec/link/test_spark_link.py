"""Spark finds the same persons as one machine: in the lists of the demo province, and among people hard to tell apart.

Heavy (a JVM, Python workers), so marked slow: `make slow-spark` runs it in an environment of its own.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.dataset as ds
import pytest
from bench.link import SOURCES, draw
from bench.link_province import province
from tests.spec.rules.engines import spark_session

from dancu.engine.link import Epoch, link, preset
from dancu.engine.link.matcher import components as of_one_machine
from dancu.sectors import specs
from dancu.store.spark import SparkLinker, components, with_splits

pytestmark = pytest.mark.slow
PARTITIONS = 3


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    why = "the extra «spark» is not installed here; `make slow` installs it into .env-spark"
    sql = pytest.importorskip("pyspark.sql", reason=why)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYSPARK_PYTHON", sys.executable)  # else workers are whatever «python3» is
        session = spark_session(sql.SparkSession.builder)
        yield session
        session.stop()


def persons(links: pa.Table) -> dict[int, int]:
    return dict(zip(links["record_id"].to_pylist(), links["person_id"].to_pylist(), strict=True))


def epoch_of(records: pa.Table, sources: tuple[str, ...]) -> Epoch:
    epoch = link(records, replace(preset("vietnamese_person"), one_per_source=sources)).epoch
    assert epoch is not None
    return epoch


def check_same(spark: Any, records: pa.Table, epoch: Epoch, *, prune: bool = True) -> None:
    linker = SparkLinker(spark, epoch, partitions=PARTITIONS, buckets=7, prune=prune)
    found = persons(linker.link(records).toArrow())
    here = persons(link(records, epoch.settings, epoch=epoch).links)
    assert len(set(here.values())) < len(here), "nobody was found twice"
    assert found == here


def test_the_demo_province_has_the_same_persons_on_spark(spark: Any, tmp_path: Path) -> None:
    run, _ = province(0.01, str(tmp_path))
    records = ds.dataset(f"{run}/standardise/standard", format="parquet").to_table()
    settings = preset("vietnamese_person")
    wanted = [settings.id_column, settings.source_column, *settings.columns()]
    records = records.select([c for c in dict.fromkeys(wanted) if c in records.column_names])
    once = tuple(sorted(name for name, spec in specs().items() if spec.one_per_person))
    check_same(spark, records, epoch_of(records, once))


@pytest.mark.parametrize("prune", [True, False], ids=["keys looked at first", "all keys at once"])
def test_people_hard_to_tell_apart_are_the_same_persons_on_spark(spark: Any, prune: bool) -> None:
    records, _ = draw(4_000)
    check_same(spark, records, epoch_of(records, SOURCES), prune=prune)


def test_an_epoch_learnt_on_some_records_links_all_of_them_alike(spark: Any) -> None:
    records, _ = draw(4_000)
    check_same(spark, records, epoch_of(records.slice(0, 2_000), SOURCES))


def test_blocks_too_large_are_found_on_spark_as_on_one_machine(spark: Any) -> None:
    records, _ = draw(4_000)
    settings = replace(preset("vietnamese_person"), one_per_source=SOURCES, max_block=3)
    whole, some = (link(r, settings).epoch for r in (records, records.slice(0, 2_000)))
    assert whole is not None and some is not None
    found = with_splits(spark, some, records).splits
    assert any(len(s.split) for s in found.values()), "no block was too large"
    assert any(len(s.left_out) for s in found.values()), "no block stayed too large"
    for name, splits in whole.splits.items():
        assert splits.split.tolist() == found[name].split.tolist()
        assert splits.left_out.tolist() == found[name].left_out.tolist()
    check_same(spark, records, with_splits(spark, some, records))


def test_components_are_those_of_one_machine_in_chains_and_random_graphs(spark: Any) -> None:
    rng = np.random.default_rng(3)
    chain = np.stack([np.arange(1, 200), np.arange(2, 201)], axis=1)
    loose = np.sort(rng.integers(1_000, 3_000, (1_500, 2)), axis=1)
    edges = np.concatenate([chain, loose[loose[:, 0] < loose[:, 1]]])
    found = components(
        spark.createDataFrame(pa.table({"a": edges[:, 0], "b": edges[:, 1]})), PARTITIONS
    ).toArrow()
    joined = pa.table({"record_a": edges[:, 0], "record_b": edges[:, 1]})
    want = of_one_machine(pa.table({"record_id": np.unique(edges)}), joined)
    assert persons(found.rename_columns(["record_id", "person_id"])) == persons(want)
