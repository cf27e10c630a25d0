"""Make a data folder and start a server on it: the two moments that run PostgreSQL's programs.

The border it keeps: it is told who, where and with which programs; :mod:`supervisor` decides.
"""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from dancu.store import pg_process
from dancu.store.errors import StoreError
from dancu.store.pg_binaries import Binaries
from dancu.store.pg_process import User

NAME = "dancu"  # of the role and of the database
HOST = "127.0.0.1"
_SECONDS = 60.0
_SETTINGS = {
    "listen_addresses": HOST,
    "unix_socket_directories": "",
    "password_encryption": "scram-sha-256",
    # An error's text and detail quote the row ("Key (personal_number)=(…) already exists"), so
    # errors stay between server and client; starts, stops and crashes are still logged.
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    # Compiling a statement takes up to a second, and an estimate far off is enough to start it (ADR 0012).
    "jit": "off",
}
_GB = 1 << 30
_FLEETING = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def initialise(binaries: Binaries, user: User, data: Path, *, password: str, sync: bool) -> None:
    """Make the data folder; raises :class:`StoreError` with the words of ``initdb``."""
    # Not a pipe: root's pipe cannot be opened again by the user that initdb runs as.
    handover = data.parent / f"handover-{secrets.token_hex(8)}"
    write_private(handover, password)
    if user.drop:
        os.chown(handover, user.uid, user.gid)
    try:
        made = _run(
            [
                binaries.bin_dir / "initdb", "-D", data, "-U", NAME, f"--pwfile={handover}",
                "--auth=scram-sha-256", "--encoding=UTF8", "--lc-collate=C", "--lc-ctype=C.UTF-8",
                "--lc-messages=C", "--data-checksums", "--no-instructions",
                *([] if sync else ["--no-sync"]),
            ],
            user, data,
        )  # fmt: skip
    finally:
        handover.unlink()
    if made.returncode:
        raise StoreError(
            f"Không tạo được cơ sở dữ liệu trong {data}: {made.stdout[-800:]}\n"
            f"initdb failed in {data}; remove var/pg and try again."
        )


def start(binaries: Binaries, user: User, data: Path, *, log: Path, leash: bool) -> int:
    """Start the server on a free port and wait until it answers; the port."""
    end = time.monotonic() + _SECONDS
    tries = 0
    while True:
        port = _free_port()
        process = _launch(binaries, user, data, port, log=log, leash=leash)
        if _answers(process, user, binaries, port, seconds=max(1.0, end - time.monotonic())):
            return port
        said = _tail(log)
        # A port taken meanwhile; a zombie or an orphan of a killed server not yet reaped.
        passing = ("could not create any TCP/IP sockets", "lock file", "shared memory block")
        tries += 1
        if not any(reason in said for reason in passing) or time.monotonic() > end:
            raise StoreError(
                f"PostgreSQL không khởi động được ({data}): {said}\n"
                f"PostgreSQL did not start; its whole log is {log}."
            )
        time.sleep(min(0.2 * tries, 2.0))


def _launch(
    binaries: Binaries, user: User, data: Path, port: int, *, log: Path, leash: bool
) -> subprocess.Popen[bytes]:
    settings = _SETTINGS | {"port": str(port)} | (_FLEETING if leash else sized(_memory()))
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    keep = None
    with open(os.open(log, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "wb") as out:
        if leash:
            keep = shared_fate()
        return subprocess.Popen(  # type: ignore[call-overload,no-any-return]  # noqa: S603
            [binaries.bin_dir / "postgres", "-D", data, *options],
            stdin=subprocess.DEVNULL, stdout=out, stderr=out, cwd=data, umask=0o077,
            start_new_session=True, env=_environment(), preexec_fn=keep, **user.run_as(),
        )  # fmt: skip


def sized(memory: int) -> dict[str, str]:
    """Settings for a server that shares a machine of so many bytes; PostgreSQL's own are those of a tiny one.

    An eighth for its own pages, at most 4 GB; log enough that a load does not stop for a checkpoint every minute.

    >>> sized(24 * _GB)["shared_buffers"], sized(2 * _GB)["shared_buffers"]
    ('3072MB', '256MB')
    """

    def part(share: int, most: int) -> str:
        return f"{min(memory // share, most) >> 20}MB"

    return {
        "shared_buffers": part(8, 4 * _GB),
        "effective_cache_size": part(2, 64 * _GB),
        "maintenance_work_mem": part(48, _GB // 2),
        "max_wal_size": "4GB",
        "random_page_cost": "1.1",
    }


def _memory() -> int:
    """Bytes of the machine, or of the group that this process is held in where that is less."""
    whole = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    try:
        limit = Path("/sys/fs/cgroup/memory.max").read_text("ascii").strip()
    except OSError:
        return whole
    return min(whole, int(limit)) if limit.isdigit() else whole


def _answers(
    process: subprocess.Popen[bytes], user: User, binaries: Binaries, port: int, *, seconds: float
) -> bool:
    """Wait for the process to accept connections; False as soon as the process has ended."""
    ask: list[str | Path] = [binaries.bin_dir / "pg_isready", "-q", "-h", HOST, "-p", str(port)]

    def settled() -> bool:
        return process.poll() is not None or _run(ask, user, Path("/")).returncode == 0

    answered = pg_process.wait_until(settled, seconds=seconds)
    if answered and process.poll() is None:
        return True
    if process.poll() is None:
        pg_process.end_server(process.pid)
    return False


def _run(argv: list[str | Path], user: User, cwd: Path) -> subprocess.CompletedProcess[str]:
    done: subprocess.CompletedProcess[str] = subprocess.run(  # type: ignore[call-overload]  # noqa: S603
        [str(a) for a in argv], cwd=cwd, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, check=False, env=_environment(), **user.run_as(),
    )  # fmt: skip
    return done


def _environment() -> dict[str, str]:
    """No PG… variable of the caller reaches the server, and messages come in one language."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PG", "LC_", "LANG"))}
    kept.pop("DATABASE_URL", None)
    return kept | {"LC_ALL": "C"}


def shared_fate() -> Callable[[], None] | None:
    """On Linux: have the kernel interrupt a program when the process that started it dies."""
    try:
        import ctypes
        import signal

        prctl = ctypes.CDLL(None).prctl
    except (OSError, AttributeError):
        return None
    return lambda: prctl(1, int(signal.SIGINT))  # 1 is PR_SET_PDEATHSIG


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def write_private(path: Path, text: str) -> None:
    path.unlink(missing_ok=True)
    with open(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as out:
        out.write(text)


def _tail(log: Path) -> str:
    return log.read_text(encoding="utf-8", errors="replace").strip()[-800:]
