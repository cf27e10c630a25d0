"""A stand-in for the national service: a process of its own that speaks HTTP, and behaves well or badly as it is told.

``python -m tests.web.national.service`` prints its port. ``POST /stand-in/behave {"how": "slow", "times": 2}`` sets
what the next calls meet; ``GET /stand-in/seen`` tells what it was asked. It shares no code with dancu.
"""

from __future__ import annotations

import base64
import itertools
import json
import socket
import sys
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

CLIENT = ("tinh-24", "only-for-tests-only-for-tests-456")
PEOPLE: dict[str, dict[str, str]] = {
    "924199000017": {"full_name": "Giáp Thị Mẫu", "birth_date": "1999-09-05", "sex": "female", "codes": "000"},
    "924099000024": {"full_name": "Thân Văn Thử", "birth_date": "1999-01-02", "sex": "male", "codes": "004"},
    "924199000031": {"full_name": "Nguyễn Thị Ví", "birth_date": "1999-03-04", "sex": "female", "codes": "110"},
}  # fmt: skip
_WRONG = {"full_name": "060", "birth_date": "070", "sex": "080"}


class State:
    """What it knows and how it behaves; one for the process."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.how, self.times = "well", 0
        self.life = 3600.0
        self.tokens: dict[str, float] = {}
        self.answers: dict[str, dict[str, Any]] = {}
        self.asked: list[dict[str, Any]] = []
        self.calls: list[str] = []
        self.numbers = itertools.count(1)

    def mood(self) -> str:
        """How this call is met."""
        with self.lock:
            if self.times == 0:
                return "well"
            self.times -= 1
            return self.how


state = State()


def answer(given: dict[str, Any]) -> dict[str, Any]:
    """The codes for a question; a question that comes twice gets its first answer."""
    with state.lock:
        state.asked.append(given)
        known = state.answers.get(given["request_id"])
        if known is None:
            known = {
                "request_id": given["request_id"], "codes": _codes(given),
                "transaction": f"QG-{next(state.numbers):06d}",
            }  # fmt: skip
            state.answers[given["request_id"]] = known
        return known


def _codes(given: dict[str, Any]) -> list[str]:
    person = PEOPLE.get(given["personal_number"])
    if person is None:
        return ["050"]
    wrong = [
        _initials(person, given) if claim == "full_name" else _WRONG[claim]
        for claim, said in given["claims"].items()
        if claim in _WRONG and said.casefold() != person[claim].casefold()
    ]
    return wrong or [person["codes"]]


def _initials(person: dict[str, str], given: dict[str, Any]) -> str:
    first = [[w[0] for w in n.split()] for n in (person["full_name"], given["claims"]["full_name"])]
    return "061" if first[0] == first[1] else "060"


class Handler(BaseHTTPRequestHandler):
    """One call."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *args: object) -> None:
        """Quiet."""

    def do_GET(self) -> None:
        """What was asked; for tests."""
        self.tell(200, {"asked": state.asked, "calls": state.calls, "answers": [*state.answers]})

    def do_POST(self) -> None:
        """The service."""
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        if self.path == "/stand-in/behave":
            return self.behave(json.loads(body))
        state.calls.append(self.path)
        if self.path == "/oauth/token":
            return self.token()
        if not self.known():
            return self.tell(401, {"error": "invalid_token"})
        given = json.loads(body)
        told = {"status": "ok"} if self.path == "/v1/status" else None
        how = state.mood()
        return HOW[how](self, told, given)

    def behave(self, given: dict[str, Any]) -> None:
        """Set by a test."""
        with state.lock:
            state.how, state.times = given.get("how", "well"), given.get("times", 10**9)
            state.life = given.get("life", state.life)
            if given.get("forget"):
                state.tokens.clear()
            if given.get("anew"):
                state.__init__()  # type: ignore[misc]
        self.tell(200, {})

    def token(self) -> None:
        """A token for the right client, good for a while."""
        basic = base64.b64decode(self.headers.get("Authorization", "Basic ").split(" ")[1])
        if state.how == "locked_out" or tuple(basic.decode().split(":", 1)) != CLIENT:
            return self.tell(401, {"error": "invalid_client"})
        token = f"token-{time.monotonic_ns()}"
        state.tokens[token] = time.monotonic() + state.life
        return self.tell(
            200, {"access_token": token, "token_type": "Bearer", "expires_in": state.life}
        )

    def known(self) -> bool:
        """Whether the token is one of ours and not over."""
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        return state.tokens.get(token, 0.0) > time.monotonic()

    def tell(self, status: int, told: Any, headers: dict[str, str] | None = None) -> None:
        """A JSON answer."""
        self.raw(status, json.dumps(told).encode(), headers)

    def raw(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        """Any answer."""
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **(headers or {})}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def cut(self) -> None:
        """Hang up without a word."""
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)


