"""The list as it leaves the house: who is on it can be asked, number by number, and not read.

For each person 17 bytes: 16 of a keyed hash of the number, and the answer under a pad of the same hash. The hash is
HMAC-SHA256 under the list's secret key over PBKDF2-SHA256 (the list's salt) of the number, so that
- the file alone tells how many people are on it (rounded up by decoys) and until when it is good, nothing else;
- whoever has the key too can try numbers, at the price of PBKDF2 each; twelve digits with their structure are few
  enough for that (docs/how-to/offline-check.md), so the key goes to a device only after log-in, and ends with the list.
The signature is Ed25519 over a prefix and the bytes of the payload, as they stand in the file.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from dancu.lib.signing import b64, holds, unb64
from dancu.store import keyring

USE = "offline"
ITERATIONS = 20_000
PREFIX = b"dancu-offline-1\n"
TAG, ENTRY = 16, 17
DECOYS = 50
"""A list's length is rounded up to a multiple of this."""
ELIGIBLE, NOT_ELIGIBLE, UNSURE = 1, 2, 3
ANSWERS = {ELIGIBLE: "eligible", NOT_ELIGIBLE: "not_eligible", UNSURE: "unsure"}
NOT_LISTED = "not_listed"


@dataclass(frozen=True)
class Secret:
    """What opens a list: the key never stands in the file, the salt does."""

    key: bytes
    salt: bytes

    @classmethod
    def new(cls) -> Secret:
        """From the system's source of randomness."""
        return cls(os.urandom(32), os.urandom(16))


def hashed(number: str, secret: Secret, *, iterations: int = ITERATIONS) -> tuple[bytes, int]:
    """The tag of a number, and the pad that its answer stands under."""
    slow = hashlib.pbkdf2_hmac("sha256", number.encode("ascii"), secret.salt, iterations)
    whole = hmac.new(secret.key, slow, hashlib.sha256).digest()
    return whole[:TAG], whole[TAG]


def packed(entries: Mapping[bytes, int]) -> bytes:
    """Tag -> byte of the answer under its pad, in order of the tags, with decoys among them."""
    missing = -len(entries) % DECOYS
    decoys = {os.urandom(TAG): os.urandom(1)[0] for _ in range(missing)}
    return b"".join(tag + bytes([byte]) for tag, byte in sorted({**decoys, **entries}.items()))


def signed(
    *, number: str, title: str, purpose: str, begin: dt.datetime, until: dt.datetime, made: dt.datetime,
    secret: Secret, entries: Mapping[bytes, int], iterations: int = ITERATIONS,
) -> bytes:  # fmt: skip
    """The file."""
    payload = {
        "v": 1, "id": number, "title": title, "purpose": purpose, "from": begin.isoformat(),
        "until": until.isoformat(), "made": made.isoformat(), "salt": b64(secret.salt), "iterations": iterations,
        "key_check": b64(key_check(secret)), "entries": b64(packed(entries)),
    }  # fmt: skip
    body = json.dumps(payload, ensure_ascii=False, sort_keys=True).encode()
    key = keyring.current(USE)
    told = {"payload": b64(body), "kid": key.kid, "signature": b64(key.sign(PREFIX + body))}
    return json.dumps(told).encode()


def key_check(secret: Secret) -> bytes:
    """By which a device sees that it was given the key of this list."""
    return hmac.new(secret.key, b"dancu-offline-key", hashlib.sha256).digest()[:TAG]


def opened(file: bytes, keys: Iterable[Mapping[str, str]]) -> dict[str, Any]:
    """What a list says, when one of these public keys signed it; ValueError. The page does the same (list.js)."""
    told = json.loads(file)
    body = unb64(told["payload"])
    signers, signature = [k for k in keys if k["kid"] == told["kid"]], unb64(told["signature"])
    if not any(holds(key, signature, PREFIX + body) for key in signers):
        raise ValueError("nobody we know signed this list")
    found: dict[str, Any] = json.loads(body)
    return found


def answer(payload: Mapping[str, Any], number: str, key: bytes) -> str:
    """What the list says about a number: eligible, not_eligible, unsure or not_listed."""
    secret = Secret(key, unb64(payload["salt"]))
    tag, pad = hashed(number, secret, iterations=payload["iterations"])
    entries = unb64(payload["entries"])
    for at in range(0, len(entries), ENTRY):
        if entries[at : at + TAG] == tag:
            return ANSWERS[entries[at + TAG] ^ pad]
    return NOT_LISTED
