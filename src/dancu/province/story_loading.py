"""A story into an empty, migrated database: through the doors that real lists and clerks use, known since the days of
the lists.

People come as a run's tables, dossiers by the import of a portal's lists, directives, plans, budgets and posts as
entries of the books. What is loaded counts as known from the morning of the review, so that a report asked for as it
was known then has the figures, whatever is corrected or merged afterwards.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

import psycopg

from dancu.kit.register import set_register_day
from dancu.province.story_dossiers import FILES, NOW
from dancu.sectors.direction import sample
from dancu.sectors.public_services.importing import reading, taking
from dancu.store.files import read_file
from dancu.store.postgres import connect
from dancu.store.register import loading

KNOWN = NOW.replace(tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
SOURCE = "cong-tinh"
_SINCE = (
    "SELECT table_schema, table_name, column_name, column_default FROM information_schema.columns"
    " WHERE column_default = 'now()' AND (table_schema, column_name) IN"
    " (('register', 'recorded_from'), ('register', 'opened_at'), ('services', 'known_from'))"
    " ORDER BY 1, 2, 3"
)
_FOLD = "SELECT services.fold(2147483647)"
Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class Loaded:
    """How many of each came in; `refused`: lines of the dossier lists that were not taken."""

    people: int
    dossiers: int
    refused: int
    directives: int


def load(
    dsn: str, origin: loading.Origin, folder: Path, *,
    progress: Progress = lambda _what, _share: None,
) -> Loaded:  # fmt: skip
    """All of it. `origin`: the run of `lists/`; `folder`: of the dossier lists. Needs Django set up on the database."""
    with known_since(dsn, KNOWN):
        rows = loading.load(dsn, origin, progress=progress).rows
        set_register_day(origin.on)
        taken = dossiers(dsn, folder, progress=progress)
    progress("văn bản, kế hoạch, kinh phí", 0.95)
    made = sample.make()
    with connect(dsn, autocommit=True) as con:
        con.execute(_FOLD)
        con.execute(
            "VACUUM (ANALYZE) services.dossier, services.kept, services.delta, register.person"
        )
    return Loaded(rows["person"], taken.added, taken.bad, made.directives)


def dossiers(dsn: str, folder: Path, *, progress: Progress) -> taking.Taken:
    """The portal's lists, in one transaction."""
    files = [folder / name for name in FILES.values()]
    sheets = [sheet for f in files for sheet in reading.read(read_file(f), name=f.name)]
    with connect(dsn) as con:
        return taking.take(con, sheets, taking.Order("story", SOURCE, KNOWN), progress=progress)


@contextmanager
def known_since(dsn: str, moment: dt.datetime) -> Iterator[None]:
    """What is written meanwhile by whoever gives no moment of knowledge is known since this one."""
    with connect(dsn) as con:
        columns = con.execute(_SINCE.encode()).fetchall()
        _defaults(con, columns, f"timestamptz '{moment.isoformat()}'")
    try:
        yield
    finally:
        with connect(dsn) as con:
            _defaults(con, columns, "now()")


def _defaults(
    con: psycopg.Connection[tuple[object, ...]], columns: list[tuple[object, ...]], value: str
) -> None:
    for schema, table, column, _ in columns:
        con.execute(
            f"ALTER TABLE {schema}.{table} ALTER COLUMN {column} SET DEFAULT {value}".encode()
        )
