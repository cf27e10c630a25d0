"""The stand-in beside a test: started once a module, well-behaved at the start of each test, and set up for dancu."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest
from tests.web.national.service import CLIENT

ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class StandIn:
    """Where it listens."""

    url: str

    def behaves(self, how: str = "well", times: int = 10**9, **more: Any) -> None:
        """What the next calls meet."""
        given = {"how": how, "times": times, **more}
        httpx2.post(f"{self.url}/stand-in/behave", json=given, trust_env=False)

    def seen(self) -> dict[str, Any]:
        """What it was asked so far: `asked`, `calls`, `answers` (distinct questions it has answered)."""
        found: dict[str, Any] = httpx2.get(f"{self.url}/stand-in/seen", trust_env=False).json()
        return found


@pytest.fixture(scope="module")
def stand_in() -> Iterator[StandIn]:
    """The process."""
    command = [sys.executable, "-m", "tests.web.national.service"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True) as running:
        assert running.stdin is not None and running.stdout is not None
        yield StandIn(f"http://127.0.0.1:{int(running.stdout.readline())}")
        running.stdin.close()


@pytest.fixture
def national(stand_in: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> StandIn:
    """Well-behaved, knowing nothing of the test before; this installation is set up to ask it."""
    stand_in.behaves(anew=True)
    stand_in.behaves()
    secret = tmp_path / "secret"
    secret.write_text(CLIENT[1], encoding="utf-8")
    given = {
        "URL": stand_in.url,
        "CLIENT_ID": CLIENT[0],
        "SECRET_FILE": str(secret),
        "TIMEOUT": "0.6",
    }
    for name, value in given.items():
        monkeypatch.setenv(f"DANCU_NATIONAL_{name}", value)
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    return stand_in
