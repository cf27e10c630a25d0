"""What is too large is refused early, by the real web server, with a clear word and without filling the memory."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.web.process import environment

from dancu.store import pg_process

MEGABYTE = bytes(1_000_000)


@pytest.fixture(scope="module")
def serving(site: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, int]]:
    """`dancu serve` as an office runs it: its port and process."""
    with serve(site, tmp_path_factory.mktemp("serve")) as (process, port):
        yield process.pid, port


@contextmanager
def serve(dsn: str, home: Path, **more: str) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """The web process (a session of its own) and its port, as soon as it answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    given = environment(dsn, DANCU_HOME=str(home), **more)
    program = Path(sys.executable).parent / "dancu"
    with subprocess.Popen(
        [program, "serve", "--port", str(port)], env=given, start_new_session=True
    ) as process:
        try:
            _ready(port, process)
            yield process, port
        finally:
            process.terminate()
            process.wait(timeout=20)


def _ready(port: int, process: subprocess.Popen[bytes]) -> None:
    assert pg_process.wait_until(
        lambda: process.poll() is not None or _answers(port), seconds=60, pause=0.2
    )
    assert process.poll() is None


def _answers(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


def memory(pid: int) -> float:
    """Megabytes in memory of the process and its children."""
    command = ["ps", "-o", "pid=,ppid=,rss=", "-e"]
    listed = subprocess.run(command, capture_output=True, text=True, check=True)
    rows = [tuple(map(int, line.split())) for line in listed.stdout.splitlines()]
    return sum(rss for me, parent, rss in rows if pid in (me, parent)) / 1000


def send(port: int, head: str, megabytes: int) -> tuple[str, int, float]:
    """The answer, the megabytes that the server let us send before it, and the seconds."""
    began, sent, answer = time.monotonic(), 0, b""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as client:
        client.sendall(f"POST /dang-nhap/ HTTP/1.1\r\nHost: 127.0.0.1\r\n{head}\r\n\r\n".encode())
        client.setblocking(False)
        while time.monotonic() - began < 20 and not _whole(answer):
            try:
                answer += client.recv(65536)
                if sent < megabytes:
                    sent += client.send(MEGABYTE) / len(MEGABYTE)
            except BlockingIOError:
                try:
                    sent += client.send(MEGABYTE) / len(MEGABYTE) if sent < megabytes else 0
                except BlockingIOError:
                    time.sleep(0.005)
                except OSError:
                    pass
            except OSError:
                break
    return answer.decode(errors="replace"), int(sent), time.monotonic() - began


def _whole(answer: bytes) -> bool:
    return b"</html>" in answer


def test_500_megabytes_are_refused_with_a_clear_word_and_bounded_memory(
    serving: tuple[int, int],
) -> None:
    pid, port = serving
    assert get(port, "/healthz").startswith(b"{")
    send(port, "Content-Length: 300000000", 0)  # the page's template is warm
    before = memory(pid)
    answer, sent, seconds = send(port, "Content-Length: 500000000", 500)
    assert answer.startswith("HTTP/1.1 413"), answer[:200]
    assert "Tệp quá lớn" in answer and "250 MB" in answer
    assert sent < 60 and seconds < 10, (sent, seconds)
    assert memory(pid) - before < 60


def test_a_body_of_unknown_length_is_refused(serving: tuple[int, int]) -> None:
    pid, port = serving
    before = memory(pid)
    answer, sent, _ = send(port, "Transfer-Encoding: chunked", 0)
    assert answer.startswith("HTTP/1.1 411"), answer[:200]
    assert sent == 0 and memory(pid) - before < 20


def test_the_next_one_is_served(serving: tuple[int, int]) -> None:
    assert b'"database": "ok"' in get(serving[1], "/healthz")


def get(port: int, path: str) -> bytes:
    """What is answered; also where it tells that a part is unwell (jobs of other tests that nobody takes up)."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=20) as answer:
            body: bytes = answer.read()
    except urllib.error.HTTPError as unwell:
        body = unwell.read()
    return body
