"""Pages of who makes lists: those made, a new one, one with its devices and what came back."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dancu.platform.access import territory
from dancu.platform.access.pages import page
from dancu.platform.access.rights import has_right
from dancu.platform.offline import making, reconcile, tasks
from dancu.platform.offline.forms import ListForm
from dancu.platform.offline.making import MAKE
from dancu.platform.offline.models import KINDS, Check, ListEvent, OfflineList, Release
from dancu.platform.offline.people import OWNER
from dancu.platform.offline.words_of import WORDS
from dancu.platform.tasks import services
from dancu.platform.tasks.models import Job
from dancu.reference import purposes


@page(MAKE)
def lists(request: HttpRequest) -> HttpResponse:
    """Lists of the units in which one may make them, the newest first."""
    at = timezone.now()
    found = OfflineList.objects.defer("file", "key", "wanted")[:500]
    own = [one for one in found if has_right(request.user, MAKE, one.unit_code)][:100]
    lines = [(one, KINDS[one.kind], _place(one), one.standing(at=at)) for one in own]
    return render(request, "offline/lists.html", {"lines": lines, "day": territory.register_day()})


@page(MAKE)
def new(request: HttpRequest) -> HttpResponse:
    """The form; a list is made by the worker."""
    at, day = timezone.now(), territory.register_day()
    times = {"begin": at, "until": at + dt.timedelta(hours=12)}
    start = {name: f"{timezone.localtime(time):%H:%M %d/%m/%Y}" for name, time in times.items()}
    form = ListForm(
        request.POST or None, request.FILES or None, user=request.user, day=day, initial=start
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = making.do_ask(by=request.user, wanted=form.wanted(), at=at)
        except making.CannotMake as error:
            form.add_error(None, str(error))
        else:
            services.start(
                tasks.make_list, kind="offline_list", about=_about(made), right=MAKE,
                by=request.user.username, number=str(made.pk),
            )  # fmt: skip
            return redirect("offline:one", made.pk)
    status = 422 if request.method == "POST" else 200
    return render(request, "offline/new.html", {"form": form, "day": day}, status=status)


@page(MAKE)
def one(request: HttpRequest, number: UUID) -> HttpResponse:
    """How far it is, who has it, what was checked, what did not fit."""
    return _one(request, _own(request, number))


@page(MAKE)
@require_POST
def revoke(request: HttpRequest, number: UUID) -> HttpResponse:
    """With a reason."""
    found = _own(request, number)
    reason = request.POST.get("reason", "").strip()
    if not reason:
        return _one(request, found, _("Hãy ghi lý do thu hồi."), 422)
    making.do_revoke(of=found, by=request.user, reason=reason, at=timezone.now())
    return redirect("offline:one", number)


def _one(
    request: HttpRequest, found: OfflineList, problem: str = "", status: int = 200
) -> HttpResponse:
    checks = Check.objects.using(OWNER).filter(list_id=found.pk).order_by("-received_at")
    told = [c.told for c in checks]
    shown = {
        "list": found, "kind": KINDS[found.kind], "place": _place(found), "standing": found.standing(at=timezone.now()),
        "purpose": purposes.name(found.purpose), "job": _job(found), "problem": problem,
        "events": ListEvent.objects.filter(list_id=found.pk).order_by("id"),
        "releases": Release.objects.filter(list_id=found.pk).order_by("id"),
        "devices": Release.objects.filter(list_id=found.pk).values("device").distinct().count(),
        "checks": len(told), "told": [(word, told.count(code)) for code, word in WORDS.items()],
        "conflicts": [
            (c, WORDS[c.told], [reconcile.CONFLICTS[w] for w in c.conflicts]) for c in checks if c.conflicts
        ][:100],
    }  # fmt: skip
    return render(request, "offline/one.html", shown, status=status)


def _own(request: HttpRequest, number: UUID) -> OfflineList:
    found = OfflineList.objects.defer("file", "key", "wanted").filter(pk=number).first()
    if found is None or not has_right(request.user, MAKE, found.unit_code):
        raise Http404
    return found


def _job(found: OfflineList) -> Job | None:
    return services.last_of(_about(found)) if found.state != "ready" else None


def _about(found: OfflineList) -> str:
    return f"offline_list/{found.pk}"


def _place(found: OfflineList) -> str:
    return territory.full_name(found.unit_code, territory.register_day())
