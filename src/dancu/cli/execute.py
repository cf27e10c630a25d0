"""From paths on the command line to a finished run: the one place where files, store and engine meet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from dancu.cli.common import code_version, fail, progress_bar
from dancu.engine import pipeline
from dancu.engine.intake.gather import Input
from dancu.engine.ports import Context
from dancu.engine.spec import SectorSpec, SpecError, read_spec
from dancu.sectors import specs as packaged_specs
from dancu.store.duckdb import DuckStore
from dancu.store.errors import StoreError
from dancu.store.files import list_inputs, read_file
from dancu.store.runs import RunFolder

CORRECTIONS = "corrections"
"""Folder of a run with the answers that officers gave; they are read as a source of the highest trust."""


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

    def context(self) -> Context:
        """The engine's view of the job."""
        return Context(
            on=self.on,
            test_people=self.test_people,
            sources=self.specs or packaged_specs(),
            settings=self.settings or {},
        )


def inputs_of(paths: Sequence[Path], sector: str | None) -> list[Input]:
    """Every file under the paths, in a fixed order; leaves with a message when there is none."""
    found = []
    for path in paths:
        try:
            listed = list_inputs(path)
        except (StoreError, OSError) as error:
            fail(str(error))
        found += [
            Input(name=f.name, sha256=f.sha256, size=f.size, read=_reader(f.path), sector=sector)
            for f in listed
        ]
    if not found:
        fail(f"Không có tệp nào để đọc trong {', '.join(str(p) for p in paths)}.")
    return found


def _reader(path: Path) -> Any:
    return lambda: read_file(path)


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
    inputs = inputs_of(job.paths, job.sector)
    if (job.out / CORRECTIONS).is_dir():
        inputs += inputs_of([job.out / CORRECTIONS], "corrections")
    try:
        with progress_bar() as tell:
            run = pipeline.Run(store, folder, job.context(), inputs, code_version(), tell)
            return pipeline.run(run, until=job.until)
    except pipeline.NothingToDo as error:
        fail(str(error))
