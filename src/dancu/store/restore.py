"""A backup back into an empty database: proved before, put in by one transaction, proved in it again, then kept.

Until that transaction is committed nothing is there, and it is not when a table does not hold what the backup says.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import shutil
import subprocess
import threading
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Any

from psycopg import sql

from dancu.store import pg_tools, sealed
from dancu.store.backup import (
    DUMP,
    FILES,
    FORMAT,
    MANIFEST,
    PRINT,
    SECRETS,
    SETTINGS,
    Manifest,
    Part,
    Progress,
    Table,
)  # fmt: skip
from dancu.store.errors import StoreError
from dancu.store.postgres import connect

_CHUNK = 1 << 20
_HEAD = 1 << 16
"""Of the restoring script: its settings stand at the beginning."""


class Backup:
    """An opened backup; use as a context manager."""

    def __init__(self, path: Path, passphrase: str | None) -> None:
        """Opens the file and reads its list. Raises StoreError."""
        self._file = path.open("rb")
        source: Any = self._file
        if sealed.is_sealed(self._file):
            if not passphrase:
                raise StoreError(
                    "Bản sao lưu này được niêm phong; cần mật khẩu của nó.\n"
                    "This backup is sealed: its passphrase is needed."
                )
            source = sealed.Reader(self._file, passphrase)
        try:
            self._archive = zipfile.ZipFile(source)
            self.manifest = _manifest(json.loads(self._archive.read(MANIFEST)))
        except (zipfile.BadZipFile, KeyError, ValueError, TypeError) as error:
            raise _damaged("manifest.json") from error
        if self.manifest.format != FORMAT:
            raise StoreError(
                f"Bản sao lưu theo định dạng {self.manifest.format}, chương trình này đọc định dạng {FORMAT}.\n"
                f"The backup has format {self.manifest.format}; this release reads {FORMAT}."
            )

    def __enter__(self) -> Backup:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def prove(self, progress: Progress = lambda _what, _share: None) -> None:
        """Read everything; raises StoreError for what is missing, changed or not in the list."""
        listed = set(self.manifest.parts) | {MANIFEST}
        if listed != set(self._archive.namelist()) or DUMP not in listed:
            raise _damaged("manifest.json")
        for at, (name, part) in enumerate(self.manifest.parts.items()):
            progress(f"kiểm tra {name}", 0.2 * at / len(self.manifest.parts))
            if self._found(name) != part:
                raise _damaged(name)

    def secrets(self) -> dict[str, str]:
        """Name -> secret; empty for a plain backup."""
        inside = [name for name in self.manifest.parts if name.startswith(SECRETS)]
        return {name.removeprefix(SECRETS): self._archive.read(name).decode() for name in inside}

    def unpack(self, folder: Path) -> list[Path]:
        """The files below ``folder``; each appears whole. Those that were there are replaced."""
        made = []
        for name in self.manifest.parts:
            if not name.startswith(FILES):
                continue
            target = folder / name.removeprefix(FILES)
            if not target.resolve().is_relative_to(folder.resolve()):
                raise _damaged(name)
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            part = target.with_name(f".{target.name}.part")
            with self._archive.open(name) as source, part.open("wb") as out:
                part.chmod(0o600)
                shutil.copyfileobj(source, out, _CHUNK)
            part.rename(target)
            made.append(target)
        return made

    def dump(self) -> IO[bytes]:
        """What pg_restore reads."""
        return self._archive.open(DUMP)

    def _found(self, name: str) -> Part:
        digest, size = hashlib.sha256(), 0
        try:
            with self._archive.open(name) as entry:
                while chunk := entry.read(_CHUNK):
                    digest.update(chunk)
                    size += len(chunk)
        except (zipfile.BadZipFile, EOFError) as error:
            raise _damaged(name) from error
        return Part(size, digest.hexdigest())


def check_empty(dsn: str) -> None:
    """Raises StoreError when the database holds a table."""
    with connect(dsn) as con:
        found = con.execute(
            "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE c.relkind IN ('r', 'p') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'"
        ).fetchone()
    if found and found[0]:
        raise StoreError(
            "Cơ sở dữ liệu này đã có bảng: chỉ khôi phục vào cơ sở dữ liệu trống (DANCU_HOME hoặc DATABASE_URL khác).\n"
            "This database has tables: restore into an empty one (another DANCU_HOME or DATABASE_URL)."
        )


def put_back(
    dsn: str,
    backup: Backup,
    *,
    roles: Iterable[str],
    progress: Progress = lambda _what, _share: None,
) -> None:
    """The database of ``backup`` into the empty one of ``dsn``; all or nothing. Raises StoreError.

    ``roles``: those that the grants and policies name; the missing ones are made without any power.
    """
    check_empty(dsn)
    server = _ready(dsn, backup.manifest, roles)
    tools = pg_tools.fitting(server)
    address, environment = pg_tools.reach(dsn)
    psql = tools.command(
        "psql", "-X", "-q", "-w", "-v", "ON_ERROR_STOP=1", "-v", "VERBOSITY=sqlstate", "-f", "-", address
    )  # fmt: skip
    progress("nạp lại cơ sở dữ liệu", 0.2)
    with subprocess.Popen(  # noqa: S603
        psql, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment
    ) as running:
        if running.stdin is None or running.stdout is None or running.stderr is None:
            raise AssertionError("pipes were asked for")
        told = _Told(running.stdout, backup.manifest.tables, progress)
        told.start()
        whole = _feed(running.stdin, backup, tools, environment)
        if not whole:
            running.kill()  # the transaction is never committed
        said = running.stderr.read().decode(errors="replace")
        told.join()
    if running.returncode or not whole:
        raise StoreError(
            f"Không khôi phục được ({told.last or 'cơ sở dữ liệu'}: {said.strip()[-60:]}); chưa có gì được ghi.\n"
            f"Not restored ({told.last or 'database'}): nothing was written."
        )
    with connect(dsn, autocommit=True) as con:
        progress("thống kê", 0.98)
        con.execute("ANALYZE")


_PROVING = "proving "


class _Told(threading.Thread):
    """What psql says while it works: the table whose rows are being proved."""

    def __init__(self, out: IO[bytes], tables: Any, progress: Progress) -> None:
        super().__init__(daemon=True)
        self._out, self._tables, self._progress = out, tables, progress
        self.last = ""

    def run(self) -> None:
        proved = 0
        for line in self._out:
            said = line.decode(errors="replace").strip()
            if said.startswith(_PROVING):
                self.last = said.removeprefix(_PROVING)
                self._progress(f"kiểm tra {self.last}", 0.7 + 0.28 * proved / len(self._tables))
                proved += 1


def _ready(dsn: str, manifest: Manifest, roles: Iterable[str]) -> int:
    """The server's version, once it is fit to take the backup."""
    with connect(dsn) as con:
        server = con.info.server_version // 10000
        if server < manifest.postgres:
            raise StoreError(
                f"Bản sao lưu từ PostgreSQL {manifest.postgres}, máy chủ này là {server}; cần từ {manifest.postgres}.\n"
                f"The backup is from PostgreSQL {manifest.postgres}; this server is {server}."
            )
        here = {name for (name,) in con.execute("SELECT rolname FROM pg_roles").fetchall()}
        if manifest.owner not in here:
            raise StoreError(
                f"Bản sao lưu thuộc vai trò {manifest.owner}; lập vai trò này trước, hoặc kết nối bằng nó.\n"
                f"The backup's owner is the role {manifest.owner}: make it first, or connect as it."
            )
        for role in sorted(set(roles) - here):
            con.execute(
                sql.SQL("CREATE ROLE {} NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE").format(sql.Identifier(role))
            )  # fmt: skip
    return server


