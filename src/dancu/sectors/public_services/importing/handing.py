"""Files handed in on a page: streamed to the disk of this installation, read back, forgotten when all is done."""

from __future__ import annotations

import datetime as dt
import hashlib
import shutil
import uuid
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from dancu.engine.intake import IntakeError
from dancu.sectors.public_services.importing import reading
from dancu.sectors.public_services.importing.models import HandIn
from dancu.sectors.public_services.importing.reading import Sheet
from dancu.sectors.public_services.importing.taking import NotTaken
from dancu.store.files import read_file

MOST = 200 * 1024 * 1024
KEPT = dt.timedelta(days=7)
"""A file that nobody has started lies so long."""


def do_receive(hand: HandIn, *, files: Mapping[str, Any]) -> HandIn:
    """Keep the files (`a`, and `b` when there is one) and the row; NotTaken when one of them is no list."""
    hand.key = uuid.uuid4().hex
    try:
        for name, file in files.items():
            digest = _stream(hand, name, file)
            hand.sha256 = hand.sha256 or digest
            if name == "a":
                hand.name = plain(file.name)
            else:
                hand.second = plain(file.name)
            sheets(hand, name)
        hand.save()
    except BaseException:
        forget(hand)
        raise
    return hand


def sheets(hand: HandIn, name: str = "a") -> list[Sheet]:
    """The lists of a file, read as decided so far; NotTaken."""
    data = read_file(hand.folder / name, limit=MOST)
    shown = hand.name if name == "a" else hand.second
    try:
        return reading.read(data, name=shown, mapping=hand.mapping or None)
    except IntakeError as error:
        raise NotTaken(error.message_vi) from error


def forget(hand: HandIn) -> None:
    """The files go; the row stays."""
    shutil.rmtree(hand.folder, ignore_errors=True)


def expire(*, at: dt.datetime) -> int:
    """Files that nobody started in time go, with their rows; how many."""
    old = HandIn.objects.using("owner").filter(state="received", created_at__lt=at - KEPT)
    for hand in old:
        forget(hand)
    count, _by_model = old.delete()
    return count


def plain(name: str) -> str:
    """The file's own name, without folders."""
    found = name.replace("\\", "/").rsplit("/", 1)[-1].strip()
    return "".join(c for c in found if c.isprintable())[:200] or "danh sach"


def _stream(hand: HandIn, name: str, file: Any) -> str:
    hand.folder.mkdir(parents=True, mode=0o700, exist_ok=True)
    digest, size, path = hashlib.sha256(), 0, hand.folder / name
    with path.open("wb") as out:
        path.chmod(0o600)
        for chunk in file.chunks():
            size += len(chunk)
            if size > MOST:
                raise NotTaken(
                    _("Tệp quá %(most)s MB. Tách theo tháng hoặc nhập bằng dancu services import.")
                    % {"most": MOST // 2**20}
                )
            digest.update(chunk)
            out.write(chunk)
    return digest.hexdigest()
