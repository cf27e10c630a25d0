"""A backup brought back on another server is the original: to the row, the log, the right and the second factor."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.test import Client
from psycopg import sql
from tests.web.live import log_in
from tests.web.register import RegisterSite

from dancu.site import addresses, backing, database
from dancu.store import backup, keyring, pg_tools, restore, sealed, supervisor
from dancu.store.errors import StoreError

NOW = dt.datetime(2024, 6, 21, 3, 0, tzinfo=dt.UTC)
PASS = "một câu dài để niêm phong"
ROLES = tuple(addresses.ROLES.values())
ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Saved:
    """A register that has lived a little, its backup, and an officer who knows it."""

    dsn: str
    file: Path
    made: backup.Made
    user: Any
    password: str
    seen: int
    """How many persons the officer sees."""


@pytest.fixture(scope="module")
def cheap() -> Iterator[None]:
    """A passphrase's half second is not what is tested here."""
    before, sealed.Writer.__init__.__kwdefaults__["cost"] = sealed._COST, 10
    yield
    sealed.Writer.__init__.__kwdefaults__["cost"] = before


@pytest.fixture(scope="module")
def saved(
    register_site: RegisterSite, tmp_path_factory: pytest.TempPathFactory, cheap: None
) -> Saved:
    from dancu.platform.accounts import services

    unit = register_site.communes[0]
    user, first = services.do_create_user(
        username="luu.tru", display_name="Người giữ sổ", by="test", demo=True
    )
    services.do_grant(
        user=user, role="commune_police", unit_code=unit, unit_on=NOW.date(), by="test", reason="test"
    )  # fmt: skip
    for n in range(5):
        register_site.ask(
            "INSERT INTO register.access_log (citizen_id, by, purpose, fields)"
            " VALUES (%s, 'luu.tru', 'Ký tự lạ: '';\\%%', '{full_name,phone}') RETURNING 1",
            register_site.citizen(unit, n),
        )  # fmt: skip
    folder = tmp_path_factory.mktemp("backup")
    (folder / "anh").mkdir()
    (folder / "anh" / "chứng cứ 1.jpg").write_bytes(os.urandom(70_000))
    made = backup.make(
        register_site.dsn, folder / "b.dancu", now=NOW, passphrase=PASS,
        files={"evidence": folder / "anh"}, secrets={"secret-key": "khoá của trang"},
    )  # fmt: skip
    ((seen,),) = register_site.ask("SELECT count(*) FROM register.person WHERE unit_code = %s", unit)  # fmt: skip
    return Saved(register_site.dsn, made.path, made, user, first, seen)


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[supervisor.Server]:
    """Another server, which has none of the roles."""
    with supervisor.temporary() as server:
        yield server


@pytest.fixture
def empty(elsewhere: supervisor.Server) -> Iterator[str]:
    with psycopg.connect(elsewhere.dsn, autocommit=True) as con:
        con.execute("CREATE DATABASE back")
        yield elsewhere.database("back")
        con.execute("DROP DATABASE back WITH (FORCE)")


def everything(dsn: str) -> dict[str, Any]:
    """The database as a reader of its own sees it: each table's rows hashed in order, and who may do what."""
    with psycopg.connect(dsn, autocommit=True) as con:
        con.execute("SET timezone = 'Asia/Ho_Chi_Minh'")
        names = con.execute(
            "SELECT schemaname, tablename FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
        ).fetchall()
        hashed = (
            "SELECT count(*), md5(string_agg(md5(t::text), '' ORDER BY md5(t::text))) FROM {} t"
        )
        rows = {
            ".".join(name): con.execute(sql.SQL(hashed).format(sql.Identifier(*name))).fetchone()
            for name in names
        }
        asked = {
            part: sorted(map(str, con.execute(query.encode()).fetchall()))
            for part, query in CATALOGUE.items()
        }
        return {"rows": rows, **asked}


