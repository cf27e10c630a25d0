"""Signed tree heads: read the note, find the key, check the signature; and the chain of keys."""

from __future__ import annotations

import base64
import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

_UNDER_WAY = dt.timedelta(minutes=1)


class Unreadable(ValueError):
    """Not a signed head, or not a key."""


@dataclass(frozen=True)
class Head:
    """What a note says, the text that is signed, and its signature."""

    origin: str
    size: int
    root: bytes
    at: dt.datetime
    text: str
    key_hash: bytes
    signature: bytes
    note: str


@dataclass(frozen=True)
class Key:
    """A public key and its time. `endorsed_by`: whose word for it is `endorsement`."""

    kid: str
    x: str
    not_before: dt.datetime
    not_before_text: str
    retired_at: dt.datetime | None
    endorsed_by: str | None
    endorsement: bytes | None

    def in_force(self, at: dt.datetime) -> bool:
        """Whether it signed at this moment."""
        until = self.retired_at + _UNDER_WAY if self.retired_at else None
        return self.not_before - _UNDER_WAY <= at and (until is None or at < until)

    def holds(self, signature: bytes, data: bytes) -> bool:
        """Whether the signature is this key's."""
        try:
            Ed25519PublicKey.from_public_bytes(_unb64(self.x)).verify(signature, data)
        except (InvalidSignature, ValueError):
            return False
        return True

    def key_hash(self, origin: str) -> bytes:
        """Its number in a note of this ledger."""
        return sha256(f"{origin}\n".encode() + b"\x01" + _unb64(self.x)).digest()[:4]


def read(note: str) -> Head:
    """A head out of its note. Raises Unreadable."""
    try:
        text, _, rest = note.partition("\n\n")
        origin, size, root, time = text.split("\n")
        mark, signer, signed = rest.strip().split(" ")
        raw = base64.b64decode(signed, validate=True)
        if mark != "\u2014" or signer != origin or not time.startswith("time ") or len(raw) != 68:
            raise ValueError
        at = dt.datetime.fromisoformat(time.removeprefix("time ").replace("Z", "+00:00"))
        if at.tzinfo is None:
            raise ValueError
        found = base64.b64decode(root, validate=True)
        return Head(origin, int(size), found, at, f"{text}\n", raw[:4], raw[4:], note)
    except ValueError as error:
        raise Unreadable("not a signed tree head") from error


def keys(document: str) -> list[Key]:
    """The public keys of a record, the oldest first; a key whose kid is not its thumbprint is refused."""
    try:
        made = [_key(row) for row in json.loads(document)["keys"]]
    except (ValueError, KeyError, TypeError) as error:
        raise Unreadable("not a record of keys") from error
    return made


def _key(row: Mapping[str, Any]) -> Key:
    x = str(row["jwk"]["x"])
    canonical = json.dumps({"crv": "Ed25519", "kty": "OKP", "x": x}, separators=(",", ":"))
    thumb = base64.urlsafe_b64encode(sha256(canonical.encode()).digest()).rstrip(b"=").decode()
    if thumb != row["kid"]:
        raise ValueError("kid")
    word = row.get("endorsement")
    return Key(
        thumb, x, dt.datetime.fromisoformat(row["not_before"]), row["not_before"],
        dt.datetime.fromisoformat(row["retired_at"]) if row.get("retired_at") else None,
        row.get("endorsed_by"), _unb64(word) if word else None,
    )  # fmt: skip


def trusted(known: Sequence[Key], pinned: Iterable[str]) -> list[Key]:
    """The keys that can be relied on: those pinned (or the first), and each that one of them has signed for."""
    names = set(pinned) or {key.kid for key in known[:1]}
    by_kid = {key.kid: key for key in known}
    found = [key for key in known if key.kid in names]
    for key in known:
        signer = by_kid.get(key.endorsed_by or "")
        if key in found or signer not in found or not key.endorsement or signer is None:
            continue
        told = {"kid": key.kid, "not_before": key.not_before_text, "use": "ledger", "x": key.x}
        text = json.dumps(told, sort_keys=True, separators=(",", ":"))
        if signer.holds(key.endorsement, b"dancu/key-endorsement/1\n" + text.encode()):
            found.append(key)
    return found


def signer_of(head: Head, known: Iterable[Key]) -> Key | None:
    """The key that the head is signed with, when it is one of these and the signature holds."""
    for key in known:
        if key.key_hash(head.origin) == head.key_hash and key.holds(
            head.signature, head.text.encode()
        ):
            return key
    return None


def _unb64(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
