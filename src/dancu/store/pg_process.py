"""The server process: whose it is, whether it lives, and how it is waited for.

The border it keeps: it knows processes and users, and nothing of SQL or connections.

Measured trap: after ``kill -9`` the process may stay as a zombie until somebody reaps it (in a
container that may take seconds), and PostgreSQL then says "lock file exists". A lock file is
therefore no proof of a running server, and it is never deleted: the state of the process is.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

_UNPRIVILEGED = ("postgres", "nobody")


@dataclass(frozen=True)
class User:
    """The user a server runs as; ``drop`` says that root has to become this user."""

    uid: int
    gid: int
    drop: bool

    def run_as(self) -> dict[str, object]:
        """Arguments for :mod:`subprocess` that drop every privilege of root."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.drop else {}


def choose_user(data: Path) -> User:
    """Ourselves; for root the owner of an existing data folder, else ``postgres`` or ``nobody``."""
    if os.geteuid() != 0:
        return User(os.geteuid(), os.getegid(), drop=False)
    if data.exists() and (kept := data.stat()).st_uid != 0:
        return User(kept.st_uid, kept.st_gid, drop=True)
    for name in _UNPRIVILEGED:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return User(entry.pw_uid, entry.pw_gid, drop=True)
    return User(65534, 65534, drop=True)


def can_use(user: User, path: Path, *, write: bool) -> bool:
    """Whether ``user`` may run the file or enter (and write) the folder ``path``."""
    mode = "-w" if write else "-x"
    shell = shutil.which("sh") or "/bin/sh"
    asked = subprocess.run(  # type: ignore[call-overload]  # noqa: S603
        [shell, "-c", f'test {mode} "$0" && test -x "$0"', str(path)],
        cwd="/", check=False, capture_output=True, **user.run_as(),
    )  # fmt: skip
    return bool(asked.returncode == 0)


def postmaster(data: Path) -> tuple[int, int] | None:
    """Process id and port written in the lock file of ``data``; None when there is no whole one."""
    try:
        lines = (data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        return int(lines[0]), int(lines[3])
    except (FileNotFoundError, IndexError, ValueError):
        return None


def is_server(pid: int, data: Path) -> bool:
    """Whether ``pid`` lives and is the server of ``data``, not a later owner of the same id."""
    if not is_alive(pid):
        return False
    here = Path(f"/proc/{pid}/cwd")
    try:
        return not here.exists() or os.path.samefile(here, data)
    except OSError:
        return False


def is_alive(pid: int) -> bool:
    """Whether the process runs; a zombie does not, and our own dead child is reaped here."""
    try:
        if os.waitpid(pid, os.WNOHANG)[0] == pid:
            return False
    except ChildProcessError:
        pass  # not our child: ask the machine instead
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return _state(pid) not in ("Z", "X")


def wait_gone(pid: int, *, seconds: float) -> bool:
    """Wait until the process has ended; False when it has not after ``seconds``."""
    return wait_until(lambda: not is_alive(pid), seconds=seconds)


def wait_until(done: Callable[[], bool], *, seconds: float, pause: float = 0.05) -> bool:
    """Ask ``done`` until it says yes (True) or the time is over (False)."""
    end = time.monotonic() + seconds
    while not done():
        if time.monotonic() > end:
            return False
        time.sleep(pause)
    return True


def end_server(pid: int) -> bool:
    """Fast shutdown (open transactions are rolled back, a checkpoint is written), then wait."""
    for stop, seconds in ((signal.SIGINT, 60.0), (signal.SIGQUIT, 10.0)):
        try:
            os.kill(pid, stop)
        except ProcessLookupError:
            return True
        if wait_gone(pid, seconds=seconds):
            return True
    return False


def _state(pid: int) -> str:
    """The one-letter state of Linux; empty where there is no /proc."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return "" if not Path("/proc/self").exists() else "X"
    return stat.rpartition(")")[2].split()[0]