_OURS = "nspname !~ '^pg_' AND nspname <> 'information_schema'"
_CLASS = "pg_class c JOIN pg_namespace n ON n.oid = relnamespace"
_WHO = "a.grantee::regrole::text, a.privilege_type, a.is_grantable"
"""A right said outright and one by default are the same right."""
CATALOGUE = {
    "grants": f"SELECT nspname, relname, relkind, {_WHO} FROM {_CLASS},"
    " aclexplode(coalesce(relacl, acldefault(CASE relkind WHEN 'S' THEN 's' ELSE 'r' END::\"char\", relowner))) a"
    f" WHERE relkind IN ('r', 'v', 'S') AND {_OURS}",
    "functions": f"SELECT nspname, proname, prosecdef, proconfig, md5(prosrc), {_WHO} FROM pg_proc p"
    " JOIN pg_namespace n ON n.oid = pronamespace, aclexplode(coalesce(proacl, acldefault('f', proowner))) a"
    f" WHERE {_OURS}",
    "schemas": f"SELECT nspname, {_WHO} FROM pg_namespace,"
    f" aclexplode(coalesce(nspacl, acldefault('n', nspowner))) a WHERE {_OURS}",
    "policies": "SELECT * FROM pg_policies",
    "closed": f"SELECT relname, relrowsecurity, relforcerowsecurity FROM {_CLASS} WHERE relkind = 'r' AND {_OURS}",
    "indexes": "SELECT schemaname, indexname, indexdef FROM pg_indexes WHERE schemaname <> 'pg_catalog'",
    # The text of a check is written in another way after being read once.
    "constraints": "SELECT conrelid::regclass::text, conname, contype, convalidated,"
    " (SELECT array_agg(attname ORDER BY attname) FROM pg_attribute"
    " WHERE attrelid = conrelid AND attnum = ANY(conkey)),"
    " CASE WHEN contype <> 'c' THEN pg_get_constraintdef(c.oid) END FROM pg_constraint c"
    f" JOIN pg_namespace n ON n.oid = connamespace WHERE {_OURS}",
    "sequences": "SELECT schemaname, sequencename, last_value FROM pg_sequences",
    "views": "SELECT viewname, definition FROM pg_views WHERE schemaname = 'register'",
    "triggers": "SELECT tgrelid::regclass::text, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
}


def test_what_comes_back_is_the_original_to_the_row_and_to_the_log(saved: Saved, empty: str) -> None:  # fmt: skip
    told: list[tuple[str, float]] = []
    with restore.Backup(saved.file, PASS) as opened:
        opened.prove()
        assert opened.secrets() == {"secret-key": "khoá của trang"}
        restore.put_back(empty, opened, roles=ROLES, progress=lambda *step: told.append(step))
    before, after = everything(saved.dsn), everything(empty)
    assert before["rows"]["register.access_log"][0] >= 5
    for part, content in before.items():
        assert content, part
        missing = [row for row in content if row not in after[part]]
        assert after[part] == content, (part, missing[:3])
    assert "kiểm tra register.access_log" in dict(told)
    assert [share for _, share in told] == sorted(share for _, share in told)


def test_after_it_people_log_in_and_see_their_own_territory_only(
    saved: Saved, site: str, elsewhere: supervisor.Server, empty: str
) -> None:
    with restore.Backup(saved.file, PASS) as opened:
        restore.put_back(empty, opened, roles=ROLES)
    addresses.point(empty)
    try:
        database.migrate()
        client = Client()
        assert log_in(client, saved.user.username, saved.password).url == "/"
        assert client.get("/").status_code == 200
        with psycopg.connect(addresses.urls(empty)["default"]) as con:
            assert con.execute("SELECT count(*) FROM register.person").fetchone() == (0,)
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                con.execute("DELETE FROM register.access_log")
        with psycopg.connect(addresses.urls(empty)["default"]) as con:
            with psycopg.connect(empty, autocommit=True) as owner:
                owner.execute(
                    "INSERT INTO access.claim (token_hash, user_id, units, register_day, expires_at)"
                    " SELECT sha256('bí mật'), user_id, units, register_day, expires_at FROM access.claim"
                    " WHERE user_id = %s ORDER BY opened_at DESC LIMIT 1", [saved.user.pk],
                )  # fmt: skip
            con.execute("SELECT set_config('dancu.token', 'bí mật', true)")
            assert con.execute("SELECT count(*) FROM register.person").fetchone() == (saved.seen,)
    finally:
        addresses.point(site)


