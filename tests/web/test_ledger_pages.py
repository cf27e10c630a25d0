"""Proofs by the API for everybody, the auditor's page, the commands; in Chromium on a desk and on a phone."""

from __future__ import annotations

import datetime as dt
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from tests.web.chromium import (
    BOTH,
    browser,
    desk,
    judge_in_each_look,
    needs_chromium,
    open_in_each_look,
)
from tests.web.register import RegisterSite
from tests.web.worker import worked

from dancu.lib import merkle
from dancu.platform.ledger import bulk, keeper
from dancu.platform.ledger.database import raw
from dancu_verify import notes
from dancu_verify.verify import verify

__all__ = ["browser", "desk"]
API = "/api/v1/ledger"


@pytest.fixture(autouse=True)
def home(
    register_site: RegisterSite, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:  # fmt: skip
    """One folder for the module, so that one key signs."""
    place = tmp_path_factory.getbasetemp() / "ledger-home"
    place.mkdir(exist_ok=True)
    monkeypatch.setenv("DANCU_HOME", str(place))
    yield


@pytest.fixture
def files(tmp_path: Path, settings: Any = None) -> Iterator[Path]:
    from django.test import override_settings

    with override_settings(MEDIA_ROOT=tmp_path / "var" / "site" / "files"):
        yield tmp_path / "var" / "ledger"


def look(count: int = 1) -> list[str]:
    rows = raw("owner").execute(
        "INSERT INTO register.access_log (citizen_id, by, purpose)"
        " SELECT gen_random_uuid(), 'thu', 'verification' FROM generate_series(1, %s) RETURNING receipt::text",
        [count],
    )  # fmt: skip
    return [row[0] for row in rows.fetchall()]


def test_a_receipt_is_a_promise_then_a_place_then_a_proof_under_a_signed_head() -> None:
    client = Client()
    (receipt,) = look()
    waits = client.get(f"{API}/receipts/{receipt}")
    assert (waits.status_code, waits.json()["state"]) == (202, "waiting")
    keeper.place()
    assert client.get(f"{API}/receipts/{receipt}").json()["head"] is None
    keeper.sign(at=dt.datetime.now(dt.UTC))
    look(3)
    keeper.sign(at=dt.datetime.now(dt.UTC))
    told = client.get(f"{API}/receipts/{receipt}").json()
    assert json.loads(told["leaf"])["key"] == receipt
    head = notes.read(told["head"]["note"])
    (key,) = notes.keys(json.dumps(client.get(f"{API}/keys").json()))
    assert notes.signer_of(head, [key]) == key and head.size == told["size"]
    leaf = merkle.leaf_hash(told["leaf"].encode())
    path = [bytes.fromhex(part) for part in told["path"]]
    assert merkle.included(leaf, told["index"], told["size"], path, head.root)
    assert client.get(f"{API}/receipts/{uuid4()}").status_code == 404


def test_who_kept_a_head_can_prove_that_the_tree_only_grew() -> None:
    client = Client()
    look(40)
    keeper.sign(at=dt.datetime.now(dt.UTC))
    old = client.get(f"{API}/head").json()
    look(300)
    keeper.sign(at=dt.datetime.now(dt.UTC))
    new = client.get(f"{API}/head").json()
    told = client.get(f"{API}/consistency", {"first": old["size"], "second": new["size"]}).json()
    path = [bytes.fromhex(part) for part in told["path"]]
    roots = [bytes.fromhex(head["root"]) for head in (old, new)]
    assert merkle.consistent(old["size"], new["size"], *roots, path)
    assert client.get(f"{API}/consistency", {"first": old["size"]}).json()["second"] == new["size"]


@pytest.mark.parametrize(
    "query", [{}, {"first": "0"}, {"first": "-1"}, {"first": "x"}, {"first": "9" * 30}, {"first": "5", "second": "2"},
              {"first": "1", "second": "999999999"}, {"first": "²"}]
)  # fmt: skip
def test_a_tree_that_is_not_there_is_refused(query: dict[str, str]) -> None:
    assert Client().get(f"{API}/consistency", query).status_code == 400


def test_tiles_are_hashes_and_a_full_one_may_be_kept() -> None:
    look(300)
    keeper.place()
    full, client = Client().get(f"{API}/tiles/0/0"), Client()
    assert len(full.content) == 8192 and "immutable" in full["Cache-Control"]
    assert client.get(f"{API}/tiles/1/0").content[:32] == merkle.root_of(
        [full.content[i : i + 32] for i in range(0, 8192, 32)]
    )
    for missing in ("0/999999", "9/0", f"0/{2**70}"):
        assert client.get(f"{API}/tiles/{missing}").status_code == 404


def test_salts_are_not_for_pages(register_site: RegisterSite) -> None:
    import psycopg

    with psycopg.connect(register_site.dsn, autocommit=True) as con:
        con.execute("SET ROLE dancu_app")
        con.execute("SELECT leaf_index, commitment FROM ledger.entry LIMIT 1")
        for query in (
            "SELECT salt FROM ledger.entry", "SELECT * FROM ledger.pending", "SELECT * FROM ledger.bulk_seed",
            "SELECT * FROM ledger.bulk_chunk", "SELECT * FROM ledger.member", "DELETE FROM ledger.bulk",
            "UPDATE ledger.head SET note = ''", "INSERT INTO ledger.entry DEFAULT VALUES",
        ):  # fmt: skip
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                con.execute(query.encode())


def test_the_auditor_sees_how_the_ledger_stands(client_as: Callable[..., Any]) -> None:
    look(3)
    keeper.sign(at=dt.datetime.now(dt.UTC))
    page = client_as("auditor").get("/so-cai/").content.decode()
    for said in ("Đúng hạn", "Chưa đặt nơi nhận", "access.1: register.access_log", "bulk.1: ledger.bulk"):  # fmt: skip
        assert said in page, said
    assert client_as("commune_police").get("/so-cai/").status_code == 403


@pytest.mark.parametrize(
    ("given", "status", "said"),
    [("{known}", 200, "đường băm dẫn đúng"), ("{waiting}", 200, "đang chờ chỗ trong cây"),
     ("00000000-0000-4000-8000-000000000000", 200, "đã không được ghi"), ("không phải số", 422, "Chép lại cả số")],
)  # fmt: skip
def test_the_auditor_looks_up_a_receipt(
    client_as: Callable[..., Any], given: str, status: int, said: str
) -> None:
    (known,) = look()
    keeper.place()
    (waiting,) = look()
    asked = given.format(known=known, waiting=waiting)
    answer = client_as("auditor").post("/so-cai/bien-nhan/", {"so": f" {asked} "})
    assert answer.status_code == status and said in answer.content.decode()


def test_an_export_with_rows_needs_a_basis_and_is_itself_kept_as_a_bulk_read(
    client_as: Callable[..., Any], register_site: RegisterSite, files: Path, tmp_path: Path
) -> None:
    client = client_as("auditor")
    citizen = register_site.citizen(register_site.communes[0])
    raw("owner").execute(
        "INSERT INTO register.access_log (citizen_id, by, purpose) VALUES (%s, 'thu', 'verification')", [citizen]
    )  # fmt: skip
    refused = client.post("/so-cai/xuat/", {"dong": "1"})
    assert refused.status_code == 422 and "Ghi căn cứ" in refused.content.decode()
    assert client.post("/so-cai/xuat/", {"dong": "1", "can_cu": "Quyết định 12"}).status_code == 302
    worked("ledger")
    address = re.search(r"/so-cai/ban-xuat/\d+/", client.get("/so-cai/").content.decode())
    assert address is not None
    content = b"".join(client.get(address[0]).streaming_content)
    with zipfile.ZipFile(BytesIO(content)) as archive:
        archive.extractall(tmp_path / "out")
    assert verify(tmp_path / "out").whole
    (one,) = [b for b in bulk.of(citizen_id=citizen, using="owner") if b.basis == "Quyết định 12"]
    assert (one.by, one.what) == (client.user.username, "Bản xuất sổ cái cho kiểm tra")
    assert client_as("auditor").get(address[0]).status_code == 404
    assert [p.stat().st_mode & 0o777 for p in files.glob("*.zip")] == [0o600]


def test_a_check_asked_for_names_what_does_not_hold_and_tells_the_auditor(
    client_as: Callable[..., Any], register_site: RegisterSite
) -> None:
    client = client_as("auditor")
    client.post("/so-cai/kiem-tra/")
    worked("ledger")
    assert "mục được tính lại từ bảng của nó" in client.get("/so-cai/").content.decode()
    (receipt,) = look()
    keeper.place()
    raw("owner").execute("UPDATE register.access_log SET by = 'x' WHERE receipt = %s", [receipt])
    client.post("/so-cai/kiem-tra/")
    worked("ledger")
    page = client.get("/so-cai/").content.decode()
    assert "Không nguyên vẹn" in page and f"access.1 {receipt}: dòng hoặc muối đã bị sửa" in page
    assert "dòng hoặc muối đã bị sửa" in client.get(
        "/thong-bao/"
    ).content.decode() or receipt in str(
        register_site.ask("SELECT detail FROM access_notice WHERE kind = 'ledger.broken'")
    )
    raw("owner").execute("UPDATE register.access_log SET by = 'thu' WHERE receipt = %s", [receipt])


@needs_chromium
def test_the_page_on_a_desk_and_on_a_phone(desk: Callable[..., Any]) -> None:
    (receipt,) = look()
    keeper.sign(at=dt.datetime.now(dt.UTC))
    page = desk("auditor", unit="24")
    open_in_each_look(page, "/so-cai/", name="ledger-", looks=BOTH)
    page.fill("#so", receipt)
    page.click("section[aria-labelledby=bien-nhan] button")
    page.wait_for_selector("#ket-qua")
    assert "đường băm dẫn đúng" in page.inner_text("section[aria-labelledby=ket-qua]")
    judge_in_each_look(page, name="ledger-receipt-")
