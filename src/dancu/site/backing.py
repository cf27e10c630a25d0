"""What of an installation goes into a backup and where it goes back: the database, files, the secret key.

The secret key opens the second factors kept in the database; signing keys speak for this installation. They go into
a sealed backup only; after restoring a plain one every user enrolls the second factor anew and every signing key is
rolled over as lost. The public record of the keys goes into both, so that old signatures hold.
Passwords of database roles are made anew by ``dancu migrate``.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from dancu.site import addresses, home
from dancu.site.boot import SiteError
from dancu.store import backup, keyring, restore, supervisor

Progress = Callable[[str, float], None]
KEY, OLD_KEYS, SIGNING = "secret-key", "old-secret-keys", "signing/"
_KEY_FILE = "var/site/secret-key"
_FILES = {
    "site/files": "var/site/files",
    "site/demo-accounts.json": "var/site/demo-accounts.json",
    "evidence": "var/evidence",
    "keys": "var/keys/public",
}
"""Name in the archive -> place in the installation: what people have attached."""


def back_up(
    target: Path, *, passphrase: str | None, now: dt.datetime, keep: int | None, progress: Progress
) -> backup.Made:
    """A backup as ``target``, or in the folder ``target`` under a name by time; then the oldest beyond ``keep`` go."""
    into = target.is_dir() or not target.suffix
    path = target / backup.name(now) if into else target
    made = backup.make(
        supervisor.ensure(home.folder()).dsn, path, now=now, passphrase=passphrase,
        files={inside: home.folder() / place for inside, place in _FILES.items()},
        secrets=_secrets(), progress=progress,
    )  # fmt: skip
    if keep and into:
        for old in sorted(target.glob(f"dancu-*{backup.SUFFIX}"))[:-keep]:
            old.unlink()
    return made


def check(path: Path, *, passphrase: str | None, progress: Progress) -> backup.Manifest:
    """Read the whole backup and prove it, without touching a database."""
    with restore.Backup(path, passphrase) as opened:
        opened.prove(progress)
        return opened.manifest


def put_back(path: Path, *, passphrase: str | None, progress: Progress) -> backup.Manifest:
    """The backup into this installation, whose database must be empty; then carried forward to this release."""
    dsn = supervisor.ensure(home.folder()).dsn
    restore.check_empty(dsn)
    with restore.Backup(path, passphrase) as opened:
        opened.prove(progress)
        _check_key(opened.secrets())
        with _files_of(opened), _key_of(opened.secrets()):
            restore.put_back(dsn, opened, roles=addresses.ROLES.values(), progress=progress)
        manifest = opened.manifest
    from dancu.site import boot

    progress("nâng cấp", 0.99)
    boot.migrate()
    progress("xong", 1.0)
    return manifest


def _secrets() -> dict[str, str]:
    found = {KEY: home.secret_key()}
    if old := home.old_secret_keys():
        found[OLD_KEYS] = ",".join(old)
    return found | {SIGNING + name: text for name, text in keyring.pack(home=home.folder()).items()}


def _check_key(secrets: dict[str, str]) -> None:
    """A key given in the environment stands above the file: it must be the one that the database was sealed under."""
    given = os.environ.get("DANCU_SECRET_KEY")
    known = {given, *os.environ.get("DANCU_OLD_SECRET_KEYS", "").split(",")}
    if given and secrets.get(KEY) and secrets[KEY] not in known:
        raise SiteError(
            "DANCU_SECRET_KEY khác khoá trong bản sao lưu: mã xác thực của mọi người sẽ không đọc được. "
            "Bỏ biến này, hoặc đặt lại khoá cũ.\n"
            "DANCU_SECRET_KEY is not the key of the backup: unset it, or set the former one."
        )


@contextlib.contextmanager
def _files_of(opened: restore.Backup) -> Iterator[None]:
    """The files in their places; taken out again when the database does not follow."""
    waiting = home.folder() / "var" / ".restoring"
    moved: list[Path] = []
    try:
        for file in opened.unpack(waiting):
            target = _place(file.relative_to(waiting).as_posix())
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            if not target.exists():
                moved.append(target)
            file.rename(target)
        yield
    except BaseException:
        for target in moved:
            target.unlink(missing_ok=True)
        raise
    finally:
        shutil.rmtree(waiting, ignore_errors=True)


@contextlib.contextmanager
def _key_of(secrets: dict[str, str]) -> Iterator[None]:
    """The backup's key in place of the one that an empty installation has made; that one is put back on failure."""
    if KEY not in secrets:
        yield
        return
    path = home.folder() / _KEY_FILE
    before = path.read_text(encoding="utf-8") if path.is_file() else None
    home.keep(_KEY_FILE, secrets[KEY])
    if OLD_KEYS in secrets:
        home.keep("var/site/old-secret-keys", secrets[OLD_KEYS])
    signing = {k.removeprefix(SIGNING): v for k, v in secrets.items() if k.startswith(SIGNING)}
    keyring.unpack(signing, home=home.folder())
    try:
        yield
    except BaseException:
        if before is None:
            path.unlink()
        else:
            home.keep(_KEY_FILE, before)
        raise


def _place(inside: str) -> Path:
    for name, place in _FILES.items():
        if inside == name or inside.startswith(f"{name}/"):
            return home.folder() / (place + inside.removeprefix(name))
    raise SiteError(f"Không biết chỗ của tệp {inside}.\nThe place of {inside} is not known.")


def told(made: backup.Made) -> str:
    """The line for a log: what, how large, its hash. No row of anybody."""
    rows = sum(table.rows for table in made.manifest.tables.values())
    return json.dumps(
        {"file": made.path.name, "bytes": made.bytes, "sha256": made.sha256, "rows": rows,
         "tables": len(made.manifest.tables), "left_out": list(made.manifest.left_out)}
    )  # fmt: skip
