"""The records behind a figure: dossiers as they count, without a name; why the rest came on paper.

What is listed is what row-level security lets this log-in see. Who a dossier is of stands on the counter's page alone,
behind its own right.
"""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dancu.engine.report.indicators import Indicator, Query, counted
from dancu.engine.report.indicators import records as listed
from dancu.kit.web import has_right, page
from dancu.reference import paper_reasons, services
from dancu.sectors.public_services import dossiers, workflow
from dancu.sectors.public_services.errors import NoDossier
from dancu.sectors.public_services.figures import shown
from dancu.sectors.public_services.figures.asked import RIGHT, Question, question
from dancu.sectors.public_services.figures.places import codes_of, state_of
from dancu.sectors.public_services.indicators import INDICATORS, by_code, kinds_sql

PAGE = 50
_SHOWN = (
    "dossier_no, code, procedure, unit_code, channel, status, accepted_at, due_at, ended_at, on_time, minutes,"
    " paper_reason"
)


@page(right=RIGHT)
@require_safe
def records(request: HttpRequest) -> HttpResponse:
    """The dossiers of a unit, a procedure and a figure; those in the numerator, those outside, or all."""
    q, indicator = question(request), _indicator(request)
    procedure, inside = (
        request.GET.get("thu-tuc", ""),
        {"1": True, "0": False}.get(request.GET.get("dat", "")),
    )
    found = _Records(indicator, q, _also(q, procedure, request.GET.get("ly-do")), inside)
    told = {
        **q.context(), "indicator": indicator, "name": shown.name(indicator), "procedure": procedure,
        "procedure_name": _name(procedure, q), "inside": request.GET.get("dat", ""),
        "page": Paginator(found, PAGE).get_page(request.GET.get("page")), "statuses": services.statuses(),
        "crumbs": [
            (_("Số liệu dịch vụ công"), reverse("services_figures:board") + q.query),
            (_("Theo thủ tục, cơ quan"), reverse("services_figures:parts") + q.query), (_("Hồ sơ"), ""),
        ],
    }  # fmt: skip
    return render(request, "services_figures/records.html", told)


@page(right=RIGHT)
@require_safe
def record(request: HttpRequest, dossier_no: int) -> HttpResponse:
    """One dossier: its turns and in which figures it counts, inside or outside."""
    try:
        one = dossiers.get(dossier_no)
    except NoDossier:
        raise Http404 from None
    told = {
        "dossier": one, "procedure": one.procedure_then, "turns": _turns(dossier_no), "counts": _counts(dossier_no),
        "channel": services.channels()[one.channel], "may_open": has_right(request.user, "dossier.view"),
        "english": get_language() == "en",
        "crumbs": [(_("Số liệu dịch vụ công"), reverse("services_figures:board")), (one.code, "")],
    }  # fmt: skip
    return render(request, "services_figures/record.html", told)


@page(right=RIGHT)
@require_safe
def paper(request: HttpRequest) -> HttpResponse:
    """Why dossiers of the 25 services, or of all, came on paper: by reason, and by unit below."""
    q = question(request)
    every = request.GET.get("moi") == "1"
    reasons = _reasons(q, every=every)
    total = sum(n for _code, n in reasons)
    names = paper_reasons.names(on=q.period.shown)
    english = get_language() == "en"
    rows = [
        {"code": code, "name": names[code][english] if code in names else code or _("Chưa ghi lý do"),
         "n": n, "share": n / total}
        for code, n in reasons
    ]  # fmt: skip
    told = {
        **q.context(), "rows": rows, "total": total, "every": every,
        "indicator": "online_rate_all" if every else "online_rate_essential_25",
        "crumbs": [(_("Số liệu dịch vụ công"), reverse("services_figures:board") + q.query), (_("Hồ sơ giấy"), "")],
    }  # fmt: skip
    return render(request, "services_figures/paper.html", told)


