"""Exports for the auditor: who made one, and about whom, is kept as a bulk read before anything is written.

An export with rows holds personal data; one without proves the tree and tells nobody.
"""

from __future__ import annotations

import datetime as dt
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from dancu.platform.ledger import bulk, keeper
from dancu.platform.ledger.database import own, raw
from dancu.store import keyring
from dancu.store.ledger import exporting, rows
from dancu.store.ledger.installing import stored

PURPOSE = "audit"
Progress = Callable[[str, float], None]


def make(
    folder: Path, *, by: Any, basis: str, with_rows: bool, at: dt.datetime,
    progress: Progress = lambda _what, _share: None,
) -> int:  # fmt: skip
    """A new head over everything, then the export of it into a new folder; how many leaves. As the owner."""
    if with_rows:
        bulk.record(
            by=by, purpose=PURPOSE, basis=basis, what="Bản xuất sổ cái cho kiểm tra", citizens=_persons(), using="owner"
        )  # fmt: skip
    keeper.sign(at=at)
    keeper.stamp()
    with own() as con:
        return exporting.export(
            con, folder, with_rows=with_rows, keys=keyring.as_document("ledger"), at=at, progress=progress
    )  # fmt: skip


def zipped(
    path: Path, *, by: Any, basis: str, with_rows: bool, at: dt.datetime, progress: Progress
) -> None:
    """The same as one file of the owner's alone, there when it is whole."""
    folder = path.with_suffix("")
    shutil.rmtree(folder, ignore_errors=True)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        make(folder, by=by, basis=basis, with_rows=with_rows, at=at, progress=progress)
        part = path.with_suffix(".part")
        part.touch(mode=0o600)
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            for file in sorted(p for p in folder.rglob("*") if p.is_file()):
                archive.write(file, file.relative_to(folder).as_posix())
        part.rename(path)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _persons() -> list[str]:
    """Every citizen whom a row of the export names."""
    con, found = raw("owner"), set()
    newest = {kind.place: kind for kind in stored(con).values() if kind.about}
    for place, kind in newest.items():
        if rows.is_readable(con, kind):
            asked = f'SELECT DISTINCT "{kind.about}"::text FROM {place} WHERE "{kind.about}" IS NOT NULL'
            found |= {row[0] for row in con.execute(asked).fetchall()}
    return sorted(found)
