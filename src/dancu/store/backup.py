"""A backup: the whole database as of one moment, the files that belong to it, and a list by which it is proved.

One file: a zip archive (``database.dump`` for pg_restore, ``files/…``, ``secrets/…``, ``manifest.json``), sealed
under a passphrase or, when asked for, plain; secrets are never in a plain one. It appears under its name only when
it is whole.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import os
import subprocess
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any

import psycopg
from psycopg import sql

from dancu import __version__
from dancu.store import pg_tools, sealed
from dancu.store.errors import StoreError
from dancu.store.postgres import connect

FORMAT = 1
DUMP, MANIFEST, FILES, SECRETS = "database.dump", "manifest.json", "files/", "secrets/"
SUFFIX = ".dancu"
_CHUNK = 1 << 20
Progress = Callable[[str, float], None]
Connection = psycopg.Connection[Any]

SETTINGS = (
    "SET datestyle = 'ISO, YMD'", "SET timezone = 'UTC'", "SET intervalstyle = 'iso_8601'",
    "SET extra_float_digits = 1", "SET bytea_output = 'hex'",
)  # fmt: skip
"""Under these a row reads the same everywhere."""
PRINT = (
    "SELECT pg_catalog.count(*), coalesce(pg_catalog.sum(('x' || pg_catalog.substr(pg_catalog.md5(t::text), 1, 15))"
    "::bit(60)::bigint), 0)::text FROM {table} AS t"
)
"""Rows of a table and a sum over the hash of each: the same whatever their order, another with any row changed."""


@dataclass(frozen=True)
class Part:
    """One entry of the archive."""

    bytes: int
    sha256: str


@dataclass(frozen=True)
class Table:
    """What a table held: its rows, and the sum by which they are known."""

    rows: int
    print: str


@dataclass(frozen=True)
class Manifest:
    """What a backup holds."""

    format: int
    dancu: str
    made_at: str
    postgres: int
    owner: str
    sealed: bool
    tables: Mapping[str, Table]
    parts: Mapping[str, Part] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()
    """What a restored installation will miss."""


@dataclass(frozen=True)
class Made:
    """A finished backup."""

    path: Path
    bytes: int
    sha256: str
    manifest: Manifest


def name(now: dt.datetime) -> str:
    """The file's name in a folder of backups: by name is by time."""
    return f"dancu-{now:%Y%m%d-%H%M%S}{SUFFIX}"


def make(
    dsn: str,
    path: Path,
    *,
    now: dt.datetime,
    passphrase: str | None,
    files: Mapping[str, Path],
    secrets: Mapping[str, str],
    progress: Progress = lambda _what, _share: None,
) -> Made:
    """Write the backup to ``path``, which must not be there. All or nothing; raises StoreError.

    ``files``: name in the archive -> file or folder; ``secrets``: left out when there is no ``passphrase``.
    """
    if path.exists():
        raise StoreError(
            f"Đã có tệp {path}; chọn tên khác.\n{path} is there already: choose another name."
        )
    part = path.with_name(f".{path.name}.part")
    try:
        with _private(part) as out:
            manifest = _write(dsn, out, now, passphrase, files, secrets, progress)
            out.flush()
            os.fsync(out.fileno())
        digest, size = _hash_of(part)
        part.rename(path)
        _sync(path.parent)
    finally:
        part.unlink(missing_ok=True)
    progress("xong", 1.0)
    return Made(path, size, digest, manifest)


