"""Linking on invented people, beside Splink 5 on the same records, keys and truth: time, memory and F1.

``--scale 1`` is 2,034,961 people in about 3.11 million records (`bench.link_people`, `bench.link_flaws`); from scale
2 on only ours runs. CPU, wall and memory are of whole processes, which for both tools read parquet and write their
clusters; ``link_s`` is the job without reading and writing. What Splink is given ready (cleaned columns, the hash of
each key) is not counted for it; ours makes both itself.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from itertools import pairwise as pairwise_of
from pathlib import Path
from typing import Any

import numpy as np

from bench import link_tight as tight
from bench.harness import Bench, Row, rival_python
from bench.link_flaws import REGISTERS, draw
from bench.link_kernel import rates
from bench.link_people import PEOPLE
from bench.link_province import in_province, province
from bench.link_tight import pairwise

__all__ = ["SOURCES", "draw", "pairwise"]

SOURCES = tuple(REGISTERS)
SPLINK = ["splink==5.0.0", "duckdb==2.0.1"]
RIVAL = "bench/link_splink.py"
WIDE_FOR_SPLINK = "BENCH_LINK_WIDE"
"""Set to 1 to give Splink the wide keys above scale 0.1 as well."""
LIMIT_S = 900


def linked(folder: str, keys: str) -> dict[str, Any]:
    """Link the records of a folder; writes `links` and `pairs` there."""
    import pyarrow.feather as feather
    import pyarrow.parquet as pq

    from dancu.engine.link import link

    chosen = tight.settings(keys, SOURCES)
    # Given away, not held: the job frees the table once it is read.
    table = [pq.read_table(Path(folder, "records.parquet"))]
    started = time.perf_counter()
    result = link(table.pop(), chosen)
    spent = time.perf_counter() - started
    report = result.report
    feather.write_feather(result.links, Path(folder, "links.arrow"), "uncompressed")
    kept = result.pairs.select(["record_a", "record_b", "probability", "joined", "clerk"])
    feather.write_feather(kept, Path(folder, "pairs.arrow"), "uncompressed")
    compared = sum(report["compared"].values())
    comparing = report.get("seconds", {}).get("compare", spent)
    return {
        "records": report["records"], "link_s": round(spent, 2), "compared": compared,
        "pairs_s": round(compared / max(comparing, 1e-9)), "left": len(report["left"]),
    }  # fmt: skip


@contextmanager
def invented(scale: float) -> Iterator[str]:
    """A folder with `records.parquet` and `truth.npy` of so many people."""
    with tempfile.TemporaryDirectory(prefix="bench-link-") as folder:
        # In a process of its own: at scale 5 its memory must be free again.
        with ProcessPoolExecutor(1) as pool:
            pool.submit(_written, folder, scale).result()
        yield folder


def _written(folder: str, scale: float) -> None:
    import pyarrow.parquet as pq

    records, truth = draw(int(PEOPLE * scale))
    pq.write_table(records, Path(folder, "records.parquet"))
    np.save(Path(folder, "truth.npy"), truth)


def ours(bench: Bench, folder: str, keys: str, state: str) -> Row:
    """One row of ours, with the figures of its clusters."""
    row = bench.call(
        linked, who=f"dancu, {state}", what=f"{keys} keys", args={"folder": folder, "keys": keys}
    )
    return _replaced(bench, row, tight.of_ours(folder))


def _replaced(bench: Bench, row: Row, more: dict[str, Any]) -> Row:
    bench.rows.remove(row)
    extra = {**row.extra, **more}
    return bench.row(
        who=row.who, what=row.what, cpu_s=row.cpu_s, wall_s=row.wall_s, rss_mb=row.rss_mb,
        extra=extra,
    )  # fmt: skip


@contextmanager
def cold_cache() -> Iterator[None]:
    """No compiled code at first, and a place of its own to keep it."""
    before = os.environ.get("NUMBA_CACHE_DIR")
    with tempfile.TemporaryDirectory(prefix="bench-numba-") as folder:
        os.environ["NUMBA_CACHE_DIR"] = folder
        try:
            yield
        finally:
            os.environ.pop("NUMBA_CACHE_DIR")
            if before is not None:
                os.environ["NUMBA_CACHE_DIR"] = before


def splink(bench: Bench, folder: str, keys: str) -> tuple[Row, Row]:
    """(without a constraint at its best threshold, one record per register) of Splink on the same pairs."""
    names = tight.for_rival(folder, keys)
    python = rival_python("splink", SPLINK)
    given = {"file": f"{folder}/rival_{keys}.parquet", "keys": names, "folder": folder}
    given["limit_s"] = LIMIT_S
    what = f"{keys} keys"
    first = bench.call_file(RIVAL, "edges", who="Splink, pairs only", what=what, args=given,
                            python=python)  # fmt: skip
    if "note" in first.extra:
        return first, first
    cut, _ = tight.best_threshold(folder)
    free = bench.call_file(
        RIVAL, "whole", who=f"Splink, cut {cut:g} bits", what=what,
        args={**given, "weight": cut}, python=python,
    )  # fmt: skip
    free = _replaced(bench, free, tight.of_clusters(folder, free.extra))
    cuts = [cut, cut - 3, cut - 6]
    for old in Path(folder).glob("one_*.parquet"):
        old.unlink()
    one = bench.call_file(
        RIVAL, "one_per_source", who="Splink, one per register", what=what,
        args={**given, "weights": cuts, "sources": list(SOURCES)}, python=python,
    )  # fmt: skip
    return free, _replaced(bench, one, tight.of_cuts(folder, cuts))


def compared_with(bench: Bench, mine: Row, free: Row) -> None:
    """The goals against Splink on the tight keys."""
    f1 = float(free.extra["f1"])
    bench.goal("Splink's F1 without a constraint (hard enough)", goal=0.94, got=f1)
    bench.goal("Splink's F1 without a constraint (not too hard)", goal=0.98, got=f1, at_most=True)
    for what, name, share in (
        ("CPU", "cpu_s", 1 / 5),
        ("wall", "wall_s", 1 / 3),
        ("memory", "rss_mb", 1 / 2),
    ):
        ratio = getattr(mine, name) / getattr(free, name)
        bench.goal(f"{what} against Splink, tight", goal=round(share, 4), got=ratio, at_most=True)


def quality(bench: Bench, row: Row) -> None:
    """The goals of the final clusters."""
    said = row.extra
    bench.goal("cluster F1", goal=0.992, got=float(said["f1"]))
    bench.goal("cluster precision", goal=0.998, got=float(said["precision"]))
    bench.goal("pairs compared a second", goal=2e7, got=float(said["pairs_s"]))
    bench.goal("largest cluster", goal=12, got=float(said["largest"]), at_most=True)
    bench.goal("automatic decisions right", goal=0.999, got=float(said["auto_right"]))
    bench.goal("records sent to a clerk", goal=0.03, got=float(said["clerk"]), at_most=True)


def kernel(bench: Bench, folder: str) -> None:
    """Pairs a second a core beside rapidfuzz and the memory; printed."""
    row = bench.call(rates, who="dancu", what="a core", args={"folder": folder, "sources": list(SOURCES)})  # fmt: skip
    bench.rows.remove(row)
    print("\npairs a second of one core, on the same pairs")
    for name, value in row.extra.items():
        print(f"  {name:32} {value:>15,}")
    ratio = row.extra["kernel pairs_s"] / row.extra["rapidfuzz pairs_s"]
    print(f"  kernel / rapidfuzz loop          {ratio:>15,.0f}")
    bench.row(who="dancu", what="pairs a second of one core", cpu_s=row.cpu_s, wall_s=row.wall_s,
              rss_mb=row.rss_mb, extra=row.extra)  # fmt: skip


def growth(bench: Bench, scale: float, row: Row) -> None:
    """Seconds per record at smaller scales beside this one, the preset's keys."""
    smaller = [s for s in (0.1, 1.0) if s < scale] or [scale / 10]
    costs = []
    for part in smaller:
        with invented(part) as folder:
            made = ours(bench, folder, "wide", f"cached, scale {part:g}")
        costs.append((part, made.extra["link_s"] / made.extra["records"]))
    costs.append((scale, row.extra["link_s"] / row.extra["records"]))
    print("\nmicroseconds per record:", ", ".join(f"scale {s:g}: {1e6 * c:.2f}" for s, c in costs))
    for (small, before), (large, after) in pairwise_of(costs):
        bench.goal(
            f"time per record, scale {large:g} against {small:g}",
            goal=1.3, got=after / before, at_most=True,
        )  # fmt: skip


def in_lists(bench: Bench, scale: float) -> None:
    """The lists of the invented province after intake and standardise."""
    with tempfile.TemporaryDirectory(prefix="bench-link-") as folder:
        run, where = province(min(scale, 1.0), folder)
        args = {"run": run, "province": where}
        row = bench.call(in_province, who="dancu", what="the province's lists", args=args)
    for figure in ("precision", "recall", "f1"):
        bench.goal(f"the province's lists, {figure}", goal=0.98, got=float(row.extra[figure]))


def main(scale: float = 0.1) -> None:
    bench = Bench("link", scale)
    with invented(scale) as folder:
        rival = splink(bench, folder, "tight") if scale <= 1 else None
        with cold_cache():
            ours(bench, folder, "tight", "cold")
            mine = ours(bench, folder, "tight", "cached")
            best = ours(bench, folder, "wide", "cached")
        if scale <= 0.1 or (scale <= 1 and os.environ.get(WIDE_FOR_SPLINK) == "1"):
            splink(bench, folder, "wide")
        if rival:
            compared_with(bench, mine, rival[0])
        quality(bench, best)
        kernel(bench, folder)
    growth(bench, scale, best)
    in_lists(bench, scale)
    bench.finish()
