"""Photos and scanned forms: looked at by content, cleaned, scanned, kept in the database and never under the web root.

A picture is drawn anew (Pillow), so that nothing a camera or a stranger put beside the pixels stays: no place, no
name of the device, no second file behind the first. A PDF is kept as it is, if it holds nothing that acts.
"""

from __future__ import annotations

import hashlib
import io
import os
import shlex
import subprocess
from dataclasses import dataclass

from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from dancu.platform.worklists.errors import WorklistError

LARGEST = 12_000_000
MOST_PIXELS = 60_000_000
SIDE = 2400
"""Longest side of a kept picture: a form on A4 stays readable."""
SCAN = "DANCU_SCAN_COMMAND"
"""A command that gets the bytes on standard input and leaves with 0 when they are clean, as ``clamdscan -``."""
_ACTIVE = tuple(
    b"/" + word for word in b"JavaScript JS Launch EmbeddedFile OpenAction RichMedia XFA".split()
)


class NoEvidence(WorklistError):
    """A file that is not taken, with the reason."""


@dataclass(frozen=True)
class Clean:
    """What is kept of a file."""

    kind: str
    content: bytes

    @property
    def sha256(self) -> str:
        """Of what is kept, not of what was sent."""
        return hashlib.sha256(self.content).hexdigest()


def clean(data: bytes) -> Clean:
    """A file as it may be kept; raises NoEvidence. Its name and what the browser calls it count for nothing."""
    if not data:
        raise NoEvidence(_("Tệp trống. Chụp lại hoặc chọn tệp khác."))
    if len(data) > LARGEST:
        raise NoEvidence(_("Tệp lớn quá 12 MB. Chụp lại ở cỡ ảnh nhỏ hơn."))
    made = _pdf(data) if data[:1024].lstrip().startswith(b"%PDF-") else _picture(data)
    scan(data)
    return made


def _picture(data: bytes) -> Clean:
    try:
        with Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "WEBP")) as found:
            if found.width * found.height > MOST_PIXELS:
                raise NoEvidence(_("Ảnh lớn quá 60 triệu điểm ảnh. Chụp lại ở cỡ ảnh nhỏ hơn."))
            upright = ImageOps.exif_transpose(found).convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError) as error:
        raise NoEvidence(
            _("Tệp không phải ảnh JPEG, PNG, WEBP hoặc PDF. Chụp ảnh giấy tờ rồi gửi lại.")
        ) from error
    upright.thumbnail((SIDE, SIDE))
    # A new image has no `info`: neither EXIF nor comments nor colour profiles go along.
    plain = Image.new("RGB", upright.size)
    plain.paste(upright)
    out = io.BytesIO()
    plain.save(out, "JPEG", quality=85, optimize=True)
    return Clean("image/jpeg", out.getvalue())


def _pdf(data: bytes) -> Clean:
    if b"%%EOF" not in data[-2048:]:
        raise NoEvidence(_("Tệp PDF bị cắt cụt. Quét lại rồi gửi lại."))
    if any(word in data for word in _ACTIVE) or b"/Encrypt" in data:
        raise NoEvidence(_("Tệp PDF có mã hoạt động hoặc bị khoá. Quét lại thành ảnh rồi gửi."))
    return Clean("application/pdf", data)


def scan(data: bytes) -> None:
    """The configured virus scanner; its refusal, or its silence, is a refusal."""
    command = os.environ.get(SCAN, "")
    if not command:
        return
    try:
        done = subprocess.run(  # noqa: S603 - the administrator's own command
            shlex.split(command), input=data, capture_output=True, timeout=60, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NoEvidence(_("Chưa quét được mã độc nên chưa nhận tệp. Báo bộ phận kỹ thuật.")) from error  # fmt: skip
    if done.returncode:
        said = (done.stdout or done.stderr).decode("utf-8", "replace").strip().splitlines()
        why = said[0][:120] if said else str(done.returncode)
        raise NoEvidence(_("Chương trình quét mã độc từ chối tệp: %(why)s") % {"why": why})
