"""Signed results: a program of somebody else finds them whole, and finds every change; the page for anybody too."""

from __future__ import annotations

import html
import io
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from tests.web.authority import authority
from tests.web.papers import LEADER, OFFICER, filed, pdfsig

from dancu.sectors.public_services.papers import making, store
from dancu.sectors.public_services.system import as_system
from dancu.store import signing_pdf, signing_port, signing_read
from dancu.store.signing_own import Person

needs_pdfsig = pytest.mark.skipif(not shutil.which("pdfsig"), reason="poppler-utils")
PERSON = Person("Hoàng Văn Ký", "Chủ tịch", "Ủy ban nhân dân phường Trần Nguyên Hãn")
VALID, BROKEN = "Signature is Valid", "Digest Mismatch"


@pytest.fixture(scope="module")
def papers(site: str) -> Iterator[dict[str, bytes]]:
    """A signed result and a form without a signature, as they were made and kept."""
    del site
    with as_system():
        one = filed()
        result = making.make(one, "result", data={}, by=LEADER, at=one.filed_at)
        form = making.make(
            one, "refusal", data={"reason": "Lý do", "law": "Điều 1"}, by=OFFICER, at=one.filed_at
        )
        yield {"result": store.read(result), "form": store.read(form)}
        transaction.set_rollback(True)


def _sign(pdf: bytes, unit: str = "07204") -> signing_pdf.Signed:
    by = signing_port.signatory(unit, PERSON)
    return signing_pdf.sign(pdf, by, name=PERSON.name, reason="Kết quả", place="Bắc Giang")


def _changed(pdf: bytes, place: int) -> bytes:
    return pdf[:place] + bytes([pdf[place] ^ 1]) + pdf[place + 1 :]


def _added(pdf: bytes) -> bytes:
    """An honest program's addition: a note over the page, as a new revision behind the signed one."""
    from pyhanko.pdf_utils import generic
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    page = writer.root["/Pages"]["/Kids"][0]
    note = generic.StreamObject(stream_data=b"q 1 0 0 rg 100 500 300 100 re f Q")
    page[generic.pdf_name("/Contents")] = generic.ArrayObject(
        [page.raw_get("/Contents"), writer.add_object(note)]
    )
    writer.update_container(page)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


@needs_pdfsig
def test_another_program_finds_the_signature_valid_and_sees_every_change(
    papers: dict[str, bytes], tmp_path: Path
) -> None:
    result = papers["result"]
    said = pdfsig(result, tmp_path)
    assert VALID in said and "Total document signed" in said and "ETSI.CAdES.detached" in said
    assert "CN=Hoàng Văn Ký" in said and "phường Trần Nguyên Hãn" in said
    for place in (20, 3000, len(result) // 3, result.find(b"/ByteRange") + 30, len(result) - 300):
        assert VALID not in pdfsig(_changed(result, place), tmp_path), place
    assert "not signed" in pdfsig(papers["form"], tmp_path) or VALID not in pdfsig(
        papers["form"], tmp_path
    )


@needs_pdfsig
def test_another_program_finds_who_stands_behind_the_certificate(
    papers: dict[str, bytes], tmp_path: Path
) -> None:
    """OpenSSL leads the certificate that `pdfsig` took out of the file to our authority, and to no other."""
    (tmp_path / "x.pdf").write_bytes(papers["result"])
    subprocess.run(["pdfsig", "-dump", "x.pdf"], cwd=tmp_path, check=True, capture_output=True)
    (token,) = tmp_path.glob("x.pdf.sig*")
    own = [one for one, ours in signing_port.trusted() if ours]
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import Encoding

    root = x509.load_der_x509_certificate(own[-1]).public_bytes(Encoding.PEM)
    (tmp_path / "root.pem").write_bytes(root)
    openssl = [
        "openssl",
        "pkcs7",
        "-inform",
        "DER",
        "-in",
        token.name,
        "-print_certs",
        "-out",
        "all.pem",
    ]
    subprocess.run(openssl, cwd=tmp_path, check=True)
    found = x509.load_pem_x509_certificates((tmp_path / "all.pem").read_bytes())
    (leaf,) = (one for one in found if "Hoàng Văn Ký" in one.subject.rfc4514_string())
    (tmp_path / "leaf.pem").write_bytes(leaf.public_bytes(Encoding.PEM))
    checked = subprocess.run(
        ["openssl", "verify", "-CAfile", "root.pem", "leaf.pem"], cwd=tmp_path, capture_output=True
    )
    assert checked.returncode == 0, checked.stderr


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (lambda p: p["result"], ["Chữ ký hợp lệ", "Hoàng Văn Ký, Chủ tịch", "có dấu thời gian", "Trích lục khai sinh",
                                 "nguyên như lúc ký.", "chưa phải chữ ký số chuyên dùng công vụ"]),
        (lambda p: _changed(p["result"], 3000), ["Chữ ký không hợp lệ", "đã bị sửa sau khi ký"]),
        (lambda p: _added(p["result"]), ["Chữ ký không hợp lệ", "được thêm vào sau khi ký"]),
        (lambda p: p["result"] + b"\n% them\n", ["Chữ ký hợp lệ", "thêm phần không làm đổi nội dung"]),
        (lambda p: p["form"], ["không có chữ ký số", "đúng là giấy do hệ thống này lập", "Phiếu từ chối"]),
        (lambda p: p["form"].replace(b"%PDF-1.7", b"%PDF-1.6"), ["không có chữ ký số", "Không kiểm tra được ai lập"]),
        (lambda p: b"%PDF-1.7\n" + b"x" * 100, ["Không đọc được tệp này"]),
        (lambda p: b"MZ not a pdf", ["Không đọc được tệp này"]),
        (lambda p: b"", ["Chọn tệp PDF"]),
    ],
    ids=["whole", "a byte changed", "drawn over", "bytes behind", "a form", "changed form", "broken", "no pdf", "none"],
)  # fmt: skip
def test_the_page_for_anybody_says_in_words_what_was_found(
    papers: dict[str, bytes], made: Any, words: list[str]
) -> None:
    with as_system():
        answer = Client().post(
            "/kiem-tra-giay-to/", {"file": SimpleUploadedFile("x.pdf", made(papers))}
        )
    said = html.unescape(answer.content.decode())
    assert [w for w in words if w not in said] == []


