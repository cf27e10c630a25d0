"""The one place that knows the order of the stages, and the runner that makes a run resumable.

A stage is skipped when its fingerprint (inputs, asked day, settings, code, and the stages before it) is the one in
the manifest and its tables are still there. Pure but for its ports: tables live in a `Store`, files in a `RunFolder`.
"""

from __future__ import annotations

import hashlib
import json
import resource
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from dancu.engine import events, golden, link, score, standardise, validate
from dancu.engine.intake import gather
from dancu.engine.link import decided
from dancu.engine.ports import Context, Drop, Kernel, Part, Sql, Step, Store

Progress = Callable[[str, float, str], None]
"""Called with the stage, the share done (0 to 1) and what is being done."""


class NothingToDo(Exception):
    """No record came out of any input; the message names what was wrong with each."""


class RunFolder(Protocol):
    """Where a run keeps its tables and its manifest."""

    def table(self, stage: str, name: str) -> Path:
        """The path of a stage's table; it may not exist yet."""

    def part(self, stage: str, name: str, part: str) -> Path:
        """The path of one part of a stage's table."""

    def has_table(self, stage: str, name: str) -> bool:
        """Whether that table, or a part of it, was written."""

    def clear(self, stage: str) -> None:
        """Remove what an earlier run left in a stage."""

    def read_manifest(self) -> dict[str, Any]:
        """The manifest as last written; empty for a new run."""

    def write_manifest(self, manifest: dict[str, Any]) -> None:
        """Replace the manifest, whole or not at all."""


@dataclass(frozen=True)
class Stage:
    """A stage, the tables it leaves for the others, and how its steps are made."""

    name: str
    tables: tuple[str, ...]
    steps: Callable[[Context, Store], Sequence[Step]]


@dataclass
class Run:
    """One run under way: its store, folder, context and what is known of its inputs."""

    store: Store
    folder: RunFolder
    context: Context
    inputs: Sequence[gather.Input]
    code: str
    progress: Progress = lambda _stage, _share, _text: None
    manifest: dict[str, Any] = field(default_factory=dict)


def _standardise_steps(context: Context, store: Store) -> Sequence[Step]:
    return standardise.plan(context, present=standardise.roles_present(store))


def _link_steps(context: Context, store: Store) -> Sequence[Step]:
    steps = [*link.plan(context)]
    if _has_answers(store):
        steps += decided.answered()
    if standardise.register.is_asked(context):
        steps += decided.only_of_files()
    return steps


def _validate_steps(context: Context, store: Store) -> Sequence[Step]:
    steps = validate.plan(context)
    if not _has_answers(store):
        return steps
    return [
        Sql("_contested", "SELECT * FROM contested"),
        Sql("contested", decided.UNSETTLED),
        *steps,
        Sql("contested", "SELECT * FROM _contested"),
        Drop(("_contested",)),
    ]


def _has_answers(store: Store) -> bool:
    answers = f"SELECT record_id FROM records WHERE source = '{decided.ANSWERS}' LIMIT 1"
    return bool(store.fetch(answers).num_rows)


STAGES: tuple[Stage, ...] = (
    Stage("intake", ("records", "files", "rejects"), lambda _context, _store: ()),
    Stage("standardise", ("standard", "dialects"), _standardise_steps),
    Stage("link", ("links", "pairs", "link_report", "link_epoch"), _link_steps),
    Stage("golden", ("golden", "contested"), lambda context, _store: golden.plan(context)),
    Stage("events", ("events", "persons"), lambda context, _store: events.plan(context)),
    Stage("validate", ("findings", "counts"), _validate_steps),
    Stage("score", ("scores", "gaps", "fix_order"), lambda context, _store: score.plan(context)),
)


def run(job: Run, *, until: str = STAGES[-1].name) -> dict[str, Any]:
    """Run every stage up to `until`; returns the manifest. Raises what a stage raises, with its tables unsaved."""
    before = job.folder.read_manifest()
    job.manifest = _new_manifest(job, before)
    fingerprint = _digest(job.code, job.context.on.isoformat(), str(job.context.test_people))
    for stage in STAGES:
        fingerprint = _fingerprint(job, stage, fingerprint)
        if not _resumed(job, stage, fingerprint, before):
            _perform(job, stage, fingerprint)
        if stage.name == until:
            break
    job.progress(until, 1.0, "")
    return job.manifest


def load(store: Store, folder: RunFolder, *, until: str = STAGES[-1].name) -> dict[str, Any]:
    """Serve the tables of a finished run; returns its manifest."""
    for stage in STAGES:
        for name in stage.tables:
            if folder.has_table(stage.name, name):
                store.load(name, folder.table(stage.name, name))
        if stage.name == until:
            break
    return folder.read_manifest()


