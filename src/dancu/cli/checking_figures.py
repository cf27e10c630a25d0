"""The work of `dancu report check FILE`: printed figures held against their own parts and against what is possible."""

from __future__ import annotations

import datetime as dt
import sys
from collections import Counter
from dataclasses import asdict
from importlib.resources import as_file, files
from pathlib import Path

from dancu.cli.common import REFUSED, console, fail, print_json
from dancu.engine.report import printed

_MARKS = {
    "error": "[red]SAI[/red]",
    "question": "[yellow]HỎI LẠI[/yellow]",
    "note": "[dim]GHI CHÚ[/dim]",
}


EXAMPLE, EXAMPLE_DAY = "data/domain/seed_figures.csv", dt.date(2024, 6, 21)


def tell_example(on: dt.date | None, as_json: bool) -> None:
    """The same of the packaged figures of the review of June 2024."""
    with as_file(files("dancu.reference").joinpath(EXAMPLE)) as path:
        tell(path, on or EXAMPLE_DAY, as_json)


def tell(file: Path, on: dt.date, as_json: bool) -> None:
    """Prints the remarks; leaves with 1 when a figure is wrong or can be read two ways."""
    try:
        figures = printed.read(file.read_bytes())
    except printed.NotFigures as error:
        fail(f"{file.name}: {error}", code=2)
    remarks = printed.check(figures, on=on)
    if as_json:
        print_json([asdict(remark) for remark in remarks])
    else:
        _print(remarks, len(figures))
    if any(remark.weight != "note" for remark in remarks):
        sys.exit(REFUSED)


def _print(remarks: list[printed.Remark], figures: int) -> None:
    for remark in remarks:
        console.print(f"{_MARKS[remark.weight]} {remark.figure_id} (dòng {remark.row}):", end=" ")
        console.print(remark.text_vi, markup=False)
    found = Counter(remark.weight for remark in remarks)
    console.print(
        f"{figures} số liệu: {found['error']} sai, {found['question']} cần hỏi lại, {found['note']} ghi chú."
    )
