"""The work behind a list handed in: read, made standard, compared with the register, taken in, group by group.

Broken off and taken up again, it finds in the register itself what is left to do.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from django.utils import timezone

from dancu.engine import pipeline
from dancu.engine.intake.gather import Input
from dancu.platform.events.writer import desk, owner
from dancu.platform.intake.models import Upload
from dancu.store.duckdb import DuckStore
from dancu.store.errors import StoreError
from dancu.store.files import read_file
from dancu.store.register import changes
from dancu.store.runs import RunFolder

Told = Callable[[str, float], None]
_CODE = "intake-1"


def take_in(number: int, told: Told) -> None:
    """All of it, or what is left of it; what came of it stands in the row. Raises StoreError."""
    rows = Upload.objects.using("owner").filter(pk=number)
    upload = rows.get()
    rows.update(state="running", message="", stop_asked=False)
    try:
        result = _taken_in(upload, told)
    except changes.Stopped:
        rows.update(state="cancelled", ended_at=timezone.now())
    except pipeline.NothingToDo as error:
        rows.update(state="failed", ended_at=timezone.now(), message=str(error)[:2000])
    except Exception as error:
        words = str(error)[:2000] if isinstance(error, StoreError) else type(error).__name__
        rows.update(state="failed", ended_at=timezone.now(), message=words)
        raise
    else:
        rows.update(state="done", ended_at=timezone.now(), result=result)


def _taken_in(upload: Upload, told: Told) -> dict[str, Any]:
    rows = Upload.objects.using("owner").filter(pk=upload.pk)
    folder, context = RunFolder(upload.folder / "run"), desk().context()
    source = Input(
        upload.registered_name, upload.sha256, upload.size, lambda: read_file(upload.path),
        upload.sector or None, upload.mapping or None,
    )  # fmt: skip
    with DuckStore(spill=upload.folder / ".spill", memory_limit="1GB", threads=1) as store:
        told("đọc tệp", 0.0)
        run = pipeline.Run(store, folder, context, [source], _CODE, _reading(told))
        pipeline.run(run, until="standardise")
        if upload.replaces:
            changes.rename(owner(), upload.replaces, upload.registered_name)
        found = changes.compare(owner(), store, whole=upload.whole)
        before = dict(upload.result.get("applied", {}))
        rows.update(total=found.total, done=0)

        def progress(done: int, total: int) -> None:
            rows.update(done=done, total=total)
            told("ghi vào sổ", 0.1 + 0.9 * done / max(total, 1))

        def asked() -> bool:
            return rows.filter(stop_asked=True).exists()

        applied = _Kept(rows, before)
        changes.apply(
            owner(), store, by=upload.username, progress=progress, stop=asked, kept=applied.add,
            only_in=None if upload.units is None else frozenset(upload.units),
        )  # fmt: skip
        return {"files": _files(store), "unchanged": found.unchanged, "applied": applied.sum}


class _Kept:
    """What was done so far, over several attempts: written down with every group, so that a stop loses no count."""

    def __init__(self, rows: Any, before: dict[str, Any]) -> None:
        self._rows = rows
        self.sum = {**asdict(changes.Applied()), **before}

    def add(self, done: changes.Applied) -> None:
        """One more group."""
        for name, value in asdict(done).items():
            self.sum[name] = self.sum[name] + (
                [list(v) for v in value] if name == "outside" else value
            )
        self._rows.update(result={"applied": self.sum})


def _reading(told: Told) -> pipeline.Progress:
    return lambda stage, share, _text: told(_STEPS.get(stage, ""), share * 0.1)


_STEPS = {"intake": "đọc tệp", "standardise": "chuẩn hoá"}


def _files(store: DuckStore) -> list[dict[str, Any]]:
    """What was read of each sheet, as the result page tells it."""
    listed = store.fetch(
        "SELECT sheet, source, rows_in, rows_kept, rows_rejected, mapping, unread, notes, message_vi FROM files"
    ).to_pylist()
    return [
        row | {name: json.loads(row[name] or "null") for name in ("mapping", "unread", "notes")} for row in listed
    ]  # fmt: skip
