"""A signed tree head as text: a checkpoint (C2SP tlog-checkpoint) in a signed note, with the time on a line of its own.

dancu-ledger-6f1e…          whose ledger
1234                        leaves
base64 of the root
time 2026-11-27T07:42:32Z

— dancu-ledger-6f1e… base64 of the key's number and the signature
"""

from __future__ import annotations

import base64
import datetime as dt
from dataclasses import dataclass
from hashlib import sha256

from dancu.lib import signing
from dancu.store.keyring import Key


@dataclass(frozen=True)
class Head:
    """What a head says."""

    origin: str
    size: int
    root: bytes
    at: dt.datetime

    def text(self) -> str:
        """The signed part."""
        root = base64.b64encode(self.root).decode()
        return f"{self.origin}\n{self.size}\n{root}\ntime {iso(self.at)}\n"


def iso(at: dt.datetime) -> str:
    """A moment to the second, in universal time."""
    return at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def signed(head: Head, key: Key) -> str:
    """The note with its signature."""
    text = head.text()
    line = base64.b64encode(key_hash(head.origin, key.jwk["x"]) + key.sign(text.encode())).decode()
    return f"{text}\n\u2014 {head.origin} {line}\n"


def key_hash(origin: str, public: str) -> bytes:
    """The number of a key in a note: four bytes of a hash over its name and itself."""
    return sha256(f"{origin}\n".encode() + b"\x01" + signing.unb64(public)).digest()[:4]
