"""Signatures of webhooks as «Standard Webhooks» has them: HMAC-SHA256 over id, time and body, by each secret in force.

>>> secret = "whsec_" + base64.b64encode(b"k" * 32).decode()
>>> headers("a1", b"{}", secrets=[secret], at=1_700_000_000)["webhook-timestamp"]
'1700000000'
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
from collections.abc import Iterable

_MARK = "whsec_"


def new_secret() -> str:
    """256 random bits, as partners enter it."""
    return _MARK + base64.b64encode(os.urandom(32)).decode()


def headers(id_: str, body: bytes, *, secrets: Iterable[str], at: int) -> dict[str, str]:
    """The three headers; during a rotation the signature header holds one of each secret."""
    return {
        "webhook-id": id_,
        "webhook-timestamp": str(at),
        "webhook-signature": " ".join(_signature(id_, at, body, secret) for secret in secrets),
    }


def _signature(id_: str, at: int, body: bytes, secret: str) -> str:
    key = base64.b64decode(secret.removeprefix(_MARK))
    made = hmac.new(key, f"{id_}.{at}.".encode() + body, hashlib.sha256).digest()
    return "v1," + base64.b64encode(made).decode()
