"""The bank, as we know it: what a transfer is, whose word counts, and the adapter that asks over HTTP.

Both ways carry the same envelope, JSON ``{"data": "<JSON as text>", "signature": "<hex>"}``, the signature being
HMAC-SHA256 of the text with the shared secret. A callback's data is one transfer; an answer's data is ``{"nonce",
"transfers": […]}`` and repeats the nonce of the question, so that an old answer is no answer. A transfer is
``{"transaction", "memo", "amount", "paid_at"}``. Any other bank is another class with `asked` and a way to `heard`.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from dancu.kit.lines import Line, LineDown

LONGEST = 6.0
"""Seconds for a whole answer."""
MOST_BYTES = 20_000


class Distrusted(Exception):
    """Not what the bank would say: wrong signature, wrong shape, an old answer."""


@dataclass(frozen=True)
class Transfer:
    """Money that came in. `transaction`: the bank's own number of it, never used twice."""

    transaction: str
    memo: str
    amount: int
    paid_at: dt.datetime


class Bank(Protocol):
    """Who is asked."""

    def asked(self, memo: str) -> list[Transfer]:
        """The transfers with this memo; LineDown, Distrusted."""


@dataclass(frozen=True)
class Account:
    """Where the fees go."""

    bin: str
    number: str
    name: str


def account() -> Account | None:
    """Of the settings; None: fees are paid at the counter only."""
    code, number = os.environ.get("DANCU_BANK_BIN", ""), os.environ.get("DANCU_BANK_ACCOUNT", "")
    if not code or not number or not secret():
        return None
    return Account(code, number, os.environ.get("DANCU_BANK_NAME", ""))


def secret() -> bytes:
    """Shared with the bank; empty: no callback counts."""
    path = os.environ.get("DANCU_BANK_SECRET_FILE")
    found = (
        Path(path).read_text(encoding="utf-8") if path else os.environ.get("DANCU_BANK_SECRET", "")
    )
    return found.strip().encode()


def bank() -> Bank | None:
    """The configured bank; None when it cannot be asked (callbacks still count)."""
    base = os.environ.get("DANCU_BANK_URL", "")
    return HttpBank(base.rstrip("/"), secret()) if base and secret() else None


def sign(data: str, key: bytes) -> str:
    """The signature of an envelope's text."""
    return hmac.new(key, data.encode(), hashlib.sha256).hexdigest()


def opened(envelope: Any, key: bytes) -> Any:
    """What an envelope holds; Distrusted."""
    data, signature = (
        (envelope.get("data"), envelope.get("signature")) if isinstance(envelope, dict) else (None, None)
    )  # fmt: skip
    if not key or not isinstance(data, str) or not isinstance(signature, str):
        raise Distrusted("envelope")
    if not hmac.compare_digest(sign(data, key).encode(), signature.encode()):
        raise Distrusted("signature")
    try:
        return json.loads(data)
    except (ValueError, RecursionError) as error:
        raise Distrusted("data") from error


def heard(body: bytes, key: bytes) -> Transfer:
    """The transfer of a callback; Distrusted."""
    if len(body) > MOST_BYTES:
        raise Distrusted("large")
    try:
        envelope = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Distrusted("json") from error
    return transfer(opened(envelope, key))


def transfer(told: Any) -> Transfer:
    """A transfer out of JSON; Distrusted."""
    try:
        found = Transfer(
            str(told["transaction"]), str(told["memo"]), told["amount"],
            dt.datetime.fromisoformat(told["paid_at"]),
        )  # fmt: skip
    except (KeyError, TypeError, ValueError) as error:
        raise Distrusted("transfer") from error
    whole = isinstance(found.amount, int) and not isinstance(found.amount, bool)
    if not whole or found.paid_at.tzinfo is None or not 0 < len(found.transaction) <= 100:
        raise Distrusted("transfer")
    return found


def as_json(of: Transfer) -> str:
    """The other way round, as it is kept in the inbox."""
    return json.dumps(
        {
            "transaction": of.transaction,
            "memo": of.memo,
            "amount": of.amount,
            "paid_at": of.paid_at.isoformat(),
        }
    )


class HttpBank:
    """POST ``/v1/transfers`` with ``{"data": {"memo", "nonce"}, "signature"}``."""

    def __init__(self, base: str, key: bytes) -> None:
        self._base, self._key = base, key

    def asked(self, memo: str) -> list[Transfer]:
        """The transfers with this memo; LineDown, Distrusted."""
        nonce = secrets.token_hex(12)
        data = json.dumps({"memo": memo, "nonce": nonce})
        line = Line(self._base, ca_file=os.environ.get("DANCU_BANK_CA") or None)
        try:
            answer = line.post(
                "/v1/transfers",
                seconds=LONGEST,
                json={"data": data, "signature": sign(data, self._key)},
            )
        finally:
            line.close()
        if answer.status != 200 or answer.told is None:
            raise LineDown("status")
        told = opened(answer.told, self._key)
        if not isinstance(told, dict) or told.get("nonce") != nonce:
            raise Distrusted("nonce")
        found = told.get("transfers")
        if not isinstance(found, list):
            raise Distrusted("transfers")
        return [one for one in map(transfer, found) if one.memo == memo]
