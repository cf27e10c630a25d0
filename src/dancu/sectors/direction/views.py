"""Pages of tasks: the list, one with what was done and what may be done now, a new one, its papers."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import uuid4

from django.core.paginator import Paginator
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dancu.kit.files import NoEvidence
from dancu.kit.web import has_right, page, register_day
from dancu.sectors.direction import (
    acts,
    entries,
    gaps,
    may,
    places,
    reading,
    shown,
    tasks,
    workflow,
)
from dancu.sectors.direction.books import BOOKS, BY_TABLE
from dancu.sectors.direction.errors import DirectionError, NoThing
from dancu.sectors.direction.forms import ActForm, TaskForm
from dancu.sectors.direction.places import Place
from dancu.sectors.direction.reading import Task
from dancu.sectors.direction.tasks import Ask, NewTask, Origin

PAGE = 50
_INLINE = ("image/jpeg", "application/pdf")


@page(right=may.VIEW)
@require_GET
def listed(request: HttpRequest) -> HttpResponse:
    """Those of the territory: open before closed, the earliest due first."""
    on, state = timezone.localdate(), request.GET.get("trang-thai", "")
    found = reading.tasks(
        on=on, state=state if state in workflow.STATES else "", late=state == "late",
        escalated=state == "escalated", unit=request.GET.get("don-vi", ""),
    )  # fmt: skip
    current = Paginator(found, PAGE).get_page(request.GET.get("page"))
    told = {
        "page": current, "lines": [shown.line(t, on) for t in current], "state": state, "on": on,
        "states": shown.filters(), "may_give": has_right(request.user, may.GIVE),
    }  # fmt: skip
    return render(request, "direction/tasks.html", told)


@page(right=may.GIVE)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Give one to a unit of the territory."""
    day = register_day()
    own = places.mine(request.user, on=day)
    form = TaskForm(
        request.POST or None, places=own, origins=_origins(), initial=_asked_for(request)
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            made = tasks.do_open(
                new=_new(request, form, own, day), by=request.user, at=timezone.now(), on=timezone.localdate()
            )  # fmt: skip
            return redirect("direction:task", task=made.task_no)
        except DirectionError as error:
            form.add_error(None, str(error))
    status = 200 if request.method == "GET" else 422
    return render(request, "direction/new_task.html", {"form": form}, status=status)


def _new(request: HttpRequest, form: TaskForm, own: list[Place], day: dt.date) -> NewTask:
    given = form.cleaned_data
    kind, _colon, number = given["origin"].partition(":")
    owner = places.unit_of(given["unit"], day)
    return NewTask(
        given["title"], owner.unit_code, given["due_on"], given["working_days"],
        Origin(kind, int(number) if number else None), _giver(request, owner, own, day).unit_code, given["detail"],
        given["department"], day, given["event_id"],
    )  # fmt: skip


def _giver(request: HttpRequest, owner: Place, own: list[Place], day: dt.date) -> Place:
    """The officer's own unit where it lies above the owner; else the owner itself."""
    here = {p.unit_code: p for p in own}
    granted = [here[g.unit_code] for g in request.user.grants_today if g.unit_code in here]
    above = [p for p in granted if owner.communes(on=day) <= p.communes(on=day)]
    return min(above, key=lambda p: len(p.unit_code), default=owner)


def _origins() -> list[tuple[str, str]]:
    """Own will, or an entry of a book that tasks come from, the latest first."""
    found = [("own", str(_("Việc của đơn vị, không theo văn bản")))]
    for book in BOOKS.values():
        for one in entries.entries(book)[:200] if book.tasks else ():
            words = one.values.get("subject") or one.values.get("title") or ""
            said = ": ".join(filter(None, [shown.dated(book, one), words]))
            found.append((f"{book.table}:{one.thing_no}", shown.cut(said)))
    return found


def _asked_for(request: HttpRequest) -> dict[str, Any]:
    """What the form starts with: of a finding or of what a unit lacks also what must be done, and by whom."""
    lack, _colon, unit = request.GET.get("thieu", "").partition(":")
    if lack in gaps.TO_DO:
        title = str(gaps.TO_DO[lack]) % {"year": register_day().year}
        return {"origin": "own", "title": title, "unit": unit, "working_days": 30}
    origin = request.GET.get("theo", "own")
    kind, _colon, number = origin.partition(":")
    found = None
    if kind == "finding" and number.isdigit():
        found = entries.find(BY_TABLE[kind], int(number))
    if found is None:
        return {"origin": origin}
    return {
        "origin": origin, "title": shown.cut(_("Khắc phục: %(what)s") % {"what": found.values["what"]}, 300),
        "unit": found.values["other_code"], "working_days": 30,
    }  # fmt: skip


@page(right=may.VIEW)
@require_GET
def task_page(request: HttpRequest, task: int) -> HttpResponse:
    """One, with all that was done to it."""
    return _task_page(request, _task(task))


@page(right=may.VIEW)
@require_POST
def act(request: HttpRequest, task: int) -> HttpResponse:
    """One action; the page again with what is wrong, or as it is now."""
    form, found = ActForm(request.POST, request.FILES), _task(task)
    if not form.is_valid():
        wrong = "; ".join(str(text) for texts in form.errors.values() for text in texts)
        return _task_page(request, found, wrong, 422)
    try:
        _do(found, form, request)
    except (DirectionError, NoEvidence) as error:
        return _task_page(request, found, str(error), 422)
    return redirect("direction:task", task=task)


def _do(task: Task, form: ActForm, request: HttpRequest) -> None:
    """What was asked for; the clock is read here."""
    given, at, on = form.cleaned_data, timezone.now(), timezone.localdate()
    ask = Ask(given["version"], given["reason"], given["event_id"])
    match given["action"]:
        case "report" | "finish" as action:
            paper = given["paper"]
            tasks.do_report(
                task_no=task.task_no, ask=ask, percent=given["percent"] or 0, by=request.user, at=at, on=on,
                finished=action == "finish", evidence=paper.read() if paper else None,
            )  # fmt: skip
        case "accept" | "return" as action:
            tasks.do_accept(
                task_no=task.task_no, ask=ask, accept=action == "accept", by=request.user, at=at
            )
        case "extend":
            if form.due is None:
                raise DirectionError(_("Ghi hạn mới."))
            tasks.do_extend(
                task_no=task.task_no, ask=ask, due_on=form.due, by=request.user, at=at, on=on
            )
        case "cancel":
            tasks.do_cancel(task_no=task.task_no, ask=ask, by=request.user, at=at)
        case _:
            raise DirectionError(_("Thao tác này không mở ở trạng thái hiện tại."))


def _task(number: int) -> Task:
    try:
        return reading.get(number)
    except NoThing as error:
        raise Http404 from error


def _task_page(
    request: HttpRequest, task: Task, error: str = "", status: int = 200
) -> HttpResponse:
    on = timezone.localdate()
    works, gives = (
        may.may(request.user, r, p) for r, p in ((may.WORK, task.place), (may.GIVE, task.giver))
    )
    moves = [
        (action, shown.of(move.name_vi, move.name_en), move)
        for action, move in workflow.MOVES.open_in(task.state).items()
        if (works if move.by_owner else gives)
        and not (action in ("accept", "return") and _own(request, task))
    ]
    told = {
        "task": task, "line": shown.line(task, on), "on": on, "error": error, "moves": moves, "event_id": uuid4(),
        "origin": shown.origin(task), "acts": [shown.act(a) for a in reading.history(acts.TASK, task.task_no)],
        "papers": acts.papers(acts.TASK, task.task_no), "typed": request.POST, "is_en": get_language() == "en",
        "own_report": gives and task.state == workflow.REPORTED and _own(request, task),
    }  # fmt: skip
    return render(request, "direction/task.html", told, status=status)


def _own(request: HttpRequest, task: Task) -> bool:
    """Whether the asker reported it, and so cannot accept it."""
    return bool(task.reported_by == request.user.username)


@page(right=may.VIEW)
@require_GET
def paper(request: HttpRequest, paper: int) -> HttpResponse:
    """A paper as it was kept."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT kind, content FROM direction.paper WHERE paper_no = %s", [paper])
        row = cursor.fetchone()
    if row is None or row[0] not in _INLINE:
        raise Http404
    answer = HttpResponse(bytes(row[1]), content_type=row[0])
    answer["Content-Disposition"] = "attachment" if row[0] == "application/pdf" else "inline"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "no-store"
    return answer