def _write(
    dsn: str, out: IO[bytes], now: dt.datetime, passphrase: str | None, files: Mapping[str, Path],
    secrets: Mapping[str, str], progress: Progress,
) -> Manifest:  # fmt: skip
    target: Any = sealed.Writer(out, passphrase) if passphrase else out
    parts: dict[str, Part] = {}
    with _snapshot(dsn) as (con, snapshot):
        tables = prints(con, progress)
        with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
            progress("cơ sở dữ liệu", 0.3)
            parts[DUMP] = _dump(dsn, con, snapshot, archive)
            for at, (inside, file) in enumerate(found := list(_listed(files))):
                progress("tệp kèm theo", 0.8 + 0.2 * at / len(found))
                parts[inside] = _put(archive, inside, file.open("rb"))
            for key, value in secrets.items() if passphrase else ():
                parts[SECRETS + key] = _put(archive, SECRETS + key, io.BytesIO(value.encode()))
            manifest = Manifest(
                FORMAT, __version__, now.isoformat(timespec="seconds"), con.info.server_version // 10000,
                _owner(con), bool(passphrase), tables, parts, () if passphrase else tuple(secrets),
            )  # fmt: skip
            archive.writestr(MANIFEST, json.dumps(asdict(manifest), ensure_ascii=False, indent=1))
    if passphrase:
        target.finish()
    return manifest


@contextmanager
def _snapshot(dsn: str) -> Iterator[tuple[Connection, str]]:
    """One moment, shared by the counting and the dump."""
    with connect(dsn) as con:
        con.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        con.read_only = True
        row = con.execute("SELECT pg_export_snapshot()").fetchone()
        yield con, str(row[0]) if row else ""


def prints(con: Connection, progress: Progress = lambda _what, _share: None) -> dict[str, Table]:
    """Every table of the database: how many rows, and their sum."""
    for setting in SETTINGS:
        con.execute(setting.encode())
    found = con.execute(
        "SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE c.relkind = 'r' AND c.relpersistence <> 't' AND n.nspname !~ '^pg_'"
        " AND n.nspname <> 'information_schema' AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid"
        " AND d.classid = 'pg_class'::regclass AND d.deptype = 'e') ORDER BY 1, 2"
    ).fetchall()
    made = {}
    for at, (schema, table) in enumerate(found):
        progress(f"{schema}.{table}", 0.3 * at / len(found))
        query = sql.SQL(PRINT).format(table=sql.Identifier(schema, table))
        rows, total = con.execute(query).fetchone() or (0, "0")
        made[f"{schema}.{table}"] = Table(rows, total)
    return made


def _dump(dsn: str, con: Connection, snapshot: str, archive: zipfile.ZipFile) -> Part:
    tools = pg_tools.fitting(con.info.server_version // 10000)
    address, environment = pg_tools.reach(dsn)
    command = tools.command(
        "pg_dump", "--format=custom", "--compress=1", f"--snapshot={snapshot}", "--no-password", address,
    )  # fmt: skip
    with subprocess.Popen(  # noqa: S603
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment
    ) as running:
        if running.stdout is None or running.stderr is None:
            raise AssertionError("pipes were asked for")
        part = _put(archive, DUMP, running.stdout)
        said = running.stderr.read().decode(errors="replace")
    if running.returncode:
        raise StoreError(
            f"pg_dump không chạy được: {said.strip()[:300]}\npg_dump failed; no backup was written."
        )
    return part


def _put(archive: zipfile.ZipFile, inside: str, source: IO[bytes]) -> Part:
    digest, size = hashlib.sha256(), 0
    with source, archive.open(inside, "w", force_zip64=True) as entry:
        while chunk := source.read(_CHUNK):
            entry.write(chunk)
            digest.update(chunk)
            size += len(chunk)
    return Part(size, digest.hexdigest())


def _listed(files: Mapping[str, Path]) -> Iterator[tuple[str, Path]]:
    for inside, place in files.items():
        if place.is_file():
            yield f"{FILES}{inside}", place
        for found in sorted(place.rglob("*")) if place.is_dir() else ():
            if found.is_file() and not found.is_symlink():
                yield f"{FILES}{inside}/{found.relative_to(place).as_posix()}", found


def _owner(con: Connection) -> str:
    row = con.execute("SELECT current_user").fetchone()
    return str(row[0]) if row else ""


@contextmanager
def _private(path: Path) -> Iterator[IO[bytes]]:
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        yield out


def _hash_of(path: Path) -> tuple[str, int]:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest(), path.stat().st_size


def _sync(folder: Path) -> None:
    """The new name is on the disk, too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
