"""From paths on the command line to a finished run: the one place where files, store and engine meet."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pyarrow as pa
import yaml

from dancu.cli.common import code_version, fail, progress_bar
from dancu.engine import pipeline
from dancu.engine.intake import IntakeError, load_mapping
from dancu.engine.intake.gather import Input
from dancu.engine.ports import Context
from dancu.engine.spec import SectorSpec, SpecError, read_spec
from dancu.sectors import specs as packaged_specs
from dancu.store.duckdb import DuckStore
from dancu.store.errors import StoreError
from dancu.store.files import InputFile, list_inputs, read_file, sha256_of
from dancu.store.postgres import query_arrow
from dancu.store.runs import RunFolder

CORRECTIONS = "corrections"
"""Folder of a run with the answers that officers gave; they are read as a source of the highest trust."""

SOURCE_DATABASE = "DANCU_SOURCE_URL"
"""Environment variable with the address of the PostgreSQL on which `.sql` inputs are run, read-only."""


@dataclass(frozen=True)
class Job:
    """What was asked: input paths, run folder, the asked day, and what applies to it."""

    paths: tuple[Path, ...]
    out: Path
    on: dt.date
    test_people: bool = False
    sector: str | None = None
    specs: Mapping[str, SectorSpec] | None = None
    settings: Mapping[str, Mapping[str, Any]] | None = None
    until: str = pipeline.STAGES[-1].name
    register: Path | None = None
    mapping: Mapping[str, str] | None = None

    def context(self) -> Context:
        """The engine's view of the job."""
        return Context(
            on=self.on,
            test_people=self.test_people,
            sources=self.specs or packaged_specs(),
            settings=self.settings or {},
        )


def inputs_of(
    paths: Sequence[Path], sector: str | None, mapping: Mapping[str, str] | None = None
) -> list[Input]:
    """Every list under the paths, in a fixed order; leaves with a message when there is none."""
    found = []
    for path in paths:
        try:
            listed = list_inputs(path)
        except StoreError as error:
            fail(str(error))
        found += [_input(file, sector, mapping) for file in listed]
    if not found:
        fail(f"Không có tệp nào để đọc trong {', '.join(str(p) for p in paths)}.")
    return found


def _input(file: InputFile, sector: str | None, mapping: Mapping[str, str] | None) -> Input:
    """A file's bytes; for a `.sql` file, the answer of its query on the source database."""
    if file.path.suffix.lower() == ".sql":
        # What a query answers can change without its text: never taken from an earlier run.
        return Input(file.name, uuid4().hex, file.size, lambda: _answer(file.path), sector, mapping)
    digest = sha256_of(file.path)
    return Input(file.name, digest, file.size, lambda: _bytes(file.path), sector, mapping)


def _bytes(path: Path) -> bytes:
    try:
        return read_file(path)
    except StoreError as error:
        raise OSError(str(error)) from error


def _answer(path: Path) -> pa.Table:
    address = os.environ.get(SOURCE_DATABASE)
    if not address:
        raise OSError(
            f"Cần biến môi trường {SOURCE_DATABASE} (địa chỉ PostgreSQL nguồn) để chạy câu truy vấn này."
        )
    try:
        return query_arrow(address, path.read_text("utf-8"))
    except (StoreError, UnicodeDecodeError) as error:
        raise OSError(str(error)) from error


def read_mapping(path: Path | None) -> Mapping[str, str] | None:
    """The heading -> role decisions that a person saved; leaves with the message when they are wrong."""
    if path is None:
        return None
    try:
        return load_mapping(path.read_text("utf-8"))
    except (IntakeError, SpecError, UnicodeDecodeError, ValueError) as error:
        fail(f"{path}: {error}", code=2)


def open_store(folder: Path) -> DuckStore:
    """A store that spills into the run folder, for the length of one command."""
    return DuckStore(spill=folder / ".spill")


@contextmanager
def open_run(folder: Path) -> Iterator[DuckStore]:
    """A store that serves the tables of a finished run; leaves with a message when there is none."""
    runs = RunFolder(folder)
    if not runs.read_manifest():
        fail(
            f"{folder} không phải là thư mục của một lần chạy (thiếu manifest.json). Hãy chạy dancu run trước."
        )
    with open_store(folder) as store:
        pipeline.load(store, runs)
        yield store


def context_of(folder: Path) -> tuple[Context, dict[str, Any]]:
    """The context and manifest of a finished run."""
    manifest = RunFolder(folder).read_manifest()
    day = dt.date.fromisoformat(manifest["on"])
    return Context(day, manifest["test_people"], packaged_specs()), manifest


def read_specs(files: Sequence[Path]) -> dict[str, SectorSpec]:
    """The packaged sources and the user's own; a wrong file is refused with its key."""
    specs = dict(packaged_specs())
    for path in files:
        try:
            spec = read_spec(yaml.safe_load(path.read_text("utf-8")))
        except (SpecError, yaml.YAMLError, UnicodeDecodeError) as error:
            fail(f"{path}: {error}", code=2)
        specs[spec.id] = spec
    return specs


def execute(job: Job, store: DuckStore) -> dict[str, Any]:
    """Run the stages with progress; gives the manifest. The run's tables stay served by `store`."""
    folder = RunFolder(job.out)
    inputs = inputs_of(job.paths, job.sector, job.mapping)
    if (job.out / CORRECTIONS).is_dir():
        inputs += inputs_of([job.out / CORRECTIONS], "corrections")
    try:
        with progress_bar() as tell:
            run = pipeline.Run(store, folder, job.context(), inputs, code_version(), tell)
            return pipeline.run(run, until=job.until)
    except pipeline.NothingToDo as error:
        fail(str(error))
