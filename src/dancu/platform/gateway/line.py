"""One line to one host: JSON out, JSON in, within a deadline that a dripping answer cannot stretch.

No proxy and nothing else of the environment, no redirect, no other host, no answer above 64 kB. The client's own time
limits count each read anew; so a watch shuts the socket down when the whole is over.
"""

from __future__ import annotations

import contextlib
import json
import socket
import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx2

from dancu.platform.gateway.errors import LineDown

LARGEST = 65_536
_KEPT_OPEN = 5.0


@dataclass(frozen=True)
class Heard:
    """A whole answer: status, what JSON it holds (None: none that can be read), seconds we are asked to wait."""

    status: int
    told: Mapping[str, Any] | None
    wait: float | None


class Line:
    """One connection at a time; not shared between threads (see national.Lines)."""

    def __init__(self, base: str, *, ca_file: str | None = None) -> None:
        verify = ssl.create_default_context(cafile=ca_file)
        self._base = base
        self._socket: socket.socket | None = None
        self._client = httpx2.Client(
            verify=verify, trust_env=False, follow_redirects=False,
            limits=httpx2.Limits(max_connections=1, keepalive_expiry=_KEPT_OPEN),
        )  # fmt: skip

    def close(self) -> None:
        """Hang up."""
        self._client.close()

    def post(self, path: str, *, seconds: float, **given: Any) -> Heard:
        """The answer to a POST; LineDown with one word when there is none that is whole and in time."""
        over = threading.Event()
        watch = threading.Timer(seconds, self._cut, [over])
        watch.daemon = True
        watch.start()
        try:
            return self._heard(path, seconds, given)
        except httpx2.TimeoutException as error:
            raise LineDown("slow") from error
        except (httpx2.HTTPError, OSError) as error:
            raise LineDown("slow" if over.is_set() else "down") from error
        finally:
            watch.cancel()
            if over.is_set():
                self._forget()

    def _heard(self, path: str, seconds: float, given: dict[str, Any]) -> Heard:
        extensions = {"trace": self._traced}
        with self._client.stream(
            "POST", self._base + path, timeout=seconds, extensions=extensions, **given
        ) as answer:
            body = bytearray()
            for part in answer.iter_bytes():
                body += part
                if len(body) > LARGEST:
                    raise LineDown("not_understood")
            return Heard(answer.status_code, _json(bytes(body)), _seconds(answer.headers))

    def _traced(self, event: str, info: Mapping[str, Any]) -> None:
        """Remember the socket of a new connection: the last stream (that of TLS) is the one that is read."""
        if event in ("connection.connect_tcp.complete", "connection.start_tls.complete"):
            self._socket = info["return_value"].get_extra_info("socket")

    def _cut(self, over: threading.Event) -> None:
        over.set()
        if self._socket is not None:
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)

    def _forget(self) -> None:
        self._socket = None


def _json(body: bytes) -> Mapping[str, Any] | None:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return told if isinstance(told, dict) else None


def _seconds(headers: Any) -> float | None:
    """Retry-After, as seconds only: a date would trust the other side's clock."""
    given = headers.get("Retry-After", "")
    return min(float(given), 3600.0) if given.isdigit() else None
