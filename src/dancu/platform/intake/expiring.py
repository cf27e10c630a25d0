"""Files of lists do not lie about for ever: their rows are in the register, and a backup holds what was handed in.

The row of who handed in what stays (`reference/data/retention.csv` says for how long); here only the files go, and
what a process that was killed in the middle of an upload left behind: a folder without a row.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
from pathlib import Path

from django.conf import settings

from dancu.platform.intake.models import Upload

OVER = ("done", "cancelled", "failed", "received")
_ORPHAN = dt.timedelta(days=1)


def days() -> int:
    """How long a file is kept after the last thing that happened to it."""
    return int(os.environ.get("DANCU_UPLOAD_DAYS", "90"))


def expire(*, at: dt.datetime) -> int:
    """How many folders went; may run again at any time, and beside somebody who uploads."""
    gone = 0
    known = dict(Upload.objects.using("owner").values_list("key", "pk"))
    for folder in _folders():
        if folder.name in known:
            gone += _expired(Upload.objects.using("owner").get(pk=known[folder.name]), at)
        elif _touched(folder) < at - _ORPHAN:
            shutil.rmtree(folder, ignore_errors=True)
            gone += 1
    return gone


def _expired(upload: Upload, at: dt.datetime) -> bool:
    last = upload.ended_at or upload.created_at
    if upload.state not in OVER or last > at - dt.timedelta(days=days()):
        return False
    shutil.rmtree(upload.folder, ignore_errors=True)
    return True


def _folders() -> list[Path]:
    root = Path(settings.MEDIA_ROOT) / "intake"
    return sorted(p for p in root.iterdir() if p.is_dir()) if root.is_dir() else []


def _touched(folder: Path) -> dt.datetime:
    newest = max((p.stat().st_mtime for p in (folder, *folder.rglob("*"))), default=0.0)
    return dt.datetime.fromtimestamp(newest, dt.UTC)
