"""Where exports asked for on a page lie until the next one: `var/ledger`, for the owner of the installation alone."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings


def folder() -> Path:
    """Beside the other files of the site."""
    return Path(settings.MEDIA_ROOT).parent.parent / "ledger"


def path_of(job: int) -> Path:
    """The export that a job has made, or will."""
    return folder() / f"so-cai-{job}.zip"


def keep_only(job: int) -> None:
    """Personal data is not left lying about."""
    for path in folder().glob("so-cai-*"):
        if path != path_of(job):
            path.unlink(missing_ok=True)
