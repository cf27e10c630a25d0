"""The main job at three sizes: stage times, peak memory, rows a second; cost must grow no faster than the work.

Each size is a process of its own (`dancu run` on a generated province), so its peak memory is its own. The province
is generated before and is not part of the figures.
"""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

from bench.harness import Bench, Row

ROOT = Path(__file__).resolve().parent.parent
MINUTES, MEMORY_MB = 4, 8 * 1024


def _measure(bench: Bench, scale: float) -> tuple[Row, dict[str, float], int]:
    home = ROOT / "var" / "bench" / f"province-{scale:g}"
    runs = ROOT / "var" / "bench" / f"run-{scale:g}"
    dancu = [sys.executable, "-m", "dancu"]
    if not (home / "truth").is_dir():
        bench.command(
            [*dancu, "province", "--scale", f"{scale}", "--seed", "7", "--out", str(home)],
            who="dancu province",
            what=f"generate {scale:g}",
        )
    shutil.rmtree(runs, ignore_errors=True)
    argv = [
        *dancu,
        "run",
        str(home / "lists"),
        "--out",
        str(runs),
        "--on",
        "2024-06-21",
        "--test-people",
    ]
    row = bench.command(argv, who=f"scale {scale:g}", what=f"run {scale:g}")
    manifest = json.loads((runs / "manifest.json").read_text("utf-8"))
    stages = {name: stage["wall_s"] for name, stage in manifest["stages"].items()}
    return row, stages, manifest["stages"]["intake"]["rows"]["records"]


def main(scale: float = 1.0) -> None:
    """`scale` is the largest province; a tenth and a hundredth of it are measured beside it."""
    bench = Bench("clean", scale)
    sizes = [scale / 100, scale / 10, scale]
    found = [_measure(bench, size) for size in sizes]
    print("\nSeconds a stage")
    for size, (row, stages, rows) in zip(sizes, found, strict=True):
        told = ", ".join(f"{name} {seconds:.1f}" for name, seconds in stages.items())
        print(f"  scale {size:g}: {rows:,} records, {rows / row.wall_s:,.0f} records/s: {told}")
    whole, tenth = found[-1], found[-2]
    bench.goal("whole pipeline, minutes", goal=MINUTES, got=whole[0].wall_s / 60, at_most=True)
    bench.goal("peak memory, MB", goal=MEMORY_MB, got=whole[0].rss_mb, at_most=True)
    growth = (whole[0].cpu_s / whole[2]) / (tenth[0].cpu_s / tenth[2])
    bench.goal("CPU a record, largest against a tenth", goal=1.0, got=growth, at_most=True)
    bench.finish()
