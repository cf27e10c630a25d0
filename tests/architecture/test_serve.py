"""``make serve`` hands out one page, to this machine only."""

from __future__ import annotations

import http.client
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from tools import serve


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    page = tmp_path / "report.html"
    page.write_text("<p>điểm</p>", encoding="utf-8")
    (tmp_path / "secret.xlsx").write_text("names")
    with serve.server(page, 0) as running:
        thread = threading.Thread(target=running.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield running.server_port
        running.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("path", "host", "status"),
    [
        ("/", "127.0.0.1", 200),
        ("/", "localhost", 200),
        ("/", "evil.example", 404),
        ("/secret.xlsx", "127.0.0.1", 404),
        ("/../secret.xlsx", "127.0.0.1", 404),
    ],
)
def test_one_page_under_one_name(port: int, path: str, host: str, status: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", path, headers={"Host": f"{host}:{port}"})
    answer = connection.getresponse()
    assert answer.status == status
    assert ("điểm" in answer.read().decode()) == (status == 200)
    connection.close()


def test_the_last_report_is_the_youngest(tmp_path: Path) -> None:
    assert serve.last_report(tmp_path) is None
    for number, run in enumerate(("b", "a")):
        (tmp_path / run).mkdir()
        (tmp_path / run / "report.html").write_text("x")
        os.utime(tmp_path / run / "report.html", (number, number))
    assert serve.last_report(tmp_path) == tmp_path / "a" / "report.html"


def test_without_a_report_it_says_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert serve.main(["--runs", str(tmp_path)]) == 1
    assert "make demo" in capsys.readouterr().err
