"""Linking on Spark: bytes shuffled, tasks' time and CPU of each stage at three scales, for sizing a cluster.

Run with the Python of an environment that holds the extra `spark` (`make slow-spark` makes `.env-spark`):
``.env-spark/bin/python -m bench link_spark``. Local mode, two tasks at a time, a driver of 3 GB. ``--scale`` is the
largest of the three (0.1: 311,000 records). Shuffle bytes are as written (compressed by Spark's lz4), counted by
Spark's own event log; the bytes an executor reads back are the same. CPU is of the JVM and its Python workers.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from bench.harness import Bench
from bench.link import SOURCES, invented

STAGES = ("splits", "records", "keys", "pairs", "components", "clusters")
FIGURES = ("written", "read", "rows", "task_s", "spilled")
PARTITIONS = 8
ROWS_A_BUCKET = 20_000


def on_spark(folder: str, prune: bool) -> dict[str, Any]:
    """Link the records of a folder on Spark; answers the figures of each stage and whether one machine agrees."""
    import pyarrow.parquet as pq

    from dancu.engine.link import link, preset
    from dancu.store.spark import SparkLinker, with_splits

    records = pq.read_table(Path(folder, "records.parquet"))
    settings = replace(preset("vietnamese_person"), one_per_source=SOURCES)
    here = link(records, settings)
    assert here.epoch is not None
    log = Path(folder, f"events-{prune}")
    log.mkdir()
    spark = session(log)
    began, before = time.perf_counter(), _cpu()
    buckets = max(PARTITIONS, 5 * len(records) // ROWS_A_BUCKET)
    given = spark.read.parquet(f"{folder}/records.parquet")
    epoch = with_splits(spark, here.epoch, given)
    linker = SparkLinker(spark, epoch, buckets=buckets, prune=prune)
    links = linker.link(given).toArrow()
    wall, cpu = time.perf_counter() - began, _cpu() - before
    spark.stop()
    same = links.sort_by("record_id").equals(here.links.sort_by("record_id").cast(links.schema))
    agrees = epoch.id == here.epoch.id
    compared = sum(here.report["compared"].values())
    return {
        "records": len(records), "pairs": compared, "kept": here.report["kept"], "same": same and agrees,
        "spark_wall_s": round(wall, 1), "spark_cpu_s": round(cpu, 1),
        "stages": figures(log, len(records)),
    }  # fmt: skip


def session(log: Path) -> Any:
    """A local session of two tasks and 3 GB that writes its events to `log` and decides nothing by size."""
    from pyspark.sql import SparkSession

    given = {
        "spark.driver.memory": "3g",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.eventLog.enabled": "true",
        "spark.eventLog.dir": log.as_uri(),
        "spark.eventLog.compress": "false",
        "spark.eventLog.rolling.enabled": "false",
        "spark.sql.shuffle.partitions": str(PARTITIONS),
        # A nation's tables are never small enough to be sent to everybody.
        "spark.sql.autoBroadcastJoinThreshold": "-1",
        "spark.sql.adaptive.autoBroadcastJoinThreshold": "-1",
    }
    os.environ["PYSPARK_PYTHON"] = sys.executable
    builder: Any = SparkSession.builder
    for key, value in given.items():
        builder = builder.config(key, value)
    return builder.master("local[2]").getOrCreate()


def figures(log: Path, records: int) -> dict[str, dict[str, float]]:
    """For each stage: shuffle bytes and rows written and read, seconds of its tasks, bytes spilled; all per record."""
    lines = (line for path in log.rglob("*") if path.is_file() for line in path.open())
    total = _totals(json.loads(line) for line in lines)
    return {
        stage: {name: round(total[stage][name] / records, 7) for name in FIGURES}
        for stage in STAGES
        if stage in total
    }


def _totals(events: Iterable[dict[str, Any]]) -> dict[str, dict[str, float]]:
    stage_of: dict[int, str] = {}
    total: dict[str, dict[str, float]] = defaultdict(lambda: dict.fromkeys(FIGURES, 0.0))
    for event in events:
        if event["Event"] == "SparkListenerStageSubmitted":
            told = (event.get("Properties") or {}).get("spark.job.description", "")
            stage_of[event["Stage Info"]["Stage ID"]] = told.removeprefix("link: ")
        elif event["Event"] == "SparkListenerTaskEnd" and event.get("Task Metrics"):
            metrics, into = event["Task Metrics"], total[stage_of.get(event["Stage ID"], "")]
            wrote, read = metrics["Shuffle Write Metrics"], metrics["Shuffle Read Metrics"]
            into["written"] += wrote["Shuffle Bytes Written"]
            into["rows"] += wrote["Shuffle Records Written"]
            into["read"] += read["Remote Bytes Read"] + read["Local Bytes Read"]
            into["task_s"] += metrics["Executor Run Time"] / 1000
            into["spilled"] += metrics["Disk Bytes Spilled"]
    return total


def _cpu() -> float:
    """CPU seconds of this process and of all below it, the JVM and its Python workers."""
    below: dict[int, list[int]] = defaultdict(list)
    spent: dict[int, float] = {}
    tick = os.sysconf("SC_CLK_TCK")
    for place in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = place.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        one = int(place.parent.name)
        below[int(fields[1])].append(one)
        spent[one] = sum(int(f) for f in fields[11:15]) / tick
    waiting, total = [os.getpid()], 0.0
    while waiting:
        one = waiting.pop()
        total += spent.get(one, 0.0)
        waiting += below[one]
    return total


def main(scale: float = 0.1) -> None:
    """Three scales with the keys looked at first, and the middle one without."""
    bench = Bench("link_spark", scale)
    for part in (0.1, 0.3, 1.0):
        with invented(scale * part) as folder:
            for prune in (True, False) if part == 0.3 else (True,):
                how = "keys looked at first" if prune else "all keys at once"
                row = bench.call(
                    on_spark, who=how, what=f"scale {scale * part:g}",
                    args={"folder": folder, "prune": prune},
                )  # fmt: skip
                stages = told(row.what, how, row.extra)
                bench.rows[-1] = replace(row, extra={**row.extra, "stages": stages})
                bench.goal(
                    f"{row.what}, {how}: as one machine", goal=1, got=float(row.extra["same"])
                )
    bench.finish()


def told(what: str, how: str, extra: Any) -> str:
    """Prints the figures of each stage, for one record; answers the bytes written on one line, for the table."""
    print(f"\n{what}, {how}: {extra['records']:,} records, {extra['pairs']:,} pairs compared,"
          f" {extra['kept']:,} kept, {extra['spark_wall_s']} s, {extra['spark_cpu_s']} CPU s")  # fmt: skip
    for stage, one in extra["stages"].items():
        print(
            f"  {stage:<11}{one['written']:8.1f} bytes written {one['read']:8.1f} read"
            f" {one['rows']:6.2f} rows {one['task_s'] * 1e6:8.1f} µs of tasks"
            f" {one['spilled']:8.1f} bytes spilled, a record",
            flush=True,
        )
    return " ".join(f"{stage}={one['written']:.0f}" for stage, one in extra["stages"].items())