def _new_manifest(job: Run, before: dict[str, Any]) -> dict[str, Any]:
    return {
        "format": 1,
        "code": job.code,
        "on": job.context.on.isoformat(),
        "test_people": job.context.test_people,
        "started": job.context.of("run").get("started"),
        "inputs": [{"name": i.name, "sha256": i.sha256, "bytes": i.size} for i in job.inputs],
        "stages": dict(before.get("stages", {})),
    }


def _fingerprint(job: Run, stage: Stage, before: str) -> str:
    own = json.dumps(job.context.of(stage.name), sort_keys=True, default=str)
    specs = [repr(job.context.sources[name]) for name in sorted(job.context.sources)]
    inputs = [f"{i.name}:{i.sha256}" for i in job.inputs] if stage.name == "intake" else []
    return _digest(before, stage.name, own, *specs, *inputs)


def _digest(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:32]


def _resumed(job: Run, stage: Stage, fingerprint: str, before: dict[str, Any]) -> bool:
    known = before.get("stages", {}).get(stage.name, {})
    if known.get("fingerprint") != fingerprint:
        return False
    if not all(job.folder.has_table(stage.name, name) for name in stage.tables):
        return False
    for name in stage.tables:
        job.store.load(name, job.folder.table(stage.name, name))
    job.progress(stage.name, 1.0, "đã có từ lần chạy trước")
    return True


def _perform(job: Run, stage: Stage, fingerprint: str) -> None:
    # An interruption from here on must not leave half a stage that the manifest calls whole.
    _forget(job, stage)
    job.folder.clear(stage.name)
    with _measured() as cost:
        if stage.name == "intake":
            _intake(job)
        else:
            _steps(job, stage)
        for name in stage.tables:
            _keep(job, stage, name)
    rows = {name: job.store.rows(name) for name in stage.tables}
    job.manifest["stages"][stage.name] = {"fingerprint": fingerprint, "rows": rows, **cost}
    job.folder.write_manifest(job.manifest)


def _forget(job: Run, stage: Stage) -> None:
    """The stage and those after it no longer follow from what is in the folder."""
    for late in (*(s.name for s in STAGES[STAGES.index(stage) :]), "report"):
        job.manifest["stages"].pop(late, None)
    job.folder.write_manifest(job.manifest)


def _keep(job: Run, stage: Stage, name: str) -> None:
    """Write an output that a step left in memory; load the ones written as they were made."""
    if not job.folder.has_table(stage.name, name):
        job.store.save(f"SELECT * FROM {name}", job.folder.table(stage.name, name))
    job.store.load(name, job.folder.table(stage.name, name))


def _steps(job: Run, stage: Stage) -> None:
    steps = stage.steps(job.context, job.store)
    for done, step in enumerate(steps):
        label = "" if isinstance(step, Drop) else step.name
        job.progress(stage.name, done / max(len(steps), 1), label)
        _do(job, stage, step)


def _do(job: Run, stage: Stage, step: Step) -> None:
    match step:
        case Drop(names):
            for name in names:
                job.store.drop(name)
        case Part(name, part, query):
            job.store.save(query, job.folder.part(stage.name, name, part))
            job.store.load(name, job.folder.table(stage.name, name))
        case Sql(name, query, True):
            job.store.save(query, job.folder.table(stage.name, name))
            job.store.load(name, job.folder.table(stage.name, name))
        case Sql(name, query):
            job.store.create(name, query)
        case Kernel(name, inputs, function):
            arguments = {key: job.store.fetch(query) for key, query in inputs.items()}
            job.store.put(name, function(**arguments))


def _intake(job: Run) -> None:
    """Read every input into `records`, `files` and `rejects`; records go out in parts as they come."""
    gathered = gather.Gathering(job.context)
    for done, source in enumerate(job.inputs):
        job.progress("intake", done / max(len(job.inputs), 1), source.name)
        gathered.add(source)
        if gathered.pending_rows > 500_000:
            _flush(job, gathered)
    _flush(job, gathered)
    if not gathered.records:
        raise NothingToDo(gathered.why_nothing())
    job.store.put("files", gathered.files())
    job.store.put("rejects", gathered.rejects())


def _flush(job: Run, gathered: gather.Gathering) -> None:
    part = f"{gathered.parts_taken:04d}"
    job.store.put("_arrived", gathered.take())
    job.store.save("SELECT * FROM _arrived", job.folder.part("intake", "records", part))
    job.store.drop("_arrived")


@contextmanager
def _measured() -> Iterator[dict[str, float]]:
    """Wall and CPU seconds, and the process's peak memory so far (MB), of what happens inside."""
    cost: dict[str, float] = {}
    wall, cpu = time.perf_counter(), time.process_time()
    yield cost
    cost["wall_s"] = round(time.perf_counter() - wall, 3)
    cost["cpu_s"] = round(time.process_time() - cpu, 3)
    cost["peak_mb"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
