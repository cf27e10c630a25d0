"""The installation's signing keys: one Ed25519 key in force for each use, rolled over without breaking old proofs.

The border it keeps: private keys never leave this room, callers get `sign`. `var/keys/private/<use>/<kid>.pem` (0600
in a 0700 folder) holds the key in force; `var/keys/public/<use>.json` is the record that goes out: every key there
ever was with its period, each signed for by the one before. The record is the truth and is replaced in one step, so
that a crash at any point leaves the old state or the new one; a private key that the record does not name as the one
in force is swept by the next rotation. Others verify with :mod:`dancu.lib.signing` or any JOSE library.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from dancu.lib import signing
from dancu.store import key_files as files
from dancu.store.errors import StoreError
from dancu.store.key_files import PublicKey

USES = files.USES
ROTATED, LOST, STOLEN = "rotated", "lost", "stolen"
"""Why a key was retired. Only the first lets the old key speak for the new one."""

_KID = re.compile(r"[A-Za-z0-9_-]{43}")


@dataclass(frozen=True)
class Key:
    """The key in force for a use."""

    kid: str
    jwk: dict[str, str]
    _private: Ed25519PrivateKey

    def sign(self, data: bytes) -> bytes:
        """64 bytes, the same each time."""
        return self._private.sign(data)

    def __repr__(self) -> str:
        return f"Key({self.kid})"


def current(use: str, *, home: Path | None = None) -> Key:
    """The key in force, made at the first call by exactly one of several processes. Raises StoreError."""
    path = files.record(use, home)
    if not path.is_file():
        _first(use, home)
    seen = path.stat()
    return _loaded(use, path, seen.st_ino, seen.st_mtime_ns)


def public(use: str, *, home: Path | None = None) -> list[PublicKey]:
    """Every key there ever was, the oldest first; none before the first call of `current`."""
    path = files.record(use, home)
    return files.read(path) if path.is_file() else []


def rotate(use: str, *, at: dt.datetime, why: str = ROTATED, home: Path | None = None) -> Key:
    """A new key in force from `at`; the old one stays in the record with its end, its private half is destroyed.

    `why` LOST or STOLEN: nobody may sign for the new key any more, so it stands in the record unendorsed and whoever
    relies on it must be told by another way. Raises StoreError, also when the private key is missing.
    """
    if why not in (ROTATED, LOST, STOLEN) or at.tzinfo is None:
        raise ValueError("why is rotated, lost or stolen; at bears a time zone")
    at = at.replace(microsecond=0)
    with files.alone(use, home):
        known = public(use, home=home)
        if not known:
            raise StoreError(f"Chưa có khoá «{use}» để đổi.\nThere is no key for {use} yet.")
        old = known[-1]
        if at < old.not_before:
            raise StoreError(
                "Đồng hồ đi lùi: khoá cũ bắt đầu sau thời điểm này.\nThe clock runs back: the key began later."
            )
        signer = current(use, home=home) if why == ROTATED else None
        _replace(use, known, at, why, signer, home)
    return current(use, home=home)


def unendorsed(use: str, *, home: Path | None = None) -> list[str]:
    """The kids after the first for which no valid word of the key before stands in the record."""
    known = public(use, home=home)
    return [
        key.kid
        for before, key in pairwise(known)
        if not (
            key.endorsed_by == before.kid
            and key.endorsement
            and signing.holds(
                before.jwk,
                key.endorsement,
                signing.endorsement(use, key.jwk, files.iso(key.not_before)),
            )
        )
    ]


def pack(*, home: Path | None = None) -> dict[str, str]:
    """Name -> private key file, for a sealed backup."""
    folder = files.folder(home) / "private"
    return {f"{p.parent.name}/{p.name}": p.read_text("ascii") for p in folder.glob("*/*.pem")}


def unpack(packed: dict[str, str], *, home: Path | None = None) -> None:
    """Put the private keys of a backup back; their public record travels among its files."""
    for name, text in packed.items():
        use, _, file = name.partition("/")
        if use not in USES or not _KID.fullmatch(file.removesuffix(".pem")):
            raise StoreError(
                f"Tên khoá lạ trong bản sao lưu: {name!r}.\nAn odd key name in the backup."
            )
        files.write(files.private(use, file.removesuffix(".pem"), home), text.encode("ascii"))


def _first(use: str, home: Path | None) -> None:
    with files.alone(use, home):
        if files.record(use, home).is_file():
            return
        made = signing.new()
        shown = signing.jwk(made.public_key())
        path = files.private(use, shown["kid"], home)
        files.write(path, signing.to_pem(made, files.passphrase()))
        # The room reads no clock: the file system has just told the moment.
        born = dt.datetime.fromtimestamp(int(path.stat().st_mtime), dt.UTC)
        files.save(use, [PublicKey(shown["kid"], shown, born)], home)


def _replace(
    use: str, known: list[PublicKey], at: dt.datetime, why: str, signer: Key | None, home: Path | None
) -> None:  # fmt: skip
    """New private key, then the record, then the old private key goes: in this order a crash harms nothing."""
    made = signing.new()
    shown = signing.jwk(made.public_key())
    word = signer.sign(signing.endorsement(use, shown, files.iso(at))) if signer else None
    files.write(files.private(use, shown["kid"], home), signing.to_pem(made, files.passphrase()))
    old = known[-1]
    ended = PublicKey(old.kid, old.jwk, old.not_before, at, why, old.endorsed_by, old.endorsement)
    begun = PublicKey(
        shown["kid"], shown, at, endorsed_by=signer.kid if signer else None, endorsement=word
    )
    files.save(use, [*known[:-1], ended, begun], home)
    for path in files.private(use, "x", home).parent.glob("*.pem"):
        if path.stem != shown["kid"]:
            path.unlink()


@lru_cache(maxsize=32)
def _loaded(use: str, record: Path, inode: int, changed: int) -> Key:
    """Keyed by the record as it stands: a rotation by another process is seen at the next call."""
    del inode, changed
    now = files.read(record)[-1]
    path = record.parent.parent / "private" / use / f"{now.kid}.pem"
    try:
        private = signing.from_pem(path.read_bytes(), files.passphrase())
    except FileNotFoundError as error:
        raise StoreError(
            f"Mất khoá bí mật «{use}» ({now.kid}). Khôi phục từ bản sao lưu, hoặc: dancu keys rotate {use} --lost.\n"
            f"The private key for {use} is gone: restore it, or dancu keys rotate {use} --lost."
        ) from error
    except (ValueError, TypeError) as error:
        raise StoreError(
            f"Không mở được khoá «{use}»: mật khẩu khoá sai hoặc thiếu (DANCU_KEYS_PASSPHRASE_FILE), hoặc tệp hỏng.\n"
            f"The key for {use} does not open: wrong or missing passphrase, or a damaged file."
        ) from error
    if signing.jwk(private.public_key()) != now.jwk:
        raise StoreError(
            f"Khoá «{use}» không khớp bản công khai.\nThe key for {use} is not the one of the public record."
        )
    return Key(now.kid, now.jwk, private)


def as_document(use: str, *, home: Path | None = None) -> dict[str, object]:
    """What is published and kept: every key with its period and the word of the one before."""
    return {"use": use, "keys": [files.row(key) for key in public(use, home=home)]}
