"""What came of imports and comparisons, read for the pages through row-level security."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from django.db import connection

from dancu.sectors.public_services.importing.counted import Difference, Figures

PAGE = 50


def _dicts(query: str, given: Sequence[Any]) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(query, [*given])
        names = [column.name for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def imports(most: int = 20) -> list[dict[str, Any]]:
    """The latest imports."""
    rows = _dicts("SELECT * FROM services.import ORDER BY import_no DESC LIMIT %s", [most])
    return [row | {"files": _json(row["files"]), "reasons": _json(row["reasons"])} for row in rows]


def one_import(number: int) -> dict[str, Any] | None:
    """One import."""
    rows = _dicts("SELECT * FROM services.import WHERE import_no = %s", [number])
    return (
        rows[0] | {"files": _json(rows[0]["files"]), "reasons": _json(rows[0]["reasons"])}
        if rows
        else None
    )


def bad_rows(
    number: int, *, reason: str = "", skip: int = 0, most: int = PAGE
) -> list[dict[str, Any]]:
    """Rows of an import that were not taken."""
    return _dicts(
        "SELECT file, sheet, row, heading, reason, message_vi, cells FROM services.import_bad WHERE import_no = %s"
        " AND (%s = '' OR reason = %s) ORDER BY bad_no OFFSET %s LIMIT %s",
        [number, reason, reason, skip, most],
    )


def lists(most: int = 20) -> list[dict[str, Any]]:
    """The latest lists of differences."""
    rows = _dicts("SELECT * FROM services.difference_list ORDER BY list_no DESC LIMIT %s", [most])
    return [_list(row) for row in rows]


def one_list(number: int) -> dict[str, Any] | None:
    """One list of differences."""
    rows = _dicts("SELECT * FROM services.difference_list WHERE list_no = %s", [number])
    return _list(rows[0]) if rows else None


def _list(row: dict[str, Any]) -> dict[str, Any]:
    totals, effects = _json(row["totals"]), _json(row["effects"])
    a, b = (Figures(**totals[which]) for which in ("a", "b"))
    told = {
        reason: (told["dossiers"], Figures(*(told[name] for name in Figures._fields)))
        for reason, told in effects.items()
    }
    largest = sorted(told.items(), key=lambda item: _weight(*item[1]), reverse=True)
    return row | {
        "a": a,
        "b": b,
        "gap": a.less(b),
        "uncounted": totals["uncounted"],
        "effects": dict(largest),
    }


def _weight(dossiers: int, effect: Figures) -> tuple[int, int]:
    """What moves the figures most comes first; JSON of the database keeps no order."""
    return max(map(abs, effect)), dossiers


def differences(
    number: int, *, reason: str = "", unit: str = "", moved: bool = False, code: str = "", skip: int = 0,
    most: int = PAGE,
) -> list[dict[str, Any]]:  # fmt: skip
    """Differences that fulfil what is asked, each with the number of the dossier in our register if it is there."""
    return _dicts(
        "SELECT f.*, d.dossier_no FROM (SELECT * FROM services.difference WHERE list_no = %s"
        " AND (%s = '' OR reason = %s) AND (%s = '' OR unit_code = %s)"
        " AND (NOT %s OR total <> 0 OR online <> 0 OR on_time <> 0) AND (%s = '' OR code = %s)"
        " ORDER BY difference_no OFFSET %s LIMIT %s) AS f LEFT JOIN services.dossier d ON d.code = f.code"
        " ORDER BY f.difference_no",
        [number, reason, reason, unit, unit, moved, code, code, skip, most],
    )


def as_difference(row: dict[str, Any]) -> Difference:
    """A row as it was found."""
    return Difference(
        row["code"], row["unit_code"], row["procedure"], row["reason"], row["words"],
        Figures(row["total"], row["online"], row["on_time"]), row["row_a"], row["row_b"],
    )  # fmt: skip
