"""What the page on a device asks the server for: who is there, lists still good, a list with its key, results."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dancu.platform.access.pages import page
from dancu.platform.offline import reconcile, releasing
from dancu.platform.offline.making import CHECK
from dancu.platform.offline.models import OfflineList
from dancu.platform.offline.words_of import PAGE
from dancu.platform.worklists import device as kept


@page(CHECK)
@kept.keeps
def check(request: HttpRequest) -> HttpResponse:
    """The page that works without a line: lists of this user, a field to scan into, what waits."""
    at = timezone.now()
    lists = [(one, one.standing(at=at)) for one in releasing.lists_for(request.user, at=at)]
    return render(request, "offline/check.html", {"lists": lists, "answers": PAGE})


@page(CHECK)
def who(request: HttpRequest) -> JsonResponse:
    """Who is logged in, the key of what is kept on the device, a fresh token for forms."""
    return kept.who_is_there(request)


@page(CHECK)
def worker(request: HttpRequest) -> HttpResponse:
    """The worklists' worker, for the addresses of this app."""
    del request
    return kept.script()


@page(CHECK)
def good(request: HttpRequest) -> JsonResponse:
    """The lists that the device may go on using; all others it drops."""
    lists = releasing.lists_for(request.user, at=timezone.now())
    return JsonResponse({"lists": [str(one.pk) for one in lists]})


@page(CHECK)
@require_POST
def fetch(request: HttpRequest, number: UUID) -> JsonResponse:
    """The signed list with its key, once the device says which it is."""
    device = _uuid(request.POST.get("device"))
    if device is None:
        return _no(_("Máy không cho biết mã của nó; hãy tải lại trang."), 422)
    try:
        given = releasing.do_release(number=number, by=request.user, device=device, at=timezone.now())  # fmt: skip
    except releasing.NotReleased as error:
        return _no(str(error), 409)
    return JsonResponse({"file": given.file, "key": given.key, "keys": given.keys})


@page(CHECK)
@require_POST
def result(request: HttpRequest, number: UUID) -> JsonResponse:
    """One check that was made without a line. Told again, it changes nothing."""
    of = OfflineList.objects.defer("file", "key", "wanted").filter(pk=number).first()
    came = _came(request.POST)
    if of is None or came is None:
        return _no(_("Kết quả gửi lên không đúng mẫu."), 422)
    conflicts = reconcile.do_receive(of=of, came=came, by=request.user, at=timezone.now())
    return JsonResponse({"again": conflicts is None, "conflicts": list(conflicts or ())})


def _came(given: Any) -> reconcile.Came | None:
    event, device = _uuid(given.get("event_id")), _uuid(given.get("device"))
    checked, told = _moment(given.get("at", "")), given.get("told", "")
    try:
        tag = bytes.fromhex(given.get("tag", ""))
    except ValueError:
        return None
    if event is None or device is None or checked is None or len(tag) != 16 or told not in reconcile.TOLD:  # fmt: skip
        return None
    return reconcile.Came(event, tag, told, checked, device)


def _uuid(text: Any) -> UUID | None:
    try:
        return UUID(str(text))
    except ValueError:
        return None


def _moment(text: str) -> dt.datetime | None:
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None else None


def _no(message: str, status: int) -> JsonResponse:
    return JsonResponse({"message": message}, status=status)
