"""Several dossiers at once: first what would become of each, then it; and the leader's list of what waits for a name.

Each dossier is acted on in a savepoint of its own: one that cannot be done leaves the others done, and says why.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4, uuid5

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from dancu.kit.officers import colleagues, own_communes
from dancu.kit.web import Refused, page, register_day
from dancu.sectors.public_services import acting, workflow
from dancu.sectors.public_services.acting import Ask
from dancu.sectors.public_services.counter import actions, checks, reading, shown, whole
from dancu.sectors.public_services.counter.reading import Line
from dancu.sectors.public_services.counter.views import asked_as
from dancu.sectors.public_services.errors import NoDossier, ServiceError

ACTIONS = ("take", "forward", "propose", "sign")
MOST = 200


@dataclass(frozen=True)
class Planned:
    """A dossier, what it is now, what it would be, and why nothing would be done; `event` names the act."""

    one: Line
    now: str
    then: str
    why: str
    event: UUID


@dataclass(frozen=True)
class Done:
    """How many were done, and of each that was not: its code and why."""

    done: int
    failed: tuple[tuple[str, int, str], ...]


@page(right="dossier.view")
@require_POST
def bulk(request: HttpRequest) -> HttpResponse:
    """The preview; with `confirm` the work, and then what came of it."""
    at, action = timezone.now(), request.POST.get("action", "")
    numbers = [int(n) for n in request.POST.getlist("dossier") if n.isdigit()][:MOST]
    back = request.POST.get("back", "")
    home = reverse("services_counter:to_sign" if back == "to_sign" else "services_counter:inbox")
    if action not in ACTIONS or not numbers:
        return redirect(home + asked_as(request))
    by = actions.actor(request.user, action)
    batch = _batch(request)
    plan = planned(reading.lines(numbers), action, request.user, batch, on=timezone.localdate(at))
    told: dict[str, Any] = {
        "plan": plan, "action": action, "label": actions.label(action), "icon": actions.ICONS[action], "batch": batch,
        "doable": sum(1 for p in plan if not p.why), "q": asked_as(request), "home": home, "back": back,
        "to": request.POST.get("to", ""),
        "colleagues": colleagues(own_communes(request.user), right="dossier.work") if action == "forward" else [],
    }  # fmt: skip
    if request.POST.get("confirm") == "1":
        told["result"] = _all(request, plan, action, by, at)
    return render(request, "counter/bulk.html", told)


def planned(
    lines: list[Line], action: str, user: Any, batch: UUID, *, on: dt.date
) -> list[Planned]:
    """What would become of each."""
    found = []
    for one in lines:
        after = workflow.MOVES.after(one.status, action)
        why = ""
        if after is None:
            why = _("trạng thái này không làm được")
        elif not actions.is_open(action, one, user, on=on):
            why = _already(action)
        elif action == "sign" and one.identity in checks.OPEN:
            why = _("danh tính chưa được xác minh")
        found.append(
            Planned(one, _state(one), _then(after, action), why, uuid5(batch, str(one.dossier_no)))
        )
    return found


def _already(action: str) -> str:
    if action == "take":
        return _("bạn đã nhận")
    return _("đã trình ký") if action == "propose" else _("chưa trình, hoặc do chính bạn trình")


def _state(one: Line) -> str:
    if one.status == workflow.PROCESSING and one.proposed_by:
        return str(shown.STEP_NAMES["trinh"])
    return shown.status(one.status)[1]


def _then(after: int | None, action: str) -> str:
    if after is None:
        return ""
    return str(shown.STEP_NAMES["trinh"]) if action == "propose" else shown.status(after)[1]


def _all(
    request: HttpRequest, plan: list[Planned], action: str, by: acting.Actor, at: dt.datetime
) -> Done:
    """Each by itself, under the version that the preview showed."""
    done, failed = 0, []
    for one in plan:
        if one.why:
            failed.append((one.one.code, one.one.dossier_no, one.why))
            continue
        version = request.POST.get(f"version_{one.one.dossier_no}", "")
        ask = Ask(
            action,
            int(version) if version.isdigit() else -1,
            one.event,
            data=actions.data_of(request.POST, action, None),
        )
        try:
            with transaction.atomic():
                acting.do_act(dossier_no=one.one.dossier_no, by=by, ask=ask, at=at)
            done += 1
        except (ServiceError, Refused, NoDossier) as error:
            failed.append((one.one.code, one.one.dossier_no, str(error)))
    return Done(done, tuple(failed))


def _batch(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("batch", ""))
    except ValueError:
        return uuid4()


@page(right="dossier.sign")
@require_GET
def to_sign(request: HttpRequest) -> HttpResponse:
    """What waits for the leader's signature, the most urgent first."""
    at, day = timezone.now(), register_day()
    rows = [shown.row(one, at=at, day=day) for one in reading.to_sign(user=request.user)]
    told = {"rows": rows, "whose": whole.whose(request.user), "on": timezone.localdate(at)}
    return render(request, "counter/to_sign.html", told)
