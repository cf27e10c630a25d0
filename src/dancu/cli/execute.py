"""From paths on the command line to a finished run: the one place where files, store and engine meet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dancu.cli.common import code_version, fail, progress_bar
from dancu.engine import pipeline
from dancu.engine.intake.gather import Input
from dancu.engine.spec import SectorSpec
from dancu.engine.ports import Context
from dancu.sectors import specs as packaged_specs
from dancu.store.duckdb import DuckStore
from dancu.store.errors import StoreError
from dancu.store.files import list_inputs, read_file
from dancu.store.runs import RunFolder


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
    spill = folder / ".spill"
    spill.mkdir(parents=True, exist_ok=True)
    return DuckStore(spill=spill)


def execute(job: Job, store: DuckStore) -> dict[str, Any]:
    """Run the stages with progress; gives the manifest. Tables of the run stay served by `store`."""
    folder = RunFolder(job.out)
    with progress_bar() as tell:
        run = pipeline.Run(
            store=store,
            folder=folder,
            context=job.context(),
            inputs=inputs_of(job.paths, job.sector),
            code=code_version(),
            progress=tell,
        )
        return pipeline.run(run, until=job.until)
