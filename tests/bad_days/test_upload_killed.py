"""The web process killed in the middle of an upload: nothing is half-done, and the same upload afterwards works."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.utils import timezone
from tests.bad_days.test_upload import serve
from tests.web.register import RegisterSite

from dancu.platform.intake import expiring
from dancu.store import pg_process

LIST = "/nguon/danh-sach/"
ROWS = "".join(f"{n},Nguyễn Văn Thử,1/1/1990,Nam\n" for n in range(68_000))
DATA = f"STT,Họ và tên,Ngày sinh,Giới tính\n{ROWS}".encode()
"""More than Django holds in memory: it lies in a temporary file while it comes."""
BORDER = "a-border-of-a-form"


class Office:
    """An officer's browser, and the folder in which the site keeps its files."""

    def __init__(self, client: Any, home: Path) -> None:
        self.home = home
        page = client.get(LIST)
        assert page.status_code == 200
        self._cookies = "; ".join(f"{name}={found.value}" for name, found in client.cookies.items())
        self._token = client.cookies["dancu-csrf"].value

    def request(self, port: int) -> bytes:
        """The whole upload, as it goes over the wire."""
        head = f"--{BORDER}\r\nContent-Disposition: form-data; name="
        body = (
            f'{head}"csrfmiddlewaretoken"\r\n\r\n{self._token}\r\n'
            f'{head}"file"; filename="ds.csv"\r\nContent-Type: text/csv\r\n\r\n'
        ).encode() + DATA + f"\r\n--{BORDER}--\r\n".encode()  # fmt: skip
        return (
            f"POST {LIST} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: {self._cookies}\r\n"
            f"Content-Type: multipart/form-data; boundary={BORDER}\r\nContent-Length: {len(body)}\r\n"
            "Connection: close\r\n\r\n"
        ).encode() + body  # fmt: skip

    def coming(self) -> int:
        """Bytes of lists on their way in."""
        return _bytes(self.home / "var/site/incoming")

    def kept(self) -> int:
        """Bytes of lists that are kept."""
        return _bytes(self.home / "var/site/files/intake")


def _bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


@pytest.fixture
def office(
    register_site: RegisterSite, client_as: Callable[..., Any], tmp_path: Path
) -> Iterator[Office]:
    register_site.do("DELETE FROM intake_upload")
    yield Office(client_as("commune_police", unit=register_site.communes[0]), tmp_path)


def serving(site: RegisterSite, office: Office) -> Any:
    return serve(site.dsn, office.home, DANCU_SECRET_KEY=settings.SECRET_KEY)


def kill(process: subprocess.Popen[bytes]) -> None:
    """As a power cut would: the server and what it started."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def works(site: RegisterSite, office: Office) -> None:
    """Once more, on a site started anew: taken, whole, once; what the killed one left goes by itself."""
    with serving(site, office) as (_, port):
        assert office.coming() == 0
        with socket.create_connection(("127.0.0.1", port), timeout=60) as wire:
            wire.sendall(office.request(port))
            answer = wire.makefile("rb").read()
    assert answer.startswith(b"HTTP/1.1 302"), answer[:300]
    assert rows(site) == [(len(DATA), hashlib.sha256(DATA).hexdigest(), "received")]


def rows(site: RegisterSite) -> list[tuple[Any, ...]]:
    return site.ask("SELECT size, sha256, state FROM intake_upload")


def untouched(site: RegisterSite) -> tuple[Any, ...]:
    return site.ask(
        "SELECT (SELECT count(*) FROM register.record), (SELECT max(event_no) FROM register.event),"
        " (SELECT count(*) FROM procrastinate_jobs)"
    )[0]


def test_killed_while_the_list_is_coming_in(register_site: RegisterSite, office: Office) -> None:
    before = untouched(register_site)
    with serving(register_site, office) as (process, port):
        sent = office.request(port)
        with socket.create_connection(("127.0.0.1", port), timeout=60) as wire:
            wire.sendall(sent[: len(sent) * 9 // 10])
            assert pg_process.wait_until(lambda: office.coming() > 0, seconds=20)
            kill(process)
    assert rows(register_site) == [] and office.kept() == 0
    assert untouched(register_site) == before
    works(register_site, office)
    assert office.kept() == len(DATA)


def test_killed_between_the_file_and_its_row(
    register_site: RegisterSite, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = untouched(register_site)
    with (
        serving(register_site, office) as (process, port),
        psycopg.connect(register_site.dsn) as con,
    ):
        con.execute("LOCK TABLE intake_upload IN EXCLUSIVE MODE")
        with socket.create_connection(("127.0.0.1", port), timeout=60) as wire:
            wire.sendall(office.request(port))
            assert pg_process.wait_until(lambda: waits(register_site), seconds=60)
            assert office.kept() == len(DATA)
            kill(process)
    assert rows(register_site) == [] and untouched(register_site) == before
    works(register_site, office)
    assert office.kept() == 2 * len(DATA)
    monkeypatch.setattr(settings, "MEDIA_ROOT", office.home / "var/site/files")
    assert expiring.expire(at=timezone.now() + dt.timedelta(days=2)) == 1
    assert office.kept() == len(DATA)


def waits(site: RegisterSite) -> bool:
    """The row of the upload waits for its table."""
    return site.ask(
        "SELECT count(*) > 0 FROM pg_locks WHERE NOT granted AND relation = 'intake_upload'::regclass"
    )[0][0]  # type: ignore[no-any-return]
