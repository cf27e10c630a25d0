"""The check of a file, for anybody: is its signature whole, whose, of when, was anything changed. Nothing is kept."""

from __future__ import annotations

import threading
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from dancu.kit.web import full_name, public, register_day
from dancu.sectors.public_services.papers import store
from dancu.store import signing_port, signing_read
from dancu.store.signing_read import LARGEST, Seal, Unreadable

_AT_ONCE = threading.BoundedSemaphore(2)
"""A check takes a second of a processor: strangers get two at once of each process, and are told to come again."""
_HEAD = 100_000
"""What a form brings beside its file."""


@csrf_exempt  # nothing of anybody's session is used or changed, and a file too large must not be read for its token
@public
@require_http_methods(["GET", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """The form, and what was found of the file that came."""
    if request.method == "GET":
        return render(request, "papers/check.html", {"largest": LARGEST // 1_000_000})
    if _too_long(request):
        return _wrong(request, _("Tệp lớn quá %(most)s MB.") % {"most": LARGEST // 1_000_000}, 413)
    given = request.FILES.get("file")
    if given is None or not given.size:
        return _wrong(request, _("Chọn tệp PDF cần kiểm tra."), 422)
    if not _AT_ONCE.acquire(blocking=False):
        return _wrong(request, _("Đang có nhiều người kiểm tra. Thử lại sau một phút."), 503)
    try:
        return render(request, "papers/check.html", found(given.read()))
    except Unreadable:
        return _wrong(
            request,
            _("Không đọc được tệp này. Chọn tệp PDF gốc, không phải ảnh chụp hay bản in."),
            422,
        )
    finally:
        _AT_ONCE.release()


def found(body: bytes) -> dict[str, Any]:
    """What the page says of a file. Raises Unreadable."""
    seals = signing_read.read(body, trusted=signing_port.trusted())
    issued = store.issued(body)
    told: dict[str, Any] = {
        "checked": True,
        "seals": [_told(seal) for seal in seals],
        "largest": LARGEST // 1_000_000,
    }
    if issued:
        number, title, unit, at = issued
        told["issued"] = {
            "number": number,
            "title": title,
            "unit": full_name(unit, register_day()),
            "at": at,
        }
    told["good"] = bool(seals) and all(seal.good for seal in seals)
    return told


def _told(seal: Seal) -> dict[str, Any]:
    return {"seal": seal, "word": _word(seal), "at": seal.moment}


def _word(seal: Seal) -> str:
    if not seal.whole:
        return _("Nội dung đã bị sửa sau khi ký. Không dùng giấy này.")
    if seal.after == signing_read.CHANGED:
        return _(
            "Tệp có phần được thêm vào sau khi ký, chữ ký không bảo vệ phần đó. Không dùng giấy này."
        )
    if not seal.known:
        return _("Nội dung còn nguyên, nhưng không rõ người cấp chứng thư số là ai.")
    if seal.after == signing_read.ALLOWED:
        return _("Nội dung còn nguyên như lúc ký; tệp chỉ được thêm phần không làm đổi nội dung.")
    return _("Nội dung còn nguyên như lúc ký.")


def _too_long(request: HttpRequest) -> bool:
    return int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST + _HEAD


def _wrong(request: HttpRequest, words: str, status: int) -> HttpResponse:
    shown = {"wrong": words, "largest": LARGEST // 1_000_000}
    return render(request, "papers/check.html", shown, status=status)
