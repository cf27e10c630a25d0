"""The database's owner tampers by raw SQL; the verifier finds it and names the row. One line, one kind."""

from __future__ import annotations

import contextlib
import datetime as dt
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from tests.web.authority import Authority, authority

from dancu.lib import signing
from dancu.platform.ledger import ledgered as ours
from dancu.platform.ledger import stamping
from dancu.platform.register import ledgered as register
from dancu.store import keyring, supervisor
from dancu.store.ledger import (
    bundles,
    checking,
    erasing,
    exporting,
    handing,
    heads,
    installing,
    notes,
    schema,
    sequencing,
    sets,
    tiles,
)
from dancu.store.register import loading
from dancu_verify import command
from dancu_verify.found import Report
from dancu_verify.verify import verify

Connection = psycopg.Connection[Any]
VICTIM, ERASED = 300, 40
"""Leaves of which much is told below; the second is erased under the law."""
LOOKS = 640


@dataclass(frozen=True)
class Ledger:
    """A ledger with a history: its database, the installation's folder, what the second body has kept."""

    dsn: str
    home: Path
    kept: Path
    tsa: Authority

    @contextlib.contextmanager
    def owner(self) -> Iterator[Connection]:
        with psycopg.connect(self.dsn, autocommit=True) as con:
            yield con

    def do(self, *statements: str) -> None:
        """As the owner; nothing holds them back."""
        with self.owner() as con:
            for statement in statements:
                con.execute(statement.encode())

    def one(self, query: str) -> Any:
        with self.owner() as con:
            row = con.execute(query.encode()).fetchone()
            assert row is not None
            return row[0]

    def row(self, leaf: int) -> str:
        """Kind and key at a place, as an auditor is told."""
        named = (
            "SELECT k.name || ' ' || e.key FROM ledger.entry e JOIN ledger.kind k USING (kind_no)"
        )
        return str(self.one(f"{named} WHERE leaf_index = {leaf}"))

    def export(self, folder: Path, *, with_rows: bool = True) -> Path:
        document = keyring.as_document("ledger", home=self.home)
        with self.owner() as con:
            exporting.export(con, folder, with_rows=with_rows, keys=document, at=dt.datetime.now(dt.UTC))  # fmt: skip
        return folder

    def head(self, *, stamped: bool = True) -> heads.Signed:
        with self.owner() as con:
            sequencing.sequence_all(con)
            head = heads.sign(
                con, key=keyring.current("ledger", home=self.home), at=dt.datetime.now(dt.UTC)
            )
            if stamped:
                token = stamping.stamp(head.note.encode(), url=self.tsa.url)
                heads.stamp(con, head_no=head.head_no, token=token)
            return heads.get(con, head_no=head.head_no) or head


def look(con: Connection, count: int) -> None:
    con.execute(
        "INSERT INTO register.access_log (citizen_id, by, purpose, basis)"
        " SELECT gen_random_uuid(), 'thu.' || n, 'verify', 'Luật số 26' FROM generate_series(1, %s) n",
        [count],
    )


@pytest.fixture(scope="module")
def tsa(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Authority]:
    with authority(tmp_path_factory.mktemp("tsa")) as made:
        yield made


@pytest.fixture(scope="module")
def history(
    postgres_server: supervisor.Server, tmp_path_factory: pytest.TempPathFactory, tsa: Authority
) -> Iterator[Ledger]:
    """Look-ups, a bulk read, an erasure; three heads, stamped, each handed to the second body."""
    name = f"dancu_ledger_{secrets.token_hex(5)}"
    home, kept = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("kept")
    with psycopg.connect(postgres_server.dsn, autocommit=True) as con:
        con.execute(f"CREATE DATABASE {name}".encode())
    made = Ledger(postgres_server.database(name), home, kept, tsa)
    with made.owner() as con:
        loading.create(con)
        con.execute(schema.SCHEMA.encode())
        look(con, 20)
        assert installing.install(con, [*register.KINDS, *ours.KINDS])["access.1"] == 20
        for part in (280, 200, 140):
            look(con, part)
            head = made.head()
            handing.plan(con, head=head, channels=["drop"], at=head.at)
            (one,) = handing.due(con, at=head.at, channels=["drop"])
            given = bundles.make(
                con, head=head, first=one.first_leaf, end=one.next_leaf,
                keys=keyring.as_document("ledger", home=home),
            )  # fmt: skip
            (kept / given[0]).write_bytes(given[1])
            handing.done(con, handover_no=one.handover_no, at=head.at, sha256="")
        sets.record(
            con,
            by="x",
            purpose="verify",
            basis="",
            what="Cả xã",
            citizens=[uuid4() for _ in range(50)],
            partner=None,
        )
        (key,) = con.execute(
            f"SELECT key FROM ledger.entry WHERE leaf_index = {ERASED}"
        ).fetchone() or ("",)
        assert erasing.erase(con, kind="access", keys=[key], by="x", law="Luật 91/2025/QH15")
    made.head()
    yield made
    with psycopg.connect(postgres_server.dsn, autocommit=True) as con:
        con.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