def test_a_database_that_holds_a_table_is_left_alone(saved: Saved, empty: str) -> None:
    with psycopg.connect(empty, autocommit=True) as con:
        con.execute("CREATE TABLE somebody (id int)")
        with restore.Backup(saved.file, PASS) as opened, pytest.raises(StoreError, match="has tables"):  # fmt: skip
            restore.put_back(empty, opened, roles=ROLES)
        assert list(everything(empty)["rows"]) == ["public.somebody"]


def _nothing(dsn: str) -> bool:
    return not everything(dsn)["rows"] and not everything(dsn)["policies"]


@pytest.mark.parametrize("table", ["register.access_log", "register.person", "link.edge"])
def test_a_row_more_or_less_than_the_list_says_and_nothing_is_kept(
    saved: Saved, empty: str, table: str
) -> None:
    with restore.Backup(saved.file, PASS) as opened:
        was = opened.manifest.tables[table]
        opened.manifest.tables[table] = backup.Table(was.rows, str(int(was.print) + 1))  # type: ignore[index]
        with pytest.raises(StoreError, match=table):
            restore.put_back(empty, opened, roles=ROLES)
    assert _nothing(empty)


def test_a_dump_that_breaks_off_and_nothing_is_kept(
    saved: Saved, empty: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def half(self: restore.Backup) -> Any:
        import io

        with self._archive.open(backup.DUMP) as entry:
            return io.BytesIO(entry.read(self.manifest.parts[backup.DUMP].bytes * 9 // 10))

    monkeypatch.setattr(restore.Backup, "dump", half)
    refused = pytest.raises(StoreError, match="nothing was written")
    with restore.Backup(saved.file, PASS) as opened, refused:
        restore.put_back(empty, opened, roles=ROLES)
    assert _nothing(empty)


def test_a_changed_byte_is_found_before_anything_is_written(saved: Saved, tmp_path: Path) -> None:
    data = bytearray(saved.file.read_bytes())
    data[len(data) // 2] ^= 1
    (tmp_path / "b").write_bytes(data)
    with pytest.raises(StoreError, match="damaged"), restore.Backup(tmp_path / "b", PASS) as opened:
        opened.prove()


def test_of_a_plain_backup_every_changed_byte_is_found_and_it_holds_no_secret(
    saved: Saved, tmp_path: Path
) -> None:
    made = backup.make(
        saved.dsn, tmp_path / "p.dancu", now=NOW, passphrase=None, files={}, secrets={"secret-key": "kín"}
    )  # fmt: skip
    assert made.manifest.left_out == ("secret-key",) and made.path.stat().st_mode & 0o777 == 0o600
    assert "kín".encode() not in made.path.read_bytes()
    with zipfile.ZipFile(made.path) as archive:
        assert archive.namelist() == [backup.DUMP, backup.MANIFEST]
        info = archive.getinfo(backup.DUMP)
    with restore.Backup(made.path, None) as opened:
        opened.prove()
    data = bytearray(made.path.read_bytes())
    data[info.header_offset + 200 + info.file_size // 2] ^= 1
    made.path.write_bytes(data)
    with pytest.raises(StoreError, match="damaged"), restore.Backup(made.path, None) as opened:
        opened.prove()


def test_a_sealed_backup_says_nothing_without_its_passphrase(saved: Saved) -> None:
    with pytest.raises(StoreError, match="passphrase is needed"):
        restore.Backup(saved.file, None)
    with pytest.raises(StoreError, match="wrong"):
        restore.Backup(saved.file, "một câu khác, cũng dài")
    data = saved.file.read_bytes()
    assert b"manifest" not in data and b"register" not in data


def test_a_backup_that_fails_leaves_no_file(
    saved: Saved, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pg_tools.Tools, "command", lambda *_: ["false"])
    with pytest.raises(StoreError, match="no backup"):
        backup.make(saved.dsn, tmp_path / "x.dancu", now=NOW, passphrase=None, files={}, secrets={})
    assert list(tmp_path.iterdir()) == []


def test_the_password_is_no_argument_of_a_program(saved: Saved) -> None:
    address, environment = pg_tools.reach("postgresql://u:rất%20kín@127.0.0.1:5/d")
    assert "k" not in address.split("?")[1] and environment["PGPASSWORD"] == "rất kín"


def test_only_the_newest_are_kept(
    saved: Saved, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cheap: None
) -> None:
    monkeypatch.setenv("DATABASE_URL", saved.dsn)
    monkeypatch.setenv("DANCU_HOME", str(tmp_path / "nha"))
    (tmp_path / "saved").mkdir()
    (tmp_path / "saved" / "của tôi.txt").write_text("x")
    for hour in range(3):
        backing.back_up(
            tmp_path / "saved", passphrase=None, now=NOW + dt.timedelta(hours=hour), keep=2,
            progress=lambda *_: None,
        )  # fmt: skip
    assert {p.name for p in (tmp_path / "saved").iterdir()} == {
        "dancu-20240621-040000.dancu", "dancu-20240621-050000.dancu", "của tôi.txt",
    }  # fmt: skip


@pytest.mark.slow
def test_an_installation_moves_to_another_machine(
    elsewhere: supervisor.Server, tmp_path: Path
) -> None:
    """By the command itself, as an owner that is no superuser: accounts, files and the key arrive; not twice."""
    secret = tmp_path / "mật khẩu"
    secret.write_text(PASS + "\n")

    def dancu(home: str, dsn: str, *words: object) -> subprocess.CompletedProcess[str]:
        env = {**os.environ, "DANCU_HOME": str(tmp_path / home), "DATABASE_URL": dsn}
        (tmp_path / home).mkdir(exist_ok=True)
        program = Path(sys.executable).parent / "dancu"
        return subprocess.run([program, *map(str, words)], env=env, capture_output=True, text=True)

    with psycopg.connect(elsewhere.dsn, autocommit=True) as con:
        con.execute("CREATE ROLE office LOGIN CREATEROLE PASSWORD 'x'")
        for name in ("office", "moved"):
            con.execute(f"CREATE DATABASE {name} OWNER office")
        for role in ROLES:
            con.execute(f"DROP ROLE IF EXISTS {role}")
    port = psycopg.conninfo.conninfo_to_dict(elsewhere.dsn)["port"]
    source, target = (f"postgresql://office:x@127.0.0.1:{port}/{n}" for n in ("office", "moved"))
    assert dancu("cũ", source, "migrate").returncode == 0
    made = dancu("cũ", source, "admin", "recover", "lan.nt", "--create")
    assert made.returncode == 0, made.stderr
    photo = tmp_path / "cũ" / "var" / "site" / "files" / "a" / "1.jpg"
    photo.parent.mkdir(parents=True)
    photo.write_bytes(b"photo")
    signed = keyring.current("ledger", home=tmp_path / "cũ").sign(b"head")
    made = dancu("cũ", source, "backup", tmp_path / "usb", "--passphrase-file", secret)
    assert made.returncode == 0, made.stderr
    (file,) = (tmp_path / "usb").iterdir()
    assert dancu("mới", target, "restore", file, "--check", "--passphrase-file", secret).returncode == 0  # fmt: skip
    back = dancu("mới", target, "restore", file, "--passphrase-file", secret)
    assert back.returncode == 0, back.stderr
    kept = [tmp_path / home / "var" / "site" / "secret-key" for home in ("cũ", "mới")]
    assert kept[0].read_text() == kept[1].read_text()
    assert (tmp_path / "mới" / "var" / "site" / "files" / "a" / "1.jpg").read_bytes() == b"photo"
    assert keyring.current("ledger", home=tmp_path / "mới").sign(b"head") == signed
    with psycopg.connect(target) as con:
        assert con.execute("SELECT username FROM accounts_user").fetchall() == [("lan.nt",)]
        found = con.execute("SELECT rolcanlogin FROM pg_roles WHERE rolname = 'dancu_app'")
        assert found.fetchone() == (True,)
    again = dancu("mới", target, "restore", file, "--passphrase-file", secret)
    assert again.returncode == 3 and "has tables" in again.stderr
    with psycopg.connect(elsewhere.dsn, autocommit=True) as con:
        for name in ("office", "moved"):
            con.execute(f"DROP DATABASE {name} WITH (FORCE)")
