"""Where signing keys lie: paths, the public record, the lock, the passphrase. Only :mod:`keyring` uses it.

The border it keeps: files are 0600 in folders of 0700, written whole or not at all and on the disk before they have
their name.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from dancu.lib import signing
from dancu.store.errors import StoreError

USES = {
    "answer": "câu trả lời xác minh (answers of verification)",
    "feed": "thông báo thay đổi (change feed)",
    "ledger": "đầu cây sổ cái (tree heads of the ledger)",
    "offline": "danh sách ngoại tuyến (offline lists)",
}

_UNDER_WAY = dt.timedelta(minutes=1)


@dataclass(frozen=True)
class PublicKey:
    """A line of the public record. `endorsed_by`: the kid of the key that signed for this one."""

    kid: str
    jwk: dict[str, str]
    not_before: dt.datetime
    retired_at: dt.datetime | None = None
    why: str | None = None
    endorsed_by: str | None = None
    endorsement: bytes | None = None

    def was_in_force(self, at: dt.datetime) -> bool:
        """Whether a signature of this moment may be this key's; a minute for what was under way at a rotation."""
        end = self.retired_at + _UNDER_WAY if self.retired_at else None
        return self.not_before - _UNDER_WAY <= at and (end is None or at < end)


def read(path: Path) -> list[PublicKey]:
    """The public record, the oldest key first. Raises StoreError."""
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))["keys"]
        return [
            PublicKey(
                row["kid"], row["jwk"], dt.datetime.fromisoformat(row["not_before"]),
                dt.datetime.fromisoformat(row["retired_at"]) if row["retired_at"] else None,
                row["why"], row["endorsed_by"],
                signing.unb64(row["endorsement"]) if row["endorsement"] else None,
            )
            for row in rows
        ]  # fmt: skip
    except (ValueError, KeyError, TypeError) as error:
        raise StoreError(
            f"Bản ghi khoá công khai hỏng: {path.name}. Khôi phục từ bản sao lưu.\n"
            f"The public record {path.name} is damaged: restore it from a backup."
        ) from error


def row(key: PublicKey) -> dict[str, object]:
    """A line of the record as it is published."""
    return {
        "kid": key.kid,
        "jwk": key.jwk,
        "not_before": iso(key.not_before),
        "retired_at": iso(key.retired_at) if key.retired_at else None,
        "why": key.why,
        "endorsed_by": key.endorsed_by,
        "endorsement": signing.b64(key.endorsement) if key.endorsement else None,
    }


def save(use: str, keys: list[PublicKey], home: Path | None) -> None:
    """Replace the record in one step."""
    document = {"use": use, "keys": [row(key) for key in keys]}
    write(record(use, home), json.dumps(document, indent=1).encode(), mode=0o644)


def write(path: Path, data: bytes, mode: int = 0o600) -> None:
    """Whole or not at all, on the disk before it has its name, and its name on the disk before we go on."""
    part = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    _belongs(part)
    part.replace(path)
    place = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(place)
    finally:
        os.close(place)


def _belongs(path: Path) -> None:
    """An administrator rotates as root; the service, whose the folder is, must still read what was made."""
    if os.geteuid() == 0:
        owner = path.parent.stat()
        os.chown(path, owner.st_uid, owner.st_gid)


@contextmanager
def alone(use: str, home: Path | None) -> Iterator[None]:
    """One process at a time makes or rolls a key; the lock goes with the process."""
    path = private(use, "x", home).parent / ".lock"
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "w") as lock:
        _belongs(path)
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def passphrase() -> bytes | None:
    """Of a file (DANCU_KEYS_PASSPHRASE_FILE) or a systemd credential (`dancu-keys`); without one, keys lie open."""
    given = os.environ.get("DANCU_KEYS_PASSPHRASE_FILE")
    credentials = os.environ.get("CREDENTIALS_DIRECTORY")
    path = Path(given) if given else Path(credentials) / "dancu-keys" if credentials else None
    if path is None or (not given and not path.is_file()):
        return None
    return path.read_bytes().strip() or None


def record(use: str, home: Path | None) -> Path:
    """The place of the public record."""
    return folder(home) / "public" / f"{known(use)}.json"


def private(use: str, kid: str, home: Path | None) -> Path:
    """The place of a private key, in a folder that nobody else opens."""
    top = folder(home)
    for part in (top, top / "public", top / "private", top / "private" / known(use)):
        if not part.is_dir():
            part.mkdir(parents=True, exist_ok=True, mode=0o700)
            _belongs(part)
    return top / "private" / use / f"{kid}.pem"


def folder(home: Path | None) -> Path:
    """Where keys lie in this installation (or in `home`)."""
    return (home or Path(os.environ.get("DANCU_HOME") or Path.cwd())).absolute() / "var" / "keys"


def known(use: str) -> str:
    """The use, if it is one. Raises StoreError."""
    if use not in USES:
        raise StoreError(f"Không có loại khoá «{use}»: {', '.join(USES)}.\nThere is no use {use}.")
    return use


def iso(moment: dt.datetime) -> str:
    """The moment as it is signed and published: UTC, whole seconds."""
    return moment.astimezone(dt.UTC).isoformat("T", "seconds").replace("+00:00", "Z")