def test_a_file_too_large_is_refused_before_it_is_read(
    site: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    del site

    def read(*_: Any) -> None:
        raise AssertionError("the upload was read")

    monkeypatch.setattr("django.http.multipartparser.MultiPartParser.parse", read)
    large = SimpleUploadedFile("x.pdf", b"%PDF-" + b"0" * 10_200_000)
    answer = Client(enforce_csrf_checks=True).post("/kiem-tra-giay-to/", {"file": large})
    assert answer.status_code == 413


def test_a_signature_of_an_authority_that_is_not_ours_is_not_called_valid(
    papers: dict[str, bytes],
) -> None:
    (seal,) = signing_read.read(papers["result"], trusted=[])
    assert seal.whole and not seal.known and not seal.good


def test_a_file_made_to_hang_its_reader_ends_with_its_own_process(
    monkeypatch: pytest.MonkeyPatch, papers: dict[str, bytes]
) -> None:
    monkeypatch.setattr(
        signing_read, "_START", "import sys; sys.stdin.buffer.read()\nwhile True: pass"
    )
    monkeypatch.setattr(signing_read, "_SECONDS", 0.2)
    with pytest.raises(signing_read.Unreadable):
        signing_read.read(papers["result"], trusted=[])


@needs_pdfsig
def test_a_command_outside_signs_with_the_units_certificate_and_stamps_come_from_an_authority(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, papers: dict[str, bytes]
) -> None:
    """OpenSSL stands for the HSM's tool: dancu never sees the key."""
    pair = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-sha256", "-days", "2", "-utf8", "-subj",
            "/C=VN/O=UBND phường/CN=UBND phường Trần Nguyên Hãn", "-addext",
            "keyUsage=critical,digitalSignature,nonRepudiation", "-keyout", "key.pem", "-out", "07204.pem"]  # fmt: skip
    subprocess.run(pair, cwd=tmp_path, check=True, capture_output=True)
    shutil.copy(tmp_path / "07204.pem", tmp_path / "roots.pem")
    (tmp_path / "hand.py").write_text(
        "import subprocess, sys\nassert sys.argv[1:] == ['07204']\n"
        f"subprocess.run(['openssl', 'dgst', '-sha256', '-sign', {str(tmp_path / 'key.pem')!r}], check=True)\n"
    )
    monkeypatch.setenv("DANCU_SIGNING_COMMAND", f"{sys.executable} {tmp_path / 'hand.py'}")
    monkeypatch.setenv("DANCU_SIGNING_CERTIFICATES", str(tmp_path))
    basic = _sign(papers["form"])
    assert basic.level == "B-B" and VALID in pdfsig(basic.data, tmp_path)
    (seal,) = signing_read.read(basic.data, trusted=signing_port.trusted())
    assert seal.good and not seal.own and not seal.stamped
    (stamps := tmp_path / "stamps").mkdir()
    with authority(stamps) as tsa:
        monkeypatch.setenv("DANCU_TSA_URL", tsa.url)
        stamped = _sign(papers["form"])
        tsa.down = True
        assert _sign(papers["form"]).level == "B-B"
    assert stamped.level == "B-T" and VALID in pdfsig(stamped.data, tmp_path)
    with pytest.raises(signing_port.StoreError, match="chưa có chứng thư số"):
        _sign(papers["form"], unit="07207")


def test_old_signatures_hold_when_the_keys_are_lost_and_a_new_authority_begins(
    tmp_path: Path, papers: dict[str, bytes]
) -> None:
    """As after a restore: the public half comes back with the backup, the private half does not."""

    def signed() -> bytes:
        by = signing_port.signatory("07204", PERSON, home=tmp_path)
        done = signing_pdf.sign(papers["form"], by, name="x", reason="x", place="x")
        return done.data

    first, again = signed(), signed()
    assert len(list((tmp_path / "var/keys/public").glob("documents-*.pem"))) == 1
    assert (tmp_path / "var/keys/documents/own.pem").stat().st_mode & 0o077 == 0
    (tmp_path / "var/keys/documents/own.pem").unlink()
    later = signed()
    trusted = signing_port.trusted(home=tmp_path)
    assert len(trusted) == 2
    for pdf in (first, again, later):
        (seal,) = signing_read.seals(pdf, trusted=trusted)
        assert seal.good and seal.own and seal.stamped
