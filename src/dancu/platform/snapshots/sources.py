"""What an app says of the files that its records came by, in its `figure_sources.py`: ``SOURCES = [Source(…)]``.

The page of a single record, with its events, is named by the indicator itself (`opens`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from dancu.engine.report.indicators import Indicator
from dancu.platform.ui.registry import collect


@dataclass(frozen=True)
class SourceFile:
    """A file that was taken in: its name, hash, and how many of its rows are in the register."""

    name: str
    sha256: str
    rows: int


@dataclass(frozen=True)
class Source:
    """`table`: stands in the facts of the indicators that this is about; `files`: up to a moment, by a connection."""

    table: str
    files: Callable[[dt.datetime, str], Sequence[SourceFile]]


def files(indicators: Iterable[Indicator], known: dt.datetime, using: str) -> list[SourceFile]:
    """The files behind several indicators, each once."""
    known_sources: list[Source] = collect("figure_sources", "SOURCES")
    facts = " ".join(i.facts for i in indicators)
    found = {f for one in known_sources if one.table in facts for f in one.files(known, using)}
    return sorted(found, key=lambda f: (f.name, f.sha256))
