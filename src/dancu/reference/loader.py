"""The only door to the reference files in the package: CSV and JSON rows, and "valid on a day".

Border: nothing else in dancu opens a file under `reference/data`. Rows keep the text of the
file; the modules beside this one give them types. A last day (`valid_to`, `effective_to`) is
inclusive, as Vietnamese legal texts write it; an empty one means "still in force".
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, TypeVar

from dancu.reference.errors import ReferenceDataError

T = TypeVar("T")
Row = dict[str, str]


def resource(path: str) -> Traversable:
    """The packaged file `path` (as `admin/units_2024-05-01.csv`)."""
    found = files("dancu.reference").joinpath("data", *path.split("/"))
    if not found.is_file():
        raise ReferenceDataError(
            f"Không có tệp tham chiếu “{path}” trong gói dancu. Hãy cài lại gói. "
            f"(Reference file {path} is not in the package; reinstall it.)"
        )
    return found


def iter_rows(path: str) -> Iterator[Row]:
    """Rows of a packaged CSV file as dictionaries of text."""
    text = resource(path).read_text(encoding="utf-8-sig")
    yield from csv.DictReader(text.splitlines(keepends=True))


@cache
def rows(path: str) -> tuple[Row, ...]:
    """All rows of a packaged CSV file, read once per process."""
    return tuple(iter_rows(path))


def json_of(path: str) -> Any:
    """The value of a packaged JSON or GeoJSON file, read anew at each call."""
    return json.loads(resource(path).read_text(encoding="utf-8"))


def day(text: str) -> date | None:
    """`2024-07-01` as a date, the empty text as None, a bare year as its first day.

    >>> day("2026"), day("")
    (datetime.date(2026, 1, 1), None)
    """
    if not text:
        return None
    return date(int(text), 1, 1) if len(text) == 4 else date.fromisoformat(text)


def valid_on(first: date | None, last: date | None, *, on: date) -> bool:
    """Whether the day lies in the period; both ends belong to it, None is open."""
    return (first is None or first <= on) and (last is None or on <= last)


def in_force(
    items: Iterable[T],
    *,
    on: date,
    period: Callable[[T], tuple[date | None, date | None]],
) -> tuple[T, ...]:
    """The items whose period (first and last day) holds the day, in their own order."""
    return tuple(item for item in items if valid_on(*period(item), on=on))
