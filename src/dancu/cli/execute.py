"""From paths on the command line to a finished run: the one place where files, store and engine meet."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import pyarrow as pa
import yaml

from dancu.cli import returned
from dancu.cli.common import STAGE_NAMES, code_version, fail, progress_bar
from dancu.engine import pipeline
from dancu.engine.intake import IntakeError, load_mapping
from dancu.engine.intake.gather import Input
from dancu.engine.ports import Context
from dancu.engine.spec import SectorSpec, SpecError
from dancu.engine.standardise import register
from dancu.sectors import load as load_spec
from dancu.sectors import specs as packaged_specs
from dancu.store.duckdb import DuckStore
from dancu.store.errors import StoreError
from dancu.store.files import InputFile, list_inputs, read_file, sha256_of, write_atomically
from dancu.store.postgres import query_arrow
from dancu.store.runs import RunFolder

SECTORS = "sectors"
"""Folder of a run with the user's own sector.yml files: a report made later reads the sources from there."""

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
        """The engine's view of the job; with a register, what it was made of is a setting of standardise."""
        settings, sources = dict(self.settings or {}), dict(self.specs or packaged_specs())
        if self.register is not None:
            sources[register.SOURCE] = register.spec(sources["population"])
            made_of = _register_stage(self.register)["fingerprint"]
            settings["standardise"] = {**settings.get("standardise", {}), "register": made_of}
        return Context(
            on=self.on,
            test_people=self.test_people,
            sources=sources,
            settings=settings,
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
    except yaml.YAMLError:
        fail(f"{path}: không đúng cú pháp YAML; hãy xem lại dấu cách và dấu hai chấm.", code=2)
    except (IntakeError, SpecError, ValueError) as error:
        fail(f"{path}: {error}.", code=2)


def open_store(folder: Path) -> DuckStore:
    """A store that spills into the run folder, for the length of one command."""
    return DuckStore(spill=folder / ".spill")


@contextmanager
def open_run(folder: Path) -> Iterator[DuckStore]:
    """A store that serves the tables of a finished run; leaves with a message when there is none."""
    manifest_of(folder)
    with open_store(folder) as store:
        pipeline.load(store, RunFolder(folder))
        yield store


def manifest_of(folder: Path) -> dict[str, Any]:
    """The manifest of a run that went to its end; leaves with a message when the folder is none."""
    manifest = RunFolder(folder).read_manifest()
    if not manifest:
        inside = folder / "lan_chay"
        hint = f"Có phải {inside}?" if inside.is_dir() else "Hãy chạy dancu run trước."
        fail(f"{folder} không phải là thư mục của một lần chạy (thiếu manifest.json). {hint}")
    missing = [s.name for s in pipeline.STAGES if s.name not in manifest["stages"]]
    if missing:
        names = ", ".join(STAGE_NAMES[name] for name in missing)
        fail(
            f"Lần chạy {folder} chưa xong (còn: {names}). Hãy gọi lại dancu run với --out {folder}."
        )
    return manifest


def context_of(folder: Path) -> tuple[Context, dict[str, Any]]:
    """The context and manifest of a finished run."""
    manifest = manifest_of(folder)
    own = sorted((folder / SECTORS).glob("*.yml"))
    day = dt.date.fromisoformat(manifest["on"])
    return Context(day, manifest["test_people"], read_specs(own)), manifest


def read_specs(files: Sequence[Path], *, keep: Path | None = None) -> dict[str, SectorSpec]:
    """The packaged sources and the user's own; a wrong file is refused with its key.

    `keep`: the run folder that remembers the user's own.
    """
    specs = dict(packaged_specs())
    for path in files:
        try:
            text = path.read_text("utf-8")
            spec = load_spec(text, where=path.name)
        except (SpecError, UnicodeDecodeError) as error:
            fail(f"{error}", code=2)
        specs[spec.id] = spec
        if keep is not None:
            write_atomically(keep / SECTORS / f"{spec.id}.yml", text.encode())
    return specs


def sector_of(name: str | None, specs: Mapping[str, SectorSpec]) -> str | None:
    """The name of a source when it is one; leaves with the names there are."""
    if name is not None and name not in specs:
        fail(f"Không có nguồn «{name}». Các nguồn: {', '.join(sorted(specs))}.", code=2)
    return name


def execute(job: Job, store: DuckStore) -> dict[str, Any]:
    """Run the stages with progress; gives the manifest. The run's tables stay served by `store`."""
    folder = RunFolder(job.out)
    inputs = inputs_of(job.paths, job.sector, job.mapping) + _answers(job)
    if job.register is not None:
        manifest_of(job.register)
        store.load("register_persons", RunFolder(job.register).table("events", "persons"))
    try:
        with progress_bar() as tell:
            run = pipeline.Run(store, folder, job.context(), inputs, code_version(), tell)
            return pipeline.run(run, until=job.until)
    except pipeline.NothingToDo as error:
        fail(str(error))


def _answers(job: Job) -> list[Input]:
    """What officers gave back to this run, as inputs after the lists."""
    found = []
    for path, table in returned.answers(job.out, on=job.on):
        name = f"{returned.FOLDER}/{path.name}"
        digest = f"{sha256_of(path)}@{job.on}"
        size = path.stat().st_size
        found.append(Input(name, digest, size, partial(_same, table), returned.FOLDER))
    return found


def _same(table: pa.Table) -> pa.Table:
    return table


def _register_stage(folder: Path) -> dict[str, Any]:
    return dict(manifest_of(folder)["stages"]["events"])