class _Records:
    """Rows of a page at a time, as a paginator wants them."""

    def __init__(self, indicator: Indicator, q: Question, also: Query, inside: bool | None) -> None:
        self._indicator, self._asked, self._also, self._inside = (
            indicator,
            q.period.asked,
            also,
            inside,
        )

    @cached_property
    def _count(self) -> int:
        inside = {None: "", True: " AND hit", False: " AND NOT hit"}[self._inside]
        also = (f"({self._also[0]}){inside}", self._also[1])
        sql, given = counted(self._indicator, self._asked, by=())
        return int(_rows(f"{sql} AND {also[0]}", [*given, *also[1]])[0][1])

    def count(self) -> int:
        """How many there are."""
        return self._count

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, wanted: slice) -> list[dict[str, Any]]:
        sql, given = listed(self._indicator, self._asked, hit=self._inside, also=self._also)
        numbers = f"SELECT subject::bigint AS no, hit FROM ({sql} LIMIT %s OFFSET %s) AS page"
        found = _rows(
            f"SELECT page.hit, {_SHOWN} FROM ({numbers}) AS page JOIN services.dossier ON dossier_no = page.no"
            " ORDER BY accepted_at, dossier_no",
            [*given, wanted.stop - wanted.start, wanted.start],
        )
        names = ("hit", *(name.strip() for name in _SHOWN.split(",")))
        return [dict(zip(names, row, strict=True)) for row in found]


def _also(q: Question, procedure: str, reason: str | None) -> Query:
    """Of the unit, and of the procedure or the reason."""
    asked = q.period.asked
    state = state_of("since", asked.first, asked.last)
    parts = [f"(unit_code, {state}) IN (SELECT * FROM unnest(%s::text[], %s::int[]))"]
    given: list[Any] = [*codes_of(q.unit.code, q.root, asked.first, asked.last)]
    if procedure:
        parts.append("procedure = %s")
        given.append(procedure)
    if reason is not None:
        parts.append(
            "EXISTS (SELECT 1 FROM services.dossier r WHERE r.dossier_no = subject::bigint AND r.paper_reason = %s)"
        )
        given.append(reason)
    return " AND ".join(parts), given


def _reasons(q: Question, *, every: bool) -> list[tuple[str, int]]:
    """Reasons with their dossiers, the most first; through the index of what came on paper."""
    also, given = _also(q, "", None)
    day = "(d.accepted_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date"
    of = "true" if every else "kind.of_the_25"
    return [
        (str(reason), int(n))
        for reason, n in _rows(
            "SELECT paper_reason, count(*) FROM (SELECT d.paper_reason, d.unit_code,"
            f" {day} AS since FROM services.dossier d LEFT JOIN {kinds_sql()} ON kind.procedure = d.procedure"
            f" AND kind.version = d.version WHERE d.channel <> 2 AND {day} BETWEEN %s AND %s"
            f" AND d.accepted_at IS NOT NULL AND {of}) AS fact WHERE {also} GROUP BY 1 ORDER BY 2 DESC, 1",
            [q.period.asked.first, q.period.asked.last, *given],
        )
    ]


def _counts(dossier_no: int) -> list[dict[str, Any]]:
    """The figures in which one dossier counts."""
    found = []
    for indicator in INDICATORS:
        facts = f"{indicator.facts} AND d.dossier_no = %s AND d.known_to IS NULL"
        for since, hit, amount in _rows(
            f"SELECT since, hit, amount FROM ({facts}) AS fact", [dossier_no]
        ):
            found.append(
                {"code": indicator.code, "name": shown.name(indicator), "since": since, "hit": hit, "amount": amount,
                 "measure": indicator.measure}
            )  # fmt: skip
    return found


def _turns(dossier_no: int) -> list[tuple[Any, Any, str]]:
    """When it came into which status, by which action; not by whom."""
    rows = _rows(
        "SELECT at, status_after, action FROM services.move WHERE dossier_no = %s ORDER BY move_no",
        [dossier_no],
    )
    english = get_language() == "en"
    statuses = services.statuses()
    told = []
    for at, status, action in rows:
        move = workflow.MOVES.get(action)
        word = (move.name_en if english else move.name_vi) if move else _("Nộp hồ sơ")
        told.append((at, statuses[status].name_en if english else statuses[status].name_vi, word))
    return told


def _indicator(request: HttpRequest) -> Indicator:
    try:
        return by_code(request.GET.get("chi-so", "dossiers_received"))
    except KeyError:
        raise Http404 from None


def _name(procedure: str, q: Question) -> str:
    found = services.find(procedure, on=q.period.shown) if procedure else None
    if found is None:
        return procedure
    return found.name_en if get_language() == "en" else found.name_vi


def _rows(sql: str, given: list[Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        return cursor.fetchall()
