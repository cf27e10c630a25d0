"""The work of `dancu province`: an invented province with its messy lists, and the truth about them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from dancu.cli.common import console, print_json, progress_bar
from dancu.province import make


def invent(*, scale: float, seed: int, out: Path, on: dt.date, as_json: bool) -> None:
    """Makes the province below `out` and prints what it holds."""
    with progress_bar() as tell:
        summary = make(
            scale=scale,
            seed=seed,
            out=out,
            on=on,
            progress=lambda share, what: tell("province", share, what),
        )
    if as_json:
        print_json(summary.as_dict())
    else:
        console.print(summary.as_text(), markup=False, soft_wrap=True)
