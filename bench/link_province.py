"""Linking the lists of the invented province, taken in and made standard, against its truth row by row."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
import time
from typing import Any

import numpy as np
import pyarrow.compute as pc

from bench.link_tight import pairwise

DAY = dt.date(2024, 6, 21)


def in_province(run: str, province: str) -> dict[str, Any]:
    """Link the standard records of a run of the invented province; figures and F1 against its truth."""
    import duckdb

    from dancu.engine.link import components, plan
    from dancu.engine.ports import Context, Kernel
    from dancu.sectors import specs

    first = plan(Context(on=DAY, test_people=True, sources=specs()))[0]
    assert isinstance(first, Kernel)
    with duckdb.connect() as con:
        con.execute(f"CREATE VIEW standard AS FROM '{run}/standardise/standard/*.parquet'")
        records = con.sql(first.inputs["records"]).to_arrow_table()
        started = time.perf_counter()
        pairs = first.function(records=records)
        spent = time.perf_counter() - started
        joined = pairs.filter(pairs.column("joined"))
        con.register("links", components(records.select(["record_id"]), joined))
        # A list of one sheet has an empty sheet name in the truth.
        person, found = con.sql(
            "SELECT t.person, l.person_id FROM links l"
            f" JOIN '{run}/intake/records/*.parquet' r USING (record_id)"
            f" JOIN '{run}/intake/files.parquet' f ON f.file_no = r.file_no"
            " AND coalesce(f.sheet, '') = coalesce(r.sheet, '')"
            f" JOIN '{province}/truth/records.parquet' t ON t.file = f.name AND t.row = r.row"
            " AND (t.sheet = coalesce(r.sheet, '') OR t.sheet = '')"
        ).to_arrow_table()
    figures = pairwise(person.to_numpy(), found.to_numpy())
    _, sizes = np.unique(found.to_numpy(), return_counts=True)
    return {
        "records": len(records), "known": len(person), "people": len(pc.unique(person)),
        "persons": len(sizes), "link_s": round(spent, 2), "largest": int(sizes.max()), **figures,
    }  # fmt: skip


def province(scale: float, folder: str) -> tuple[str, str]:
    """(run, province) of the invented province in `folder`, taken in and made standard."""
    where, run = f"{folder}/province", f"{folder}/run"
    dancu = [sys.executable, "-m", "dancu"]
    for words in (
        ["province", "--scale", str(scale), "--seed", "7", "--out", where],
        ["run", f"{where}/lists", "--out", run, "--on", f"{DAY:%d/%m/%Y}", "--test-people",
         "--until", "standardise"],
    ):  # fmt: skip
        subprocess.run([*dancu, *words], check=True, stdout=subprocess.DEVNULL)
    return run, where
