"""A real OpenID Connect provider beside the tests: the npm package oidc-provider, from its lock."""

from __future__ import annotations

import contextlib
import fcntl
import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import pytest

HERE = Path(__file__).parent / "oidc"
INSTALLED = Path(__file__).resolve().parents[2] / ".env-oidc"
SECRET = "only-for-tests-only-for-tests-123"
needs_npm = pytest.mark.skipif(
    shutil.which("npm") is None,
    reason="no node and npm (apt-get install nodejs npm): no real provider",
)


def installed() -> Path:
    """The provider from its lock, once for the checkout, by one of several workers; npm ci checks the hashes."""
    (INSTALLED.parent / "var").mkdir(exist_ok=True)
    with (INSTALLED.parent / "var" / "oidc.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        kept = INSTALLED / "node_modules" / ".installed"
        wanted = (HERE / "package-lock.json").read_bytes()
        if not kept.is_file() or kept.read_bytes() != wanted:
            shutil.rmtree(INSTALLED, ignore_errors=True)
            shutil.copytree(HERE, INSTALLED)
            command = ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
            subprocess.run(command, cwd=INSTALLED, check=True, capture_output=True)
            kept.write_bytes(wanted)
    return INSTALLED


@contextlib.contextmanager
def running(*back: str) -> Iterator[str]:
    """The provider's address, while it runs; it leads back to these addresses alone."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = ["node", str(HERE / "provider.mjs"), str(port), *back]
    with subprocess.Popen(command, cwd=installed(), stdout=subprocess.PIPE, text=True) as provider:
        assert provider.stdout is not None
        while (line := provider.stdout.readline()) and "ready" not in line:
            pass
        yield f"http://127.0.0.1:{port}"
        provider.terminate()


def at_the_provider(address: str, login: str, *, back: str, level: str = "2") -> str:
    """What a person does in the provider's pages; the address that leads back to us."""
    with httpx2.Client() as browser:
        answer = browser.get(address)
        for _ in range(12):
            if answer.is_redirect:
                target = str(answer.headers["location"])
                if target.startswith(back):
                    return target
                answer = browser.get(httpx2.URL(address).join(target))
                continue
            form = re.search(r'action="([^"]+)"', answer.text)
            prompt = re.search(r'name="prompt" value="(\w+)"', answer.text)
            assert form and prompt, answer.text[:500]
            given = {"prompt": prompt[1], "login": login, "level": level}
            answer = browser.post(httpx2.URL(address).join(form[1]), data=given)
    raise AssertionError("the provider never led back")


def local(address: str) -> str:
    """The address without its host, for Django's test client."""
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}"
