"""What each version of an indicator was, kept for ever: an old figure is explained by the SQL of its own day."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from typing import Any

from django.db import connections

from dancu.engine.report import cells
from dancu.engine.report.indicators import Indicator
from dancu.platform.reports.registry import indicators

_DECIDES = ("basis", "unit_kind", "measure", "facts", "decimals", "unit_day", "weight")


class ChangedDefinition(RuntimeError):
    """The SQL of a version that was already counted by is another now; the message says what to do."""


def digest(indicator: Indicator) -> str:
    """SHA-256 of all that decides the digits of a figure."""
    said = {name: getattr(indicator, name) for name in _DECIDES}
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def write_down(*, using: str = "owner") -> int:
    """New definitions into the database, each tried; how many. Raises ChangedDefinition."""
    written = 0
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT code, version, digest FROM reports.definition")
        known = {(code, version): found for code, version, found in cursor.fetchall()}
        for indicator in indicators().values():
            key, own = (indicator.code, indicator.version), digest(indicator)
            if key not in known:
                _insert(cursor, indicator, own)
                written += 1
            elif known[key] != own:
                raise ChangedDefinition(
                    f"{indicator.code}: phiên bản {indicator.version} đã được dùng với câu lệnh khác; hãy tăng version."
                    f" (Version {indicator.version} was counted by with other SQL: raise its version.)"
                )
            else:
                # The same digits by a better statement of cells.
                cursor.execute(
                    "UPDATE reports.definition SET single = %s, monthly = %s WHERE code = %s AND version = %s"
                    " AND (single, monthly) IS DISTINCT FROM (%s, %s)",
                    [*_statements(indicator), *key, *_statements(indicator)],
                )
    return written


def _statements(indicator: Indicator) -> list[str]:
    return [cells.single(indicator), cells.monthly(indicator)]


def versions(code: str, *, using: str = "default") -> list[dict[str, Any]]:
    """All definitions of a code, the newest first, as they were."""
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT version, digest, said, since FROM reports.definition WHERE code = %s ORDER BY version DESC",
            [code],
        )
        rows = cursor.fetchall()
    names = ("version", "digest", "said", "since")
    found = [dict(zip(names, row, strict=True)) for row in rows]
    for one in found:
        one["said"] = json.loads(one["said"]) if isinstance(one["said"], str) else one["said"]
    return found


def _insert(cursor: Any, indicator: Indicator, own: str) -> None:
    cursor.execute("SELECT * FROM (" + indicator.facts.replace("%", "%%") + ") AS fact LIMIT 0", [])
    cursor.execute(
        "INSERT INTO reports.definition (code, version, digest, said, single, monthly)"
        " VALUES (%s, %s, %s, %s::jsonb, %s, %s)",
        [indicator.code, indicator.version, own, json.dumps(asdict(indicator), ensure_ascii=False),
         cells.single(indicator), cells.monthly(indicator)],
    )  # fmt: skip
