"""What waits holds a person's number and name: sealed under a key made from the site's secret, bound to its question.

`about` is the keyed hash of a number by which a person's own lines are found; its key is another one, so that it can
stay the same when questions of before can no longer be opened.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


class Unreadable(ValueError):
    """Sealed under a secret that this installation no longer has."""


def seal(value: Any, *, number: UUID) -> bytes:
    """Any JSON value, to be opened with the same question's number only."""
    nonce = os.urandom(12)
    text = json.dumps(value, ensure_ascii=False).encode()
    return nonce + AESGCM(_key(settings.SECRET_KEY, b"seal")).encrypt(nonce, text, number.bytes)


def opened(data: bytes | memoryview, *, number: UUID) -> Any:
    """The value; raises Unreadable."""
    sealed = bytes(data)
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        try:
            found = AESGCM(_key(secret, b"seal")).decrypt(sealed[:12], sealed[12:], number.bytes)
        except InvalidTag:
            continue
        return json.loads(found)
    raise Unreadable("a question sealed under another secret key")


def about(number: str) -> bytes:
    """The keyed hash of a personal number: the same for the same number under the present secret."""
    return _about(settings.SECRET_KEY, number)


def all_about(number: str) -> list[bytes]:
    """Under the present secret and those of before: all lines about a person are found."""
    return [_about(secret, number) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]  # fmt: skip


def digest(value: Any) -> bytes:
    """The keyed hash of a whole question, by which another content under the same number is noticed."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True).encode()
    return hmac.new(_key(settings.SECRET_KEY, b"digest"), text, hashlib.sha256).digest()


def _about(secret: str, number: str) -> bytes:
    return hmac.new(_key(secret, b"about"), number.encode(), hashlib.sha256).digest()


def _key(secret: str, use: bytes) -> bytes:
    return HKDF(hashes.SHA256(), 32, None, b"dancu.gateway." + use).derive(secret.encode())
