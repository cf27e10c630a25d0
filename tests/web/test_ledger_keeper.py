"""What keeps the ledger: places within a minute, heads by the clock, stamps and hand-overs tried until they go."""

from __future__ import annotations

import datetime as dt
import email
import json
import socketserver
import threading
import time
import zipfile
from collections.abc import Iterator
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from tests.web.authority import Authority, authority
from tests.web.register import RegisterSite

from dancu.lib import merkle
from dancu.platform.ledger import keeper
from dancu.platform.ledger.database import raw
from dancu.store.ledger import handing, heads, proving
from dancu_verify.reading import Bundle
from dancu_verify.verify import verify

NOW = dt.datetime(2026, 11, 27, 8, 0, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def home(
    register_site: RegisterSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    """An installation of its own, no channel set, nothing of other tests waiting."""
    monkeypatch.setenv("DANCU_HOME", str(tmp_path))
    for name in ("TSA_URL", "TSA_CERTIFICATE", "LEDGER_DROP", "LEDGER_MAIL", "LEDGER_POST"):
        monkeypatch.delenv(f"DANCU_{name}", raising=False)
    raw("owner").execute("TRUNCATE ledger.head, ledger.handover")
    yield tmp_path


def look(count: int = 1) -> None:
    raw("owner").execute(
        "INSERT INTO register.access_log (citizen_id, by, purpose)"
        " SELECT gen_random_uuid(), 'thu', 'verify' FROM generate_series(1, %s)", [count],
    )  # fmt: skip


@pytest.fixture
def tsa(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[Authority]:  # fmt: skip
    with authority(tmp_path_factory.mktemp("tsa")) as made:
        monkeypatch.setenv("DANCU_TSA_URL", made.url)
        monkeypatch.setenv("DANCU_TSA_CERTIFICATE", str(made.certificate))
        yield made


def test_a_head_is_made_when_the_last_one_is_an_hour_old_and_when_asked() -> None:
    look(3)
    first = keeper.sign_when_due(at=NOW)
    assert first is not None
    assert keeper.sign_when_due(at=NOW + dt.timedelta(minutes=59)) is None
    assert keeper.sign(at=NOW + dt.timedelta(minutes=59)).size == first.size
    look(2)
    later = keeper.sign_when_due(at=NOW + dt.timedelta(hours=2))
    assert later is not None and later.size == first.size + 2
    assert proving.root(raw("owner"), size=first.size) == first.root
    size, path = proving.consistency(raw("owner"), first=first.size)
    assert merkle.consistent(first.size, size, first.root, later.root, path)


def test_a_clock_that_runs_back_makes_no_head_before_the_last_one() -> None:
    first = keeper.sign(at=NOW)
    assert keeper.sign(at=NOW - dt.timedelta(days=1)).at == first.at


def test_the_worker_gives_places_by_itself_within_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeper, "EVERY", 0.1)
    with keeper.running():
        look(5)
        until = time.monotonic() + 20
        while raw("owner").execute("SELECT count(*) FROM ledger.pending").fetchone()[0]:
            assert time.monotonic() < until
            time.sleep(0.05)


def test_a_stamp_is_asked_for_until_it_comes(tsa: Authority) -> None:
    tsa.down = True
    head = keeper.sign(at=NOW)
    assert keeper.stamp() == 0
    kept = heads.get(raw("owner"), head_no=head.head_no)
    assert kept is not None and kept.token is None and kept.token_error == "HTTPStatusError"
    tsa.down = False
    assert keeper.stamp() == 1 and keeper.stamp() == 0
    kept = heads.get(raw("owner"), head_no=head.head_no)
    assert kept is not None and kept.token and kept.token_error is None


@pytest.mark.parametrize(
    "wrong", [b"", b"\x30\x03\x02\x01\x00", b"<html>"], ids=["empty", "no token", "no DER"]
)
def test_an_answer_that_is_no_stamp_is_not_kept(tsa: Authority, wrong: bytes) -> None:
    tsa.wrong = wrong or b"\x00"
    keeper.sign(at=NOW)
    assert keeper.stamp() == 0


def test_a_stamp_about_other_bytes_is_not_kept(tsa: Authority) -> None:
    keeper.sign(at=NOW)
    assert keeper.stamp() == 1
    tsa.wrong = bytes(heads.every(raw("owner"))[0].token or b"")
    look()
    keeper.sign(at=NOW + dt.timedelta(hours=1))
    assert keeper.stamp() == 0
    assert heads.every(raw("owner"))[1].token_error == "refused"


def test_each_head_goes_into_the_folder_with_the_leaves_since_the_last_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tsa: Authority
) -> None:
    folder = tmp_path / "ổ ngoài"
    monkeypatch.setenv("DANCU_LEDGER_DROP", str(folder))
    look(10)
    keeper.once(at=NOW)
    (waits,) = handing.last(raw("owner"))
    assert (waits.done_at, waits.tries, waits.error) == (None, 1, "the folder is not there")
    folder.mkdir()
    assert keeper.hand_over(at=NOW + dt.timedelta(seconds=30)) == 0
    assert keeper.hand_over(at=NOW + dt.timedelta(minutes=2)) == 1
    look(4)
    keeper.once(at=NOW + dt.timedelta(hours=1))
    keeper.once(at=NOW + dt.timedelta(hours=2))
    first, second, third = (Bundle(path) for path in sorted(folder.iterdir()))
    assert first.first == 0 and second.first == first.next == second.next - 4
    assert (third.first, third.next) == (second.next, second.next)
    assert all(bundle.token for bundle in (first, second, third))
    assert b"".join(second.leaves()) == b"".join(
        proving.inclusion(raw("owner"), index=n).leaf_hash for n in range(second.first, second.next)
    )


def test_a_large_gap_goes_out_in_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from dancu.store.ledger import bundles

    monkeypatch.setattr(bundles, "PART", 300)
    monkeypatch.setenv("DANCU_LEDGER_DROP", str(tmp_path))
    look(700)
    keeper.once(at=NOW)
    found = [Bundle(path) for path in sorted(tmp_path.glob("*.zip"))]
    assert [b.next - b.first for b in found[:2]] == [300, 300] and len(found) > 2
    assert [b.first for b in found[1:]] == [b.next for b in found[:-1]]


def test_a_bundle_goes_by_http_and_again_when_it_was_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    answers, got = [503, 201], []

    class Body(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            content = self.rfile.read(int(self.headers["Content-Length"]))
            got.append((self.headers["Idempotency-Key"], self.headers["Authorization"], content))
            self.send_response(answers.pop(0))
            self.end_headers()

        def log_message(self, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Body) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        monkeypatch.setenv("DANCU_LEDGER_POST", f"http://127.0.0.1:{server.server_port}/")
        monkeypatch.setenv("DANCU_LEDGER_POST_TOKEN", "chung")
        look()
        keeper.once(at=NOW)
        (waits,) = handing.last(raw("owner"))
        assert (waits.tries, waits.error) == (1, "HTTP 503")
        assert keeper.hand_over(at=NOW + dt.timedelta(hours=1)) == 1
        server.shutdown()
    assert got[0] == got[1] and got[0][1] == "Bearer chung"
    with zipfile.ZipFile(BytesIO(got[0][2])) as archive:
        assert json.loads(archive.read("bundle.json"))["from"] == 0


class Post(socketserver.StreamRequestHandler):
    """As much SMTP as a mail needs."""

    def handle(self) -> None:
        self.say("220 thu")
        while line := self.rfile.readline().strip().upper():
            if line.startswith(b"DATA"):
                self.say("354 go on")
                lines = []
                while (part := self.rfile.readline()) != b".\r\n":
                    lines.append(part[1:] if part.startswith(b"..") else part)
                self.server.mails.append(b"".join(lines))  # type: ignore[attr-defined]
            self.say("221 bye" if line == b"QUIT" else "250 ok")

    def say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


def test_a_bundle_goes_by_mail(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Post) as server:
        server.mails = []  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        monkeypatch.setenv("DANCU_LEDGER_MAIL", "kiem-toan@tinh.example")
        monkeypatch.setenv("DANCU_SMTP_URL", f"smtp://127.0.0.1:{server.server_address[1]}")
        look(3)
        keeper.once(at=NOW)
        server.shutdown()
        (mail,) = server.mails  # type: ignore[attr-defined]
    message = email.message_from_bytes(mail)
    (attached,) = [part for part in message.walk() if part.get_filename()]
    (tmp_path / "b.zip").write_bytes(attached.get_payload(decode=True))  # type: ignore[arg-type]
    bundle = Bundle(tmp_path / "b.zip")
    assert message["To"] == "kiem-toan@tinh.example" and bundle.first == 0 and bundle.next > 0


def test_an_export_of_the_living_register_is_whole(register_site: RegisterSite, tmp_path: Path) -> None:  # fmt: skip
    """All kinds of the installation, with what a loaded register brings."""
    from dancu.store import keyring
    from dancu.store.ledger import checking, exporting

    look(5)
    keeper.once(at=dt.datetime.now(dt.UTC))
    con: Any = raw("owner")
    exporting.export(
        con, tmp_path / "e", with_rows=True, keys=keyring.as_document("ledger"), at=NOW
    )
    report = verify(tmp_path / "e")
    assert report.whole, report.findings[:3]
    assert checking.check(con, keys=keyring.public("ledger")) == []


def test_the_commands_sign_prove_export_and_check(
    register_site: RegisterSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from click.testing import CliRunner

    from dancu.cli import main
    from dancu_verify import notes

    monkeypatch.setenv("DATABASE_URL", register_site.dsn)

    def dancu(*words: str, code: int = 0) -> str:
        done = CliRunner().invoke(main, ["ledger", *words])
        assert done.exit_code == code, done.output
        return str(done.stdout)

    dancu("head", code=3)
    look(2)
    ((receipt,),) = register_site.ask(
        "SELECT receipt::text FROM register.access_log ORDER BY access_no DESC LIMIT 1"
    )
    head = notes.read(dancu("head", "--sign"))
    told = json.loads(dancu("status", "--json"))
    assert (told["entries"], told["waiting"]) == (head.size, 0) and "mục" in dancu("status")
    shown = json.loads(dancu("prove", receipt, "--row"))
    path = [bytes.fromhex(part) for part in shown["path"]]
    leaf = merkle.leaf_hash(shown["leaf"].encode())
    assert merkle.included(leaf, shown["index"], shown["size"], path, head.root)
    salted = bytes.fromhex(shown["salt"]) + shown["row"].encode()
    assert json.loads(shown["leaf"])["commitment"] == sha256(salted).hexdigest()
    dancu("prove", "khong-co", code=3)
    dancu("export", str(tmp_path / "a"), "--basis", "Quyết định 12")
    dancu("export", str(tmp_path / "b"), "--no-rows")
    assert verify(tmp_path / "a").whole and verify(tmp_path / "b").whole
    assert "Nguyên vẹn" in dancu("check")
    register_site.ask(
        "UPDATE register.access_log SET by = 'x' WHERE receipt::text = %s RETURNING 1", receipt
    )
    (found,) = json.loads(dancu("check", "--json", code=1))
    assert (found["code"], found["row"]) == ("row_changed", f"access.1 {receipt}")