How = Callable[[Handler, Any, dict[str, Any]], None]


def _well(h: Handler, told: Any, given: dict[str, Any]) -> None:
    h.tell(200, told or answer(given))


def _slow(h: Handler, told: Any, given: dict[str, Any]) -> None:
    """Answers, but after whoever asked has stopped waiting."""
    body = json.dumps(told or answer(given)).encode()
    time.sleep(1.5)
    try:
        h.raw(200, body)
    except OSError:
        h.close_connection = True


def _drip(h: Handler, told: Any, given: dict[str, Any]) -> None:
    """A byte now and then: no single wait is long."""
    del told, given
    try:
        h.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 400\r\n\r\n")
        for _ in range(100):
            h.wfile.write(b" ")
            h.wfile.flush()
            time.sleep(0.1)
    except OSError:
        pass
    h.close_connection = True


def _silent(h: Handler, told: Any, given: dict[str, Any]) -> None:
    """A half-open connection: the question was taken, then nothing."""
    del told
    answer(given)
    time.sleep(2)
    h.cut()


def _cut(h: Handler, told: Any, given: dict[str, Any]) -> None:
    """Answered, but the line broke in the middle of the answer."""
    body = json.dumps(told or answer(given)).encode()
    h.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body[:20])
    h.cut()


def _fixed(status: int, body: bytes, **headers: str) -> How:
    def tell(h: Handler, told: Any, given: dict[str, Any]) -> None:
        del told, given
        h.raw(status, body, {k.replace("_", "-"): v for k, v in headers.items()})

    return tell


def _changed(**other: Any) -> How:
    """The right answer with something wrong about it."""

    def tell(h: Handler, told: Any, given: dict[str, Any]) -> None:
        h.tell(200, {**(told or answer(given)), **other})

    return tell


HOW: dict[str, How] = {
    "well": _well, "locked_out": _well, "slow": _slow, "drip": _drip, "silent": _silent, "cut": _cut,
    "hang_up": lambda h, told, given: h.cut(),
    "e500": _fixed(500, b"Internal Server Error"), "e502_html": _fixed(502, b"<html>Bad Gateway</html>"),
    "busy": _fixed(503, b"{}", Retry_After="30"), "limit": _fixed(429, b"{}", Retry_After="30"),
    "html": _fixed(200, b"<html>Xin loi</html>"), "half_json": _fixed(200, b'{"request_id": "'),
    "a_list": _fixed(200, b"[1, 2]"), "deep": _fixed(200, b"[" * 60_000), "big": _fixed(200, b" " * 200_000),
    "redirect": _fixed(302, b"", Location="http://127.0.0.1:9/other"),
    "forbidden": _fixed(403, b"{}"), "unfit": _fixed(422, b"{}"),
    "other_question": _changed(request_id="00000000-0000-4000-8000-000000000000"),
    "unknown_code": _changed(codes=["777"]), "no_code": _changed(codes=[]),
    "code_no_text": _changed(codes=[None]), "no_transaction": _changed(transaction=None),
    "code_100": _changed(codes=["100"]), "code_101": _changed(codes=["101"]),
}  # fmt: skip


def main() -> None:
    """Serve until standard input closes."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    print(server.server_port, flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
