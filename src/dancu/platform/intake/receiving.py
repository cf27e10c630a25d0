"""A file handed in: streamed to disk, told by its content, recognised when it came before, looked at first."""

from __future__ import annotations

import hashlib
import shutil
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connections
from django.utils.translation import gettext as _

from dancu.engine.intake import IntakeError, SheetResult, read, read_grids
from dancu.engine.ports import Context
from dancu.platform.access import territory
from dancu.platform.access.rights import has_right
from dancu.platform.events.writer import desk
from dancu.platform.intake.models import Upload
from dancu.reference.rights import rights_of
from dancu.store.files import read_file

RIGHT = "intake.upload"
MOST = 50 * 1024 * 1024
"""A list of a commune or a district; a province's lists come by `dancu run` and `dancu load`."""
SHOWN = 5
ENDINGS = (".xlsx", ".xls", ".csv", ".txt", ".tsv", ".ods")


class NotTaken(ValueError):
    """The file is not kept; the message says why and what to do."""


@dataclass(frozen=True)
class Before:
    """The same content was here: as a file of the register, or handed in and not finished."""

    name: str
    upload: Upload | None


def do_receive(*, by: Any, name: str, chunks: Iterable[bytes]) -> Upload:
    """Keep the file; raises NotTaken when it is too large, or is no list, and StoreError when there is no register."""
    key = uuid.uuid4().hex
    upload = Upload(
        user_id=by.pk, username=by.username, name=_plain(name), key=key, unit_code=_unit(by),
        units=_units(by), size=0, sha256="",
    )  # fmt: skip
    context()
    try:
        upload.size, upload.sha256 = _stream(upload, chunks)
        check_content(upload)
        upload.save()
    except BaseException:
        shutil.rmtree(upload.folder, ignore_errors=True)
        raise
    return upload


def check_content(upload: Upload) -> None:
    """A list by its bytes, whatever its name promises."""
    try:
        read_grids(read_file(upload.path, limit=MOST), name=upload.name)
    except IntakeError as error:
        raise NotTaken(error.message_vi) from error


def sheets(upload: Upload) -> list[SheetResult]:
    """What the file holds, read with the source and the mapping decided so far; raises NotTaken."""
    context = desk().context()
    try:
        return read(
            read_file(upload.path, limit=MOST), name=upload.name, specs=context.sources,
            sector=upload.sector or None, on=context.on, mapping=upload.mapping or None,
        )  # fmt: skip
    except IntakeError as error:
        raise NotTaken(error.message_vi) from error


def came_before(upload: Upload) -> Before | None:
    """The same bytes, handed in earlier and taken in, or standing in the register under whatever name."""
    earlier = (
        Upload.objects.filter(sha256=upload.sha256, state="done").exclude(pk=upload.pk).first()
    )
    if earlier is not None:
        return Before(earlier.registered_name, earlier)
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT name FROM register.file WHERE sha256 = %s LIMIT 1", [upload.sha256])
        row = cursor.fetchone()
    return Before(row[0], None) if row else None


def do_forget(upload: Upload) -> None:
    """The file and its row go; only before anything was taken in."""
    shutil.rmtree(upload.folder, ignore_errors=True)
    upload.delete()


def context() -> Context:
    """The register's day and sources."""
    return desk().context()


def may_see(user: Any, upload: Upload) -> bool:
    """Who handed it in; numbers of all of them to who watches the sources."""
    return upload.user_id == user.pk or has_right(user, "intake.view")


def _stream(upload: Upload, chunks: Iterable[bytes]) -> tuple[int, str]:
    upload.folder.mkdir(parents=True, mode=0o700)
    digest, size = hashlib.sha256(), 0
    with upload.path.open("wb") as file:
        upload.path.chmod(0o600)
        for chunk in chunks:
            size += len(chunk)
            if size > MOST:
                raise NotTaken(
                    _("Tệp quá %(most)s MB. Tách theo xã hoặc theo thôn rồi nộp từng tệp.")
                    % {"most": MOST // 2**20}
                )
            digest.update(chunk)
            file.write(chunk)
    return size, digest.hexdigest()


def _plain(name: str) -> str:
    """The file's own name, without folders."""
    found = name.replace("\\", "/").rsplit("/", 1)[-1].strip()
    return "".join(c for c in found if c.isprintable())[:200] or "danh sach"


def _grants(user: Any) -> list[tuple[Any, str]]:
    return [(g, r.scope) for g in user.grants_today for r in rights_of(g.role) if r.right == RIGHT]


def _unit(user: Any) -> str:
    return next((str(grant.unit_code) for grant, _scope in _grants(user) if grant.unit_code), "")


def _units(user: Any) -> list[str] | None:
    if any(scope == "all" for _grant, scope in _grants(user)):
        return None
    return sorted({code for grant, _scope in _grants(user) for code in territory.of_grant(grant)})
