"""Files handed in: kept for their time, gone after it, and nothing left of an upload that was killed."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from dancu.platform.intake import expiring
from dancu.platform.intake.models import Upload

NOW = timezone.now()


def days_ago(days: float) -> dt.datetime:
    return NOW - dt.timedelta(days=days)


CASES = [
    # what became of the list, how many days ago, whether the file goes
    ("done", 91, True),
    ("done", 89, False),
    ("cancelled", 91, True),
    ("failed", 91, True),
    ("received", 91, True),
    ("running", 91, False),
    ("waiting", 91, False),
    ("", 2, True),
    ("", 0.5, False),
]


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize(("state", "days", "goes"), CASES)
def test_a_file_goes_when_its_time_is_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, state: str, days: float, goes: bool
) -> None:
    monkeypatch.setattr(settings, "MEDIA_ROOT", tmp_path)
    key = f"{state or 'orphan'}{days}".replace(".", "")
    folder = tmp_path / "intake" / key
    folder.mkdir(parents=True)
    (folder / "file").write_bytes(b"x")
    for path in (folder / "file", folder):
        os.utime(path, (days_ago(days).timestamp(),) * 2)
    row = None
    if state:
        row = Upload.objects.using("owner").create(
            user_id=1, username="thu", name="ds.csv", key=key, sha256="0", size=1, state=state
        )
        Upload.objects.using("owner").filter(pk=row.pk).update(created_at=days_ago(days))
    assert expiring.expire(at=NOW) == int(goes)
    assert folder.exists() is not goes
    assert expiring.expire(at=NOW) == 0
    assert row is None or Upload.objects.using("owner").filter(pk=row.pk).exists()
