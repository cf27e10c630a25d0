"""A stand-in bank over real HTTP, which fails in every way; and servers for mail and text messages that keep what came.

``with running_bank(secret) as bank``: `bank.pay(memo, amount)` moves money, `bank.call(site, …)` tells the site of it,
`bank.mood` is how it answers questions: well, slow, down, wrong_signature, old_answer, garbage.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
import secrets
import socketserver
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Bank:
    """Accounts, moods, and what was asked."""

    def __init__(self, secret: str) -> None:
        self.key, self.mood = secret.encode(), "well"
        self.transfers: list[dict[str, Any]] = []
        self.asked = 0
        self.address = ""

    def pay(self, memo: str, amount: int) -> dict[str, Any]:
        """Somebody transfers."""
        made = {"transaction": f"FT{secrets.token_hex(6)}", "memo": memo, "amount": amount,
                "paid_at": dt.datetime.now(dt.UTC).isoformat()}  # fmt: skip
        self.transfers.append(made)
        return made

    def envelope(self, told: Any, *, key: bytes | None = None) -> bytes:
        """Signed as the port asks for."""
        data = json.dumps(told)
        signature = hmac.new(key or self.key, data.encode(), hashlib.sha256).hexdigest()
        return json.dumps({"data": data, "signature": signature}).encode()

    def call(self, site: str, told: Any, *, key: bytes | None = None) -> int:
        """The callback; the site's status."""
        request = urllib.request.Request(
            f"{site}/phi/bao-co/",
            self.envelope(told, key=key),
            {"Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code

    def answer(self, body: bytes) -> tuple[int, bytes]:
        """To a question about a memo."""
        self.asked += 1
        question = json.loads(json.loads(body)["data"])
        found = [t for t in self.transfers if t["memo"] == question["memo"]]
        told = {"nonce": question["nonce"], "transfers": found}
        match self.mood:
            case "slow":
                time.sleep(3)
            case "down":
                return 503, b"{}"
            case "wrong_signature":
                return 200, self.envelope(told, key=b"another")
            case "old_answer":
                return 200, self.envelope(told | {"nonce": "0"})
            case "garbage":
                return 200, b"<html>"
        return 200, self.envelope(told)


@contextmanager
def running_bank(secret: str) -> Iterator[Bank]:
    """Until the block ends."""
    bank = Bank(secret)
    with _http(lambda path, headers, body: bank.answer(body)) as address:
        bank.address = address
        yield bank


@contextmanager
def running_sms(keep: list[dict[str, Any]], statuses: list[int]) -> Iterator[str]:
    """A gateway for text messages; answers with the statuses in turn, then 200."""

    def take(path: str, headers: Any, body: bytes) -> tuple[int, bytes]:
        keep.append(
            {"key": headers["Idempotency-Key"], "signature": headers["X-Signature"], "body": body}
        )
        return (statuses.pop(0) if statuses else 200), b"{}"

    with _http(take) as address:
        yield f"{address}/send"


@contextmanager
def running_mail(keep: list[str], *, refuse: list[bool]) -> Iterator[str]:
    """A mail server that speaks as much SMTP as a sender needs."""

    class Talk(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self._say("220 test ESMTP")
            while line := self.rfile.readline().decode():
                verb = line.split(" ")[0].strip().upper()
                if verb == "DATA":
                    if refuse and refuse.pop(0):
                        self._say("451 later")
                        continue
                    self._say("354 go on")
                    lines = iter(lambda: self.rfile.readline().decode(), ".\r\n")
                    keep.append("".join(lines))
                self._say("221 bye" if verb == "QUIT" else "250 ok")
                if verb == "QUIT":
                    return

        def _say(self, text: str) -> None:
            self.wfile.write(f"{text}\r\n".encode())

    class Server(socketserver.ThreadingTCPServer):
        allow_reuse_address = daemon_threads = True

    with Server(("127.0.0.1", 0), Talk) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield f"smtp://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


@contextmanager
def _http(answer: Any) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            status, told = answer(self.path, self.headers, body)
            try:
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(told)))
                self.end_headers()
                self.wfile.write(told)
            except OSError:
                return  # the site did not wait

        def log_message(self, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