def _feed(
    out: IO[bytes], backup: Backup, tools: pg_tools.Tools, environment: dict[str, str]
) -> bool:
    """The script into psql: what pg_restore makes of the dump, then the proofs. False when it broke off.

    The last word is COMMIT: a script that ends earlier, because this process was killed, leaves nothing.
    """
    command = tools.command("pg_restore", "--no-owner", "--file=-")
    with subprocess.Popen(  # noqa: S603
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
    ) as making:
        if making.stdin is None or making.stdout is None:
            raise AssertionError("pipes were asked for")
        giving = threading.Thread(target=_give, args=(backup, making.stdin), daemon=True)
        giving.start()
        try:
            out.write(b"BEGIN;\n" + _without_news(making.stdout.read(_HEAD)))
            shutil.copyfileobj(making.stdout, out, _CHUNK)
        except BrokenPipeError:
            making.kill()
            with contextlib.suppress(BrokenPipeError):
                out.close()
            return True  # psql gave up and says why
        giving.join()
    if making.returncode:
        return False
    with contextlib.suppress(BrokenPipeError):
        out.write(_proofs(backup.manifest.tables).encode())
    with contextlib.suppress(BrokenPipeError):
        out.close()
    return True


def _give(backup: Backup, target: IO[bytes]) -> None:
    try:
        with target, backup.dump() as source:
            shutil.copyfileobj(source, target, _CHUNK)
    except (BrokenPipeError, OSError, StoreError):
        pass  # pg_restore ends with an error, which is told


def _without_news(head: bytes) -> bytes:
    """Newer programs set what older servers do not know."""
    return head.replace(b"SET transaction_timeout = 0;\n", b"")


def _proofs(tables: Any) -> str:
    """For each table: say its name, then fail unless it holds what the backup says."""
    lines = [f"{setting};" for setting in SETTINGS]
    for name, table in tables.items():
        query = sql.SQL(PRINT).format(table=sql.Identifier(*name.split(".", 1))).as_string(None)
        lines += [
            f"\\echo {_PROVING}{name}",
            f"DO $proof$ BEGIN IF (SELECT ROW(p.*)::text FROM ({query}) AS p(n, s)) <> '({table.rows},{table.print})'"
            " THEN RAISE EXCEPTION 'differs'; END IF; END $proof$;",
        ]
    return "\n".join(["", *lines, "COMMIT;", ""])


def _manifest(told: dict[str, Any]) -> Manifest:
    tables = {name: Table(**table) for name, table in told.pop("tables").items()}
    parts = {name: Part(**part) for name, part in told.pop("parts").items()}
    left_out = tuple(told.pop("left_out"))
    return Manifest(**told, tables=tables, parts=parts, left_out=left_out)


def _damaged(what: str) -> StoreError:
    return StoreError(
        f"Tệp sao lưu đã hỏng ở {what}; chưa có gì được ghi, dùng bản khác.\n"
        f"The backup is damaged at {what}; nothing was written."
    )
