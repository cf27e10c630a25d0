"""The pictures of docs/manual: a demo site of its own, each role logged in, each picture at two widths.

``make manual`` makes an invented province (nobody in it is real) in ``var/manual``, serves it, takes what
``tools/manual_shots.py`` lists and writes ``docs/manual/images/<role>-<what>-<width>.webp``: names and content are
steady, save for the days on which the demo itself was made. ``python tools/manual.py ROLE …`` takes only those roles.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tools.manual_shots import SHOTS, Shot

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "manual" / "images"
HOME = ROOT / "var" / "manual"
SCALE = "0.01"
DESK, PHONE = (1280, 900), (390, 844)
TALLEST = {1280: 1300, 390: 1500}
"""Pixels from the top that a picture shows: a manual shows where things are, not all rows of a table."""
COLOURS = 48


def main(*roles: str) -> int:
    """Take the pictures of some roles, or of all; pictures that nothing lists any more go."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    wanted = [s for s in SHOTS if not roles or s.role in roles]
    with served() as (address, passwords):
        for role, shots in _by_role(wanted).items():
            _take_role(address, role, passwords, shots)
    listed = {path.name for shot in SHOTS for path in shot.files(IMAGES)}
    for path in sorted(IMAGES.glob("*.webp")):
        if path.name not in listed:
            path.unlink()
    size = sum(path.stat().st_size for path in IMAGES.glob("*.webp"))
    print(f"manual: {len(list(IMAGES.glob('*.webp')))} pictures, {size / 1e6:.1f} MB")
    return 0


def account_of(role: str) -> str:
    """The sample account of a role."""
    return f"mau.{role.replace('_', '.')}"


@contextmanager
def served() -> Iterator[tuple[str, dict[str, str]]]:
    """The address of a demo site made from nothing, and its passwords by account."""
    shutil.rmtree(HOME, ignore_errors=True)
    HOME.mkdir(parents=True)
    port = _free_port()
    given = {**os.environ, "DANCU_HOME": str(HOME), "DANCU_DEMO_SCALE": SCALE}
    given.pop("DATABASE_URL", None)
    program = [sys.executable, "-m", "dancu", "serve", "--demo", "--port", str(port)]
    with (HOME / "serve.log").open("w") as log:
        running = subprocess.Popen(
            program, cwd=HOME, env=given, stdout=log, stderr=log, start_new_session=True
        )
        try:
            address = f"http://127.0.0.1:{port}"
            _wait(address, running)
            rows = json.loads((HOME / "var/site/demo-accounts.json").read_text(encoding="utf-8"))
            yield address, {row["username"]: row["password"] for row in rows}
        finally:
            with suppress(ProcessLookupError):
                os.killpg(running.pid, signal.SIGTERM)
            running.wait(60)
            _stop_database()


def _stop_database() -> None:
    from dancu.store import supervisor

    supervisor.stop(HOME)
    shutil.rmtree(HOME, ignore_errors=True)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


def _wait(address: str, running: subprocess.Popen[bytes], seconds: int = 600) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if running.poll() is not None:
            raise SystemExit((HOME / "serve.log").read_text(encoding="utf-8")[-2000:])
        try:
            with urllib.request.urlopen(f"{address}/dang-nhap/", timeout=5):  # noqa: S310
                return
        except OSError:
            time.sleep(0.5)
    raise SystemExit(f"{address} did not answer in {seconds} s; see {HOME / 'serve.log'}")


def _by_role(shots: list[Shot]) -> dict[str, list[Shot]]:
    found: dict[str, list[Shot]] = {}
    for shot in shots:
        found.setdefault(shot.role, []).append(shot)
    return found


def _take_role(address: str, role: str, passwords: dict[str, str], shots: list[Shot]) -> None:
    from playwright.sync_api import sync_playwright

    chromium = next(
        filter(None, map(shutil.which, ("chromium-headless-shell", "chromium", "google-chrome"))),
        None,
    )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        context = browser.new_context(
            base_url=address,
            locale="vi-VN",
            timezone_id="Asia/Ho_Chi_Minh",
            reduced_motion="reduce",
            bypass_csp=True,
        )
        page = context.new_page()
        page.accounts = passwords
        if account_of(role) in passwords:
            _log_in(page, account_of(role), passwords[account_of(role)])
        for shot in shots:
            _take(page, shot)
        browser.close()


def _log_in(page: Any, username: str, password: str) -> None:
    page.goto("/dang-nhap/")
    page.fill("[name=username]", username)
    page.fill("[name=password]", password)
    page.click("main button.btn-primary")
    page.wait_for_selector("h1:has-text('Xin chào')")


def _take(page: Any, shot: Shot) -> None:
    """Do what leads to the picture once, at a desk's width, then take both widths of the same page."""
    page.set_viewport_size({"width": DESK[0], "height": DESK[1]})
    shot.reach(page)
    for width, height in (DESK, PHONE):
        page.set_viewport_size({"width": width, "height": height})
        page.evaluate("document.activeElement && document.activeElement.blur(); scrollTo(0, 0)")
        page.wait_for_timeout(150)
        _write(_picture(page, width), shot.file(IMAGES, width))
        print(f"  {shot.role} {shot.name} {width}", flush=True)


def _picture(page: Any, width: int) -> bytes:
    """From the top of the page; a bar that sticks to the screen's foot is put where it belongs in the page."""
    page.add_style_tag(content=".judging, .top { position: static !important; }")
    tall = min(page.evaluate("document.documentElement.scrollHeight"), TALLEST[width])
    box = {"x": 0, "y": 0, "width": width, "height": tall}
    taken: bytes = page.screenshot(full_page=True, clip=box)
    return taken


def _write(png: bytes, path: Path) -> None:
    from PIL import Image

    with Image.open(io.BytesIO(png)) as opened:
        few = opened.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).convert("RGB")
    few.save(path, "WEBP", lossless=True, quality=75, method=4)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
