"""What the engine asks of a store, and the two kinds of step that a stage is made of.

Pure: nothing here opens a file or a connection. A stage's module offers `plan(context) -> list[Step]`;
`pipeline` runs the steps, in order, on whatever `Store` it was given.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa


class Store(Protocol):
    """A place with tables that understands the DuckDB dialect (or a rendering of it)."""

    def create(self, name: str, query: str) -> None:
        """Make (or replace) table `name` from the rows of `query`."""

    def put(self, name: str, table: pa.Table) -> None:
        """Make (or replace) table `name` from Arrow columns."""

    def fetch(self, query: str) -> pa.Table:
        """The rows of `query`, as Arrow."""

    def rows(self, name: str) -> int:
        """How many rows table `name` has."""

    def drop(self, name: str) -> None:
        """Forget table or view `name`; no error when it is not there."""

    def save(self, query: str, path: Path) -> None:
        """Write the rows of `query` to one Parquet file at `path`, whole or not at all."""

    def load(self, name: str, path: Path) -> None:
        """Serve the Parquet file at `path`, or all the parts in that folder, as table `name`."""


@dataclass(frozen=True)
class Sql:
    """Table `name` is the result of `query`. `keep`: an output of the stage, written straight to Parquet."""

    name: str
    query: str
    keep: bool = False


@dataclass(frozen=True)
class Kernel:
    """Table `name` is `function(**inputs)`; `inputs` are queries whose rows arrive as Arrow."""

    name: str
    inputs: Mapping[str, str]
    function: Callable[..., pa.Table]
    keep: bool = False


@dataclass(frozen=True)
class Part:
    """The rows of `query` are one `part` of the output table `name`, which may be larger than memory."""

    name: str
    part: str
    query: str


@dataclass(frozen=True)
class Drop:
    """Tables that no later step needs: memory goes back to the run."""

    names: tuple[str, ...]


Step = Sql | Kernel | Part | Drop


@dataclass(frozen=True)
class Context:
    """What every stage may know of the run.

    `on` the asked day; `test_people` whether numbers of test provinces (9xx) are lawful;
    `sources` the sector specifications by source id; `settings` per stage, plain data.
    """

    on: dt.date
    test_people: bool = False
    sources: Mapping[str, Any] = field(default_factory=dict)
    settings: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def of(self, stage: str) -> Mapping[str, Any]:
        """The settings of one stage (empty when none were given)."""
        return self.settings.get(stage, {})
