"""The programs that dump and restore a database: those that fit the server, from the machine or from our wheel."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from psycopg import conninfo

from dancu.store import pg_binaries
from dancu.store.errors import StoreError

PROGRAMS = ("pg_dump", "pg_restore", "psql")
_INSTALLED = ("usr/lib/postgresql/*/bin", "usr/pgsql-*/bin", "opt/homebrew/opt/postgresql@*/bin")
_VERSION = re.compile(r"\(PostgreSQL\) (\d+)")


@dataclass(frozen=True)
class Tools:
    """One folder with ``pg_dump``, ``pg_restore`` and ``psql`` of one ``major`` version."""

    folder: Path
    major: int

    def command(self, program: str, *words: str) -> list[str]:
        """What to run."""
        return [str(self.folder / program), *words]


def fitting(server: int) -> Tools:
    """Of the programs that are not older than the server, the nearest; raises StoreError when there are none."""
    fit = [tools for tools in _found() if tools.major >= server]
    if not fit:
        raise StoreError(
            f"Không có pg_dump, pg_restore và psql từ phiên bản {server} trên máy này. Cài đặt bằng lệnh: "
            f"apt-get install postgresql-client-{server}\n"
            f"pg_dump, pg_restore and psql of version {server} or newer were not found: install them."
        )
    return min(fit, key=lambda tools: tools.major)


def reach(dsn: str) -> tuple[str, dict[str, str]]:
    """How a program connects: an address without the password, and an environment that holds it.

    Arguments of a process can be read by every user of the machine; its environment cannot.
    """
    parts = conninfo.conninfo_to_dict(dsn)
    secret = parts.pop("password", None)
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PG", "LC_", "LANG"))}
    kept |= {"LC_ALL": "C", "PGOPTIONS": "-c statement_timeout=0 -c lock_timeout=0"}
    if secret:
        kept["PGPASSWORD"] = str(secret)
    return f"postgresql:///?{urlencode({k: str(v) for k, v in parts.items()})}", kept


def _found() -> list[Tools]:
    folders = [f for pattern in _INSTALLED for f in Path("/").glob(pattern)]
    folders += [b.bin_dir for b in pg_binaries.available()]
    if on_path := shutil.which("pg_dump"):
        folders.append(Path(os.path.realpath(on_path)).parent)
    return [t for folder in dict.fromkeys(f.resolve() for f in folders) if (t := _look(folder))]


def _look(folder: Path) -> Tools | None:
    if not all((folder / name).is_file() for name in PROGRAMS):
        return None
    asked = subprocess.run(  # noqa: S603
        [folder / "pg_dump", "--version"], capture_output=True, text=True, check=False
    )
    found = _VERSION.search(asked.stdout)
    return Tools(folder, int(found[1])) if found and asked.returncode == 0 else None
