"""Sends prepared HTTP requests over kept connections: as fast as answers come, or at a steady pace. One process.

Run by `bench/verify.py`: ``python bench/verify_load.py HOST PORT FILE CONNECTIONS SECONDS PACE``. FILE holds whole
requests, each after its length; PACE 0 sends the next when the one before is answered. Prints JSON: how many, how
many were no 200, seconds, and milliseconds at p50 and p99; with a pace a latency counts from when its request was due.
"""

from __future__ import annotations

import heapq
import json
import selectors
import socket
import struct
import sys
import time
from pathlib import Path


class Line:
    """One kept connection with at most one request under way."""

    def __init__(self, host: str, port: int) -> None:
        self.socket = socket.create_connection((host, port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.due = 0.0
        self.got = b""

    def answer(self) -> bytes | None:
        """The status of a whole answer, None while it is not whole."""
        part = self.socket.recv(65_536)
        if not part:
            raise ConnectionError("the server closed the connection")
        self.got += part
        head, found, body = self.got.partition(b"\r\n\r\n")
        if not found:
            return None
        at = head.lower().find(b"content-length:")
        length = int(head[at + 15 :].split(b"\r\n", 1)[0])
        if len(body) < length:
            return None
        self.got = b""
        return head[9:12]


def requests(path: Path) -> list[bytes]:
    """The prepared requests."""
    data, at, found = path.read_bytes(), 0, []
    while at < len(data):
        (size,) = struct.unpack_from("<I", data, at)
        found.append(data[at + 4 : at + 4 + size])
        at += 4 + size
    return found


def run(
    host: str, port: int, sent: list[bytes], n: int, seconds: float, pace: float
) -> dict[str, float]:
    """Send for so many seconds."""
    lines = [Line(host, port) for _ in range(n)]
    selector = selectors.EpollSelector()
    for line in lines:
        selector.register(line.socket, selectors.EVENT_READ, line)
    spent: list[float] = []
    bad, k, under_way = 0, 0, 0
    start = time.perf_counter()
    end, free = start + seconds, list(lines)
    while True:
        now = time.perf_counter()
        while free and now < end:
            due = start + k / pace if pace else now
            if due > now:
                break
            line = free.pop()
            line.due = due
            line.socket.sendall(sent[k % len(sent)])
            k, under_way = k + 1, under_way + 1
        if now >= end and not under_way:
            break
        wait = max(0.0, min(start + k / pace, end) - now) if pace and free and now < end else 1.0
        for key, _ in selector.select(wait):
            status = key.data.answer()
            if status is not None:
                spent.append(time.perf_counter() - key.data.due)
                bad += status != b"200"
                under_way -= 1
                free.append(key.data)
    took = time.perf_counter() - start
    worst = heapq.nlargest(max(1, len(spent) // 100), spent)[-1]
    return {"n": len(spent), "bad": bad, "a_second": round(len(spent) / took, 1),
            "p50_ms": round(1e3 * sorted(spent)[len(spent) // 2], 2), "p99_ms": round(1e3 * worst, 2)}  # fmt: skip


if __name__ == "__main__":
    host, port, path, n, seconds, pace = sys.argv[1:]
    told = run(host, int(port), requests(Path(path)), int(n), float(seconds), float(pace))
    print(json.dumps(told))
