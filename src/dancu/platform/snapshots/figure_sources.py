"""The files that persons of the register came by. What officers entered has no file: those are events."""

from __future__ import annotations

import datetime as dt

from django.db import connections

from dancu.platform.snapshots.sources import Source, SourceFile


def _files(known: dt.datetime, using: str) -> list[SourceFile]:
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT f.name, f.sha256, (SELECT count(*) FROM register.record r WHERE r.file_no = f.file_no"
            " AND r.sheet = f.sheet) FROM register.file f WHERE NOT f.entered AND f.list_date <= %s::date",
            [known],
        )
        return [SourceFile(*row) for row in cursor.fetchall()]


SOURCES = [Source("register.person", _files)]
