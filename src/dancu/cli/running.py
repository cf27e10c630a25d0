"""The work of `dancu run` for a province's folder of lists, and of `dancu clean` for one or a few files."""

from __future__ import annotations

import datetime as dt
import json
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dancu.cli import shown
from dancu.cli.common import REFUSED, console, errors, print_json
from dancu.cli.execute import Job, execute, open_store, read_mapping, read_specs, sector_of
from dancu.engine import report
from dancu.engine.pipeline import STAGES
from dancu.engine.ports import Store
from dancu.engine.report import OutFile
from dancu.rules import on as rules_on
from dancu.store.files import write_atomically
from dancu.store.runs import RunFolder

RUN_OF_CLEAN = "lan_chay"
"""Where `dancu clean` keeps its run, below the folder of its results."""

_WHOLE_HOUSEHOLDS = ("CON-009",)
_WHOLE_REGISTER = ("CON-026",)
"""Rules that a few files alone cannot be judged by: they ask for the rest of the household, or of the population."""


@dataclass(frozen=True)
class Asked:
    """What every such command is asked: paths in, folder out, the day, and how to answer."""

    paths: tuple[Path, ...]
    out: Path
    on: dt.date
    test_people: bool
    as_json: bool
    sector_files: tuple[Path, ...] = ()


def run_folder(asked: Asked, *, until: str) -> None:
    """All stages over a folder, then report and worklists, then the five scores on the screen."""
    specs = read_specs(asked.sector_files, keep=asked.out)
    job = Job(asked.paths, asked.out, asked.on, asked.test_people, specs=specs, until=until)
    with open_store(asked.out) as store:
        manifest = execute(job, store)
        refused = refusals(store)
        if until != STAGES[-1].name:
            _stopped_early(manifest, refused, asked)
            return
        started = time.perf_counter()
        context = job.context()
        written = write_all(asked.out, report.files(store, context, manifest))
        _note_report(asked.out, manifest, time.perf_counter() - started, written)
        summary = report.summary(store, context, manifest)
    if asked.as_json:
        told = {"refused": refused, "run": str(asked.out), "manifest": manifest}
        print_json(summary.as_dict() | told)
    else:
        shown.summary(summary, manifest, asked.out)
    leave(refused)


def clean_files(
    asked: Asked, *, sector: str | None, register: Path | None, mapping: Path | None
) -> None:
    """All stages over a few files, then each file again with its standard values, findings and duplicates."""
    folder = asked.out / RUN_OF_CLEAN
    specs = read_specs(asked.sector_files, keep=folder)
    job = Job(
        asked.paths,
        folder,
        asked.on,
        asked.test_people,
        sector_of(sector, specs),
        specs,
        register=register,
        mapping=read_mapping(mapping),
        settings={"validate": {"rules": _rules_for_files(asked.on, register)}},
    )
    with open_store(folder) as store:
        manifest = execute(job, store)
        context = job.context()
        written = write_all(asked.out, report.cleaned_files(store, context))
        summary = report.summary(store, context, manifest)
        refused, noted = refusals(store), remarks(store)
    if asked.as_json:
        told = {"refused": refused, "notes": noted, "written": written, "out": str(asked.out)}
        print_json(summary.as_dict() | told | {"manifest": manifest})
    else:
        shown.cleaned(summary, written, asked.out, noted)
    leave(refused)


def _rules_for_files(on: dt.date, register: Path | None) -> list[str]:
    left_out = _WHOLE_HOUSEHOLDS if register else (*_WHOLE_HOUSEHOLDS, *_WHOLE_REGISTER)
    return [rule.id for rule in rules_on(on) if rule.id not in left_out]


def remarks(store: Store) -> list[str]:
    """What was noticed while reading, file by file: a second list beside the first, a column without values …"""
    rows = store.fetch(
        "SELECT name, sheet, notes FROM files WHERE notes IS NOT NULL ORDER BY file_no, sheet"
    )
    return [
        f"{row['name']}{', trang ' + row['sheet'] if row['sheet'] else ''}: {note['message_vi']}"
        for row in rows.to_pylist()
        for note in json.loads(row["notes"])
        if note.get("message_vi")
    ]


def write_all(folder: Path, files: Iterable[OutFile]) -> list[str]:
    """Write outputs below the folder; gives their paths in order."""
    written = []
    for file in files:
        write_atomically(folder / file.path, file.data)
        written.append(file.path)
    return written


def _note_report(
    folder: Path, manifest: dict[str, Any], seconds: float, written: list[str]
) -> None:
    """The report's own cost and files go into the manifest beside the stages."""
    manifest["stages"]["report"] = {"wall_s": round(seconds, 3), "files": len(written)}
    RunFolder(folder).write_manifest(manifest)


def refusals(store: Store) -> dict[str, str]:
    """File (and sheet) -> message, for every one that could not be read."""
    rows = store.fetch(
        "SELECT name, sheet, message_vi FROM files WHERE error IS NOT NULL ORDER BY file_no, sheet"
    ).to_pylist()
    return {
        f"{row['name']}, trang {row['sheet']}" if row["sheet"] else row["name"]: row["message_vi"]
        for row in rows
    }


def leave(refused: dict[str, str]) -> None:
    """Exit with 1 when some input was refused, so that a script notices."""
    for name, message in refused.items():
        errors.print("[yellow]Không đọc được[/yellow]", end=" ")
        told = message if message.startswith(name) else f"{name}: {message}"
        errors.print(told, markup=False, soft_wrap=True)
    if refused:
        sys.exit(REFUSED)


def _stopped_early(manifest: dict[str, Any], refused: dict[str, str], asked: Asked) -> None:
    if asked.as_json:
        print_json({"run": str(asked.out), "refused": refused, "manifest": manifest})
    else:
        console.print(shown.stages(manifest), markup=False)
    leave(refused)
