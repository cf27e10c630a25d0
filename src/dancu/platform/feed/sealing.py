"""Secrets of the feed as they are stored: AES-256-GCM under a key derived from the site's secret key.

What a secret is for, and whose it is, is bound to the cipher text: copied to another row it cannot be opened.
"""

from __future__ import annotations

import base64
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


class Lost(RuntimeError):
    """The secret was sealed under a secret key that this installation does not have."""


def seal(secret: bytes, *, use: str, whose: str) -> str:
    """For storing."""
    nonce = os.urandom(12)
    sealed = AESGCM(_key(settings.SECRET_KEY)).encrypt(nonce, secret, _bound(use, whose))
    return base64.b64encode(nonce + sealed).decode()


def opened(stored: str, *, use: str, whose: str) -> bytes:
    """Under the present key or one of the older ones; `Lost` when none fits."""
    data = base64.b64decode(stored)
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        try:
            return AESGCM(_key(secret)).decrypt(data[:12], data[12:], _bound(use, whose))
        except InvalidTag:
            continue
    raise Lost(
        f"Khoá của «{whose}» được mã hoá bằng khoá bí mật khác; thêm khoá cũ vào DANCU_OLD_SECRET_KEYS."
        f" (The key of {whose} was sealed under another secret key; put that into DANCU_OLD_SECRET_KEYS.)"
    )


def _bound(use: str, whose: str) -> bytes:
    return f"dancu.feed:{use}:{whose}".encode()


def _key(secret: str) -> bytes:
    return HKDF(hashes.SHA256(), 32, None, b"dancu.feed.sealing").derive(secret.encode())
