"""One POST to one pinned address: no redirect is followed, no proxy used, and an end is put to a slow answer.

The connection is made first and the body asked for after it stands: who cannot be reached is told nothing, and so
leaves no line in a citizen's log.
"""

from __future__ import annotations

import contextlib
import http.client
import os
import socket
import ssl
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from dancu.platform.feed.addresses import Target, Unreachable, resolve

CONNECT, WHOLE = 5.0, 15.0
"""Seconds for each step of connecting, and for everything together."""
_MOST = 64 * 1024
"""Of an answer's body; it is read and thrown away, so that the other side may finish its sentence."""


@dataclass(frozen=True)
class Answer:
    """The status, and the wait that the other side asked for (`Retry-After` in seconds)."""

    status: int
    wait: float = 0.0

    @property
    def taken(self) -> bool:
        """Whether the letter arrived."""
        return 200 <= self.status < 300


Message = Callable[[], tuple[bytes, Mapping[str, str]]]


def post(target: Target, message: Message) -> Answer:
    """Sends what `message` gives once the connection stands; raises `Unreachable` with the reason in a word."""
    connection = _Pinned(target, resolve(target))
    ended = threading.Event()
    # The timeout of a socket begins anew with every byte; this one does not.
    clock = threading.Timer(WHOLE, _cut, (connection, ended))
    clock.daemon = True
    clock.start()
    try:
        connection.connect()
        body, headers = message()
        answer = _exchange(connection, target, body, headers)
        if ended.is_set():  # cut in the middle of the headers, these look complete
            raise Unreachable("slow")
        return answer
    except TimeoutError:
        raise Unreachable("slow") from None
    except ssl.SSLError:
        raise Unreachable("slow" if ended.is_set() else "tls") from None
    except (OSError, http.client.HTTPException, ValueError):
        raise Unreachable("slow" if ended.is_set() else "line") from None
    finally:
        clock.cancel()
        connection.close()


def _exchange(
    connection: _Pinned, target: Target, body: bytes, headers: Mapping[str, str]
) -> Answer:
    connection.request(
        "POST", target.path, body, {**headers, "User-Agent": "dancu", "Connection": "close"}
    )
    answer = connection.getresponse()
    if len(answer.read(_MOST + 1)) > _MOST:
        raise Unreachable("large")
    return Answer(answer.status, _seconds(answer.getheader("Retry-After", "")))


def _seconds(text: str) -> float:
    """A date is not understood here: then our own wait holds."""
    return float(text) if text.isascii() and text.isdigit() and len(text) < 8 else 0.0


def _cut(connection: _Pinned, ended: threading.Event) -> None:
    ended.set()
    if (sock := connection.sock) is not None:
        # Not the TLS socket's own method: that lets go of TLS before it closes, and a sender might go on in the clear.
        with contextlib.suppress(OSError):
            socket.socket.shutdown(sock, socket.SHUT_RDWR)


class _Pinned(http.client.HTTPConnection):
    """Connects to the address that was looked at; the name is only told to TLS and in the Host header."""

    def __init__(self, target: Target, address: str) -> None:
        host = f"[{target.host}]" if ":" in target.host else target.host
        super().__init__(host, target.port, timeout=CONNECT)
        self._target, self._address = target, address

    def connect(self) -> None:
        """TLS with the system's trust, or the file of DANCU_FEED_CA for an office's own."""
        self.sock = socket.create_connection((self._address, self._target.port), CONNECT)
        if self._target.tls:
            made = trust().wrap_socket(
                self.sock, server_hostname=self._target.host, do_handshake_on_connect=False
            )
            self.sock = made
            made.do_handshake()
        self.sock.settimeout(WHOLE)


def trust() -> ssl.SSLContext:
    """Names and chains are checked; TLS 1.2 or newer."""
    context = ssl.create_default_context(cafile=os.environ.get("DANCU_FEED_CA") or None)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context
