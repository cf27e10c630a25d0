"""What is kept so that a copy of the table does not give it away: encrypted TOTP secrets, hashed codes.

TOTP secrets are encrypted with AES-256-GCM under a key derived (HKDF) from the site's secret key; the user's
number is bound to the cipher text, so that a secret cannot be copied to another account.
"""

from __future__ import annotations

import base64
import os
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without what is mistaken for something else on paper."""


def encrypt(text: str, *, user_id: int) -> str:
    """For storing."""
    nonce = os.urandom(12)
    sealed = AESGCM(_key(settings.SECRET_KEY)).encrypt(nonce, text.encode(), _bound(user_id))
    return base64.b64encode(nonce + sealed).decode()


def decrypt(stored: str, *, user_id: int) -> str:
    """Under the present key or one of the older ones; raises ValueError when none fits."""
    data = base64.b64decode(stored)
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        try:
            return AESGCM(_key(secret)).decrypt(data[:12], data[12:], _bound(user_id)).decode()
        except InvalidTag:
            continue
    raise ValueError("the TOTP secret was encrypted under another secret key")


def new_password() -> str:
    """A first password that can be read out over the telephone: four groups of four, 79 bits."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))


def _bound(user_id: int) -> bytes:
    return f"dancu.totp:{user_id}".encode()


def _key(secret: str) -> bytes:
    return HKDF(hashes.SHA256(), 32, None, b"dancu.accounts.totp").derive(secret.encode())
