"""The few tables of this room: rows of `province/data/*.csv` as dictionaries of text."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files


@cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    """All rows of one table, read once per process."""
    text = files("dancu.province").joinpath("data", name).read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))
