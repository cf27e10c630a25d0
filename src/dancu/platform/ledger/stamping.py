"""Time stamps of a time-stamp authority (RFC 3161) for signed heads: nobody can date a head back later.

The port: `DANCU_TSA_URL` (HTTP), `DANCU_TSA_CERTIFICATE` (a PEM file) to check the answer against. Only the hash of
the head goes out.
"""

from __future__ import annotations

import os
from pathlib import Path

import httpx2
from cryptography import x509
from rfc3161_client import HashAlgorithm, TimestampRequestBuilder, decode_timestamp_response

from dancu_verify import tokens

_PATIENCE = 20.0


class NoStamp(RuntimeError):
    """No stamp this time; the message says why, without any row."""


def address() -> str:
    """Where stamps come from; empty when none are wanted."""
    return os.environ.get("DANCU_TSA_URL", "")


def stamp(data: bytes, *, url: str) -> bytes:
    """The authority's whole answer, seen to be about these bytes. Raises NoStamp."""
    asked = TimestampRequestBuilder().data(data).hash_algorithm(HashAlgorithm.SHA256).build()
    try:
        answer = httpx2.post(
            url, content=asked.as_bytes(), timeout=_PATIENCE, headers={"Content-Type": "application/timestamp-query"}
        )  # fmt: skip
        answer.raise_for_status()
        told = decode_timestamp_response(answer.content)
    except (httpx2.HTTPError, ValueError) as error:
        raise NoStamp(f"{type(error).__name__}") from error
    if told.status not in (0, 1) or told.tst_info.nonce != asked.nonce:
        raise NoStamp("refused")
    if told.tst_info.message_imprint.message != asked.message_imprint.message:
        raise NoStamp("imprint")
    _check(answer.content, data)
    return answer.content


def _check(answer: bytes, data: bytes) -> None:
    path = os.environ.get("DANCU_TSA_CERTIFICATE", "")
    if not path:
        return
    try:
        tokens.stamped(answer, data, x509.load_pem_x509_certificates(Path(path).read_bytes()))
    except (tokens.BadToken, OSError, ValueError) as error:
        raise NoStamp(f"certificate: {error}") from error
