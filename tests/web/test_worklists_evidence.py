"""What is kept of a photo or a scan, who sees it, and what is refused."""

from __future__ import annotations

import html
import io
import stat
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from tests.web.register import RegisterSite
from tests.web.worklists import a_task, communes

from dancu.platform.worklists import making
from dancu.platform.worklists.evidence import SIDE, NoEvidence, clean

PLACE, MODEL = b"21.2731", b"Dien thoai cua can bo"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def photo(kind: str = "JPEG", size: tuple[int, int] = (640, 480)) -> bytes:
    """A photo as a telephone makes it: with its model and a comment that tells the place."""
    image = Image.new("RGB", size, (200, 180, 90))
    exif = Image.Exif()
    exif[0x0110], exif[0x010E], exif[0x0112] = MODEL.decode(), PLACE.decode(), 6
    out = io.BytesIO()
    image.save(out, kind, exif=exif)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_what_a_camera_adds_is_gone(kind: str) -> None:
    raw = photo(kind)
    assert MODEL in raw
    kept = clean(raw)
    assert MODEL not in kept.content and PLACE not in kept.content
    with Image.open(io.BytesIO(kept.content)) as found:
        assert found.format == "JPEG" and not found.getexif() and "exif" not in found.info
        # The turn that EXIF told is made in the pixels.
        assert found.size == (480, 640)


def test_a_second_file_behind_the_picture_is_gone() -> None:
    assert b"<script>" not in clean(photo() + b"<script>alert(1)</script>").content


def test_a_large_photo_is_made_smaller() -> None:
    with Image.open(io.BytesIO(clean(photo(size=(5000, 3000))).content)) as found:
        assert max(found.size) == SIDE


@pytest.mark.parametrize(
    ("what", "data", "why"),
    [
        ("HTML named .jpg", b"<!doctype html><script>alert(1)</script>", "không phải ảnh"),
        ("SVG", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "không phải ảnh"),
        ("a GIF", b"GIF89a" + b"\0" * 64, "không phải ảnh"),
        ("half a photo", photo()[:400], "không phải ảnh"),
        ("nothing", b"", "trống"),
        ("too large", b"\xff\xd8" + b"\0" * 12_000_001, "12 MB"),
        ("PDF with a script", PDF.replace(b"/Catalog", b"/Catalog/OpenAction 2 0 R/JavaScript"), "mã hoạt động"),
        ("PDF cut off", PDF[:20], "cắt cụt"),
    ],
)  # fmt: skip
def test_what_is_refused(what: str, data: bytes, why: str) -> None:
    with pytest.raises(NoEvidence, match=why):
        clean(data)


def test_a_plain_pdf_is_kept() -> None:
    assert clean(PDF).kind == "application/pdf" and clean(PDF).content == PDF


@pytest.mark.parametrize(
    ("script", "why"),
    [
        ("exit 0", None),
        ("echo 'Win.Test.EICAR FOUND'; exit 1", "Win.Test.EICAR FOUND"),
        ("grep -q x && exit 3; exit 2", "từ chối"),
    ],
)
def test_the_scanner_decides(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, why: str | None
) -> None:
    program = tmp_path / "scan"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("DANCU_SCAN_COMMAND", str(program))
    if why is None:
        assert clean(photo()).kind == "image/jpeg"
        return
    with pytest.raises(NoEvidence, match=why):
        clean(photo())


def test_without_an_answer_of_the_scanner_nothing_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DANCU_SCAN_COMMAND", "khong-co-chuong-trinh-nay -")
    with pytest.raises(NoEvidence, match="Chưa quét được"):
        clean(photo())


def send(client: Any, task: int, data: bytes, *, name: str = "a.jpg", event: str = "") -> Any:
    file = SimpleUploadedFile(name, data, "image/jpeg")
    return client.post(
        f"/viec/{task}/giay-to/", {"file": file, "event_id": event or str(uuid.uuid4())}
    )


def test_evidence_is_seen_with_its_task_and_by_nobody_else(
    register_site: RegisterSite, client_as: Callable[..., Any]
) -> None:
    making.refresh_tasks()
    unit, other, *_ = communes(register_site)
    task, client, event = (
        a_task(register_site, unit),
        client_as("commune_police", unit=unit),
        str(uuid.uuid4()),
    )
    for _ in range(2):
        assert send(client, task, photo(), event=event).status_code == 302
    rows = register_site.ask(
        "SELECT id, sha256, encode(sha256(content), 'hex') FROM worklists_evidence WHERE task_id = %s", task
    )  # fmt: skip
    ((number, said, counted),) = rows
    assert said == counted
    seen = client.get(f"/viec/giay-to/{number}/")
    assert seen.status_code == 200 and seen["Content-Type"] == "image/jpeg"
    assert (
        "sandbox" in seen["Content-Security-Policy"] and seen["X-Content-Type-Options"] == "nosniff"
    )
    assert client_as("commune_police", unit=other).get(f"/viec/giay-to/{number}/").status_code == 404  # fmt: skip
    assert client_as("one_stop_officer", unit=unit).get(f"/viec/giay-to/{number}/").status_code == 403  # fmt: skip
    refused = send(client, task, b"<!doctype html><script>1</script>", name="giay.jpg")
    assert refused.status_code == 422
    assert "không phải ảnh" in html.unescape(refused.content.decode())