@pytest.fixture
def ledger(postgres_server: supervisor.Server, history: Ledger) -> Iterator[Ledger]:
    """A copy of that history for one who tampers."""
    name = f"dancu_tampered_{secrets.token_hex(5)}"
    like = psycopg.conninfo.conninfo_to_dict(history.dsn)["dbname"]
    with psycopg.connect(postgres_server.dsn, autocommit=True) as con:
        con.execute(f"CREATE DATABASE {name} TEMPLATE {like}".encode())
        yield replace(history, dsn=postgres_server.database(name))
        con.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def examined(ledger: Ledger, folder: Path, *, second_body: bool = True) -> Report:
    from cryptography import x509

    certificates = x509.load_pem_x509_certificates(ledger.tsa.certificate.read_bytes())
    return verify(
        ledger.export(folder), second_body=ledger.kept if second_body else None, certificates=certificates
    )  # fmt: skip


def test_an_untouched_ledger_is_whole(
    ledger: Ledger, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    export = ledger.export(tmp_path / "e")
    code = command.main(
        [str(export), "--second-body", str(ledger.kept), "--tsa", str(ledger.tsa.certificate)]
    )
    said = capsys.readouterr().out
    assert code == 0 and said.endswith("NGUYÊN VẸN: mọi kiểm tra đều đúng.\n"), said
    counted = f"Đã kiểm tra {LOOKS + 2} mục, {LOOKS + 1} dòng (đã xoá theo luật: 1)"
    assert f"{counted}, 4 đầu cây (7 có dấu thời gian" in said
    assert "✗" not in said
    with ledger.owner() as con:
        assert checking.check(con, keys=keyring.public("ledger", home=ledger.home)) == []


def test_the_key_of_the_export_alone_is_said_to_be_no_proof(
    ledger: Ledger, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    export = ledger.export(tmp_path / "e")
    kid = keyring.current("ledger", home=ledger.home).kid
    assert command.main([str(export), "--lang", "en"]) == 0
    assert f"compare {kid}" in capsys.readouterr().out
    assert command.main([str(export), "--lang", "en", "--key", kid]) == 0
    assert "compare" not in capsys.readouterr().out
    assert command.main([str(export), "--key", "khac"]) == 1
    assert "không phải khoá" in capsys.readouterr().out


def test_an_export_without_rows_proves_the_tree_and_tells_nobody(ledger: Ledger, tmp_path: Path) -> None:  # fmt: skip
    folder = ledger.export(tmp_path / "e", with_rows=False)
    assert verify(folder, second_body=ledger.kept).whole
    told = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert (
        b"citizen_id\\" not in told and b'"salt"' not in told and "Luật số 26".encode() not in told
    )


def test_an_erased_row_is_gone_and_its_proof_stays(ledger: Ledger, tmp_path: Path) -> None:
    assert ledger.one(f"SELECT salt IS NULL FROM ledger.entry WHERE leaf_index = {ERASED}")
    assert ledger.one("SELECT count(*) FROM register.access_log") == LOOKS - 1
    report = examined(ledger, tmp_path / "e")
    assert report.whole and report.counted["erased"] == 1


def swap(a: int, b: int) -> str:
    return (
        f"UPDATE ledger.entry SET leaf_index = -1 WHERE leaf_index = {a};"
        f"UPDATE ledger.entry SET leaf_index = {a} WHERE leaf_index = {b};"
        f"UPDATE ledger.entry SET leaf_index = {b} WHERE leaf_index = -1"
    )


def shift(first: int, by: int) -> str:
    return (
        f"UPDATE ledger.entry SET leaf_index = -leaf_index - 10 WHERE leaf_index >= {first};"
        f"UPDATE ledger.entry SET leaf_index = -leaf_index - 10 + {by} WHERE leaf_index < 0"
    )


_THE_ROW = f"receipt::text = (SELECT key FROM ledger.entry WHERE leaf_index = {VICTIM})"
_COPY = (
    "INSERT INTO ledger.entry SELECT {place}, 99999, at, kind_no, false, salt, sha256('x'), gen_random_uuid()::text"
    f" FROM ledger.entry WHERE leaf_index = {VICTIM + 1}"
)
_OTHER_ROOT = "replace(note, split_part(note, E'\\n', 3), encode(sha256('x'), 'base64'))"
_SALTLESS = f"UPDATE ledger.entry SET salt = NULL WHERE leaf_index = {VICTIM}"
_ROWLESS = f"DELETE FROM register.access_log WHERE {_THE_ROW}"
_TILE = (
    f"UPDATE ledger.tile SET hashes = overlay(hashes PLACING sha256('x') FROM {(VICTIM % 256) * 32 + 1})"
    f" WHERE level = 0 AND index = {VICTIM // 256}"
)
_SWAPPED_STAMPS = (
    "UPDATE ledger.head h SET token = o.token FROM ledger.head o"
    " WHERE (h.head_no, o.head_no) IN ((1, 2), (2, 1))"
)
_CUT = [
    "DELETE FROM ledger.entry WHERE leaf_index >= 450",
    "DELETE FROM ledger.tile WHERE level = 0 AND index > 1",
    "UPDATE ledger.tile SET hashes = substr(hashes, 1, 194 * 32) WHERE level = 0 AND index = 1",
    "UPDATE ledger.tree SET size = 450",
]
_CUT_ROWS = [
    "DELETE FROM register.access_log WHERE receipt::text IN (SELECT key FROM ledger.entry WHERE leaf_index >= 450)",
    "DELETE FROM ledger.erasure",
    "DELETE FROM ledger.bulk_chunk",
    "DELETE FROM ledger.bulk_seed",
    "DELETE FROM ledger.bulk",
    "DELETE FROM ledger.handover",
    "DELETE FROM ledger.head WHERE size > 450",
]
_MORE_ERASED = "UPDATE ledger.erasure SET leaves = leaves + int8multirange(int8range(7, 8))"


def _entry(change: str) -> str:
    return f"UPDATE ledger.entry SET {change} WHERE leaf_index = {VICTIM}"


# What is done | statements | what is found | at which leaf (None: none can be named)
TAMPERED: list[tuple[str, list[str], str, int | None]] = [
    ("a row changed", [f"UPDATE register.access_log SET purpose = 'khác' WHERE {_THE_ROW}"], "row_changed", VICTIM),
    ("a row dropped", [_ROWLESS], "row_dropped", VICTIM),
    ("a salt changed", [_entry("salt = sha256('x')")], "row_changed", VICTIM),
    ("a salt taken away", [_SALTLESS], "salt_gone", VICTIM),
    ("row and salt gone, no erasure", [_ROWLESS, _SALTLESS], "row_dropped", VICTIM),
    ("row and entry changed alike", [_entry("commitment = sha256('x')")], "leaf_changed", VICTIM),
    ("an entry dated back", [_entry("at = at - interval '9 days'")], "leaf_changed", VICTIM),
    ("an entry dropped", [f"DELETE FROM ledger.entry WHERE leaf_index = {VICTIM}"], "leaf_missing", VICTIM),
    ("an entry dropped, those behind moved up",
     [f"DELETE FROM ledger.entry WHERE leaf_index = {VICTIM}", shift(VICTIM + 1, -1)], "leaf_missing", VICTIM),
    ("an entry put in between", [shift(VICTIM, 1), _COPY.format(place=VICTIM)], "leaf_inserted", VICTIM),
    ("two entries swapped", [swap(VICTIM, VICTIM + 5)], "leaf_moved", VICTIM),
    ("a hash in a tile changed", [_TILE], "tile_changed", VICTIM),
    ("a hash in an upper tile changed",
     ["UPDATE ledger.tile SET hashes = overlay(hashes PLACING sha256('x') FROM 1) WHERE level = 1"],
     "tile_changed", None),
    ("the root in a head changed", [f"UPDATE ledger.head SET note = {_OTHER_ROOT} WHERE head_no = 2"],
     "head_signature", None),
    ("the stamps of two heads swapped", [_SWAPPED_STAMPS], "token", None),
    ("the tail cut off, its rows and heads too", [*_CUT_ROWS, *_CUT], "tail_cut", None),
    ("the tail cut off, rows and heads left", _CUT, "tail_cut", None),
    ("an erasure that says more", [_MORE_ERASED], "row_changed", LOOKS + 1),
    ("a set with another root", ["UPDATE ledger.bulk_chunk SET root = sha256('x')"], "set_changed", LOOKS),
]  # fmt: skip


NOT_INSIDE = ("the stamps of two heads swapped",)
"""What `dancu ledger check` leaves to the auditor."""


@pytest.mark.parametrize("what", TAMPERED, ids=lambda what: what[0])
def test_what_an_owner_does_by_raw_sql_is_found_and_the_row_is_named(
    ledger: Ledger, tmp_path: Path, what: tuple[str, list[str], str, int | None]
) -> None:
    title, statements, code, leaf = what
    row = ledger.row(leaf) if leaf is not None else None
    ledger.do(*statements)
    with ledger.owner() as con:
        inside = checking.check(con, keys=keyring.public("ledger", home=ledger.home))
    assert bool(inside) == (title not in NOT_INSIDE), inside
    report = examined(ledger, tmp_path / "e")
    said = [finding for finding in report.findings if finding.code == code]
    assert said and not report.whole, report.findings
    assert all(f.text(lang) for lang in ("vi", "en") for f in (*report.findings, *inside))
    if row is None or leaf is None:
        return
    named = {(f.leaf, f.row) for f in said}
    if code == "leaf_missing":
        assert (leaf, None) in named and ("row_without_entry", row) in {
            (f.code, f.row) for f in report.findings
        }
    elif code == "leaf_inserted":
        assert (leaf, ledger.row(leaf)) in named
    elif code == "leaf_moved":
        assert (leaf + 5, row) in named
    else:
        assert (leaf, row) in named
        assert code in ("tile_changed", "set_changed") or row in {f.row for f in inside}


def test_a_row_added_past_the_trigger_is_named(ledger: Ledger, tmp_path: Path) -> None:
    ledger.do(
        "ALTER TABLE register.access_log DISABLE TRIGGER ledger_entry",
        "INSERT INTO register.access_log (receipt, citizen_id, by, purpose)"
        " VALUES ('00000000-0000-4000-8000-000000000001', gen_random_uuid(), 'x', 'verify')",
        "ALTER TABLE register.access_log ENABLE TRIGGER ledger_entry",
    )
    (found,) = examined(ledger, tmp_path / "e").findings
    assert (found.code, found.row) == (
        "row_without_entry",
        "access.1 00000000-0000-4000-8000-000000000001",
    )


BACK = "now() - interval '3 days'"


@pytest.mark.parametrize(
    ("statements", "code"),
    [
        ([f"INSERT INTO register.access_log (citizen_id, by, purpose, at)"
          f" VALUES (gen_random_uuid(), 'x', 'verify', {BACK})"],
         "row_back_dated"),
        ([f"INSERT INTO register.access_log (citizen_id, by, purpose, at)"
          f" VALUES (gen_random_uuid(), 'x', 'verify', {BACK})",
          f"UPDATE ledger.pending SET at = {BACK}"], "back_dated"),
        (["INSERT INTO register.access_log (citizen_id, by, purpose) VALUES (gen_random_uuid(), 'x', 'verify')",
          "UPDATE ledger.pending SET at = now() + interval '1 day'"], "post_dated"),
    ], ids=["only the row", "the row and its entry", "dated forward"],
)  # fmt: skip
def test_a_new_row_with_another_day_is_named(
    ledger: Ledger, tmp_path: Path, statements: list[str], code: str
) -> None:
    ledger.do(*statements)
    head = ledger.head(stamped=False)
    row = ledger.row(head.size - 1)
    assert (code, row) in {(f.code, f.row) for f in examined(ledger, tmp_path / "e").findings}


def resign(ledger: Ledger, sign: Callable[[notes.Head], str]) -> None:
    """All heads anew, over the tree as it is now, with their old times."""
    with ledger.owner() as con:
        tree = tiles.Tiles(con)
        origin = ledger.one("SELECT origin FROM ledger.tree")
        for head in heads.every(con):
            from dancu.lib import merkle

            made = notes.Head(origin, head.size, merkle.root(head.size, tree.node), head.at)
            con.execute(
                "UPDATE ledger.head SET root = %s, note = %s, token = NULL WHERE head_no = %s",
                [made.root, sign(made), head.head_no],
            )


def rewrite(ledger: Ledger) -> str:
    """The row at VICTIM says something else, and everything that proves it is made anew; its name."""
    row = ledger.row(VICTIM)
    ledger.do(f"UPDATE register.access_log SET by = 'nguoi.khac' WHERE {_THE_ROW}")
    with ledger.owner() as con, con.transaction():
        (kind,) = [k for k in register.KINDS if k.name == "access.1"]
        with installing.as_written(con):
            con.execute(
                f"UPDATE ledger.entry e SET commitment = sha256(e.salt || convert_to({kind.row_text('t')}, 'UTF8'))"
                f" FROM register.access_log t WHERE t.receipt::text = e.key AND leaf_index = {VICTIM}".encode()
            )
            hashes = con.execute(
                "SELECT string_agg(ledger.leaf_hash(k.name, e.key, e.at, e.adopted, e.commitment), ''::bytea"
                " ORDER BY leaf_index) FROM ledger.entry e JOIN ledger.kind k USING (kind_no)"
            ).fetchone()
        con.execute("DELETE FROM ledger.tile")
        assert hashes is not None
        tiles.append(con, 0, bytes(hashes[0]))
    return row


def test_history_rewritten_with_fresh_signatures_is_found_by_the_second_body_alone(
    ledger: Ledger, tmp_path: Path
) -> None:
    row = rewrite(ledger)
    key = keyring.current("ledger", home=ledger.home)
    resign(ledger, lambda head: notes.signed(head, key))
    assert examined(ledger, tmp_path / "alone", second_body=False).whole
    report = examined(ledger, tmp_path / "e")
    assert {(f.code, f.leaf, f.row) for f in report.findings} >= {
        ("rewritten", VICTIM, row), ("leaf_changed", VICTIM, row),
    }  # fmt: skip


def test_history_rewritten_without_the_key_is_narrowed_down_by_the_heads(
    ledger: Ledger, tmp_path: Path
) -> None:
    rewrite(ledger)
    report = examined(ledger, tmp_path / "e", second_body=False)
    first = next(f for f in report.findings if f.code == "head_root")
    assert first.given["first"] <= VICTIM <= first.given["last"] and first.given["size"] == 500


def test_heads_signed_by_another_key_are_found(ledger: Ledger, tmp_path: Path) -> None:
    stranger = signing.new()
    jwk = signing.jwk(stranger.public_key())
    resign(ledger, lambda head: notes.signed(head, keyring.Key(jwk["kid"], jwk, stranger)))
    codes = [f.code for f in examined(ledger, tmp_path / "e", second_body=False).findings]
    assert codes.count("head_signature") == 4 and "no_head" in codes


def test_a_record_of_keys_made_anew_is_found_by_the_second_body(
    ledger: Ledger, tmp_path: Path
) -> None:
    rewrite(ledger)
    other = replace(ledger, home=tmp_path / "other")
    key = keyring.current("ledger", home=other.home)
    resign(other, lambda head: notes.signed(head, key))
    assert examined(other, tmp_path / "alone", second_body=False).whole
    assert {"key_other", "rewritten"} <= {f.code for f in examined(other, tmp_path / "e").findings}


def test_a_key_rolled_over_breaks_no_old_head(ledger: Ledger, tmp_path: Path) -> None:
    import shutil

    mine = replace(ledger, home=tmp_path / "home")
    shutil.copytree(ledger.home, mine.home)
    before = keyring.current("ledger", home=mine.home).kid
    keyring.rotate("ledger", at=dt.datetime.now(dt.UTC), home=mine.home)
    assert mine.head().kid != before
    assert examined(mine, tmp_path / "e").whole
    with mine.owner() as con:
        assert checking.check(con, keys=keyring.public("ledger", home=mine.home)) == []


def test_a_stamp_of_another_authority_proves_nothing(
    ledger: Ledger, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with authority(tmp_path_factory.mktemp("other"), "Khác", curve=True) as other:
        token = stamping.stamp(
            ledger.one("SELECT note FROM ledger.head WHERE head_no = 1").encode(), url=other.url
        )
    with ledger.owner() as con:
        con.execute("UPDATE ledger.head SET token = %s WHERE head_no = 1", [token])
    found = examined(ledger, tmp_path / "e").findings
    assert [(f.code, f.given["head"], f.given["why"]) for f in found] == [("token", "000001", "authority")]  # fmt: skip
