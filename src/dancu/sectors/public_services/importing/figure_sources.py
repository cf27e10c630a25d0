"""The lists of other portals that dossiers came by; what was filed here has no file, its moves are events."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import connections

from dancu.kit.snapshots import Source, SourceFile


def _files(known: dt.datetime, using: str) -> list[SourceFile]:
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT f ->> 'name', f ->> 'sha256', coalesce((f ->> 'rows')::integer, 0) FROM services.import i,"
            " jsonb_array_elements(i.files) AS f WHERE i.at <= %s",
            [known],
        )
        rows: list[Any] = cursor.fetchall()
    return [SourceFile(*row) for row in rows]


SOURCES = [Source("services.dossier", _files)]
