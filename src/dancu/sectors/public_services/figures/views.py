"""Pages of figures: ten of a unit, units side by side, a unit's procedures, Decision 766, what each figure means."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dancu.kit.web import page
from dancu.reference import index766 as decision
from dancu.reference import services
from dancu.sectors.public_services.figures import (
    counting,
    exporting,
    known766,
    score766,
    shown,
    words766,
)
from dancu.sectors.public_services.figures.asked import RIGHT, Question, question
from dancu.sectors.public_services.figures.counting import By, Counted, Wanted
from dancu.sectors.public_services.figures.targets import distances
from dancu.sectors.public_services.indicators import BOARD, INDICATORS, by_code, chosen

TABLE = (
    *BOARD,
    "online_rate_full_process",
    "online_rate_driving_licence",
    "dossiers_received",
    "asked_twice_rate",
)
PARTS = (
    "dossiers_received",
    "online_rate_all",
    "on_time_rate",
    "mean_handling_time",
    "electronic_result_rate",
)
BY: dict[str, tuple[By, Any]] = {
    "thu-tuc": ("procedure", gettext_lazy("Theo thủ tục")),
    "dich-vu": ("service", gettext_lazy("Theo 25 dịch vụ thiết yếu")),
    "co-quan": ("agency", gettext_lazy("Theo bộ, ngành chủ trì")),
}


@page(right=RIGHT)
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """Ten figures of a unit with numerator, denominator, change and targets."""
    q = question(request)
    now, before = _both(q, BOARD)
    lines = [shown.shown(q, indicator, now, before) for indicator in chosen(BOARD)]
    told = {**q.context(), "lines": lines, "crumbs": _crumbs(q)}
    if request.GET.get("dem-lai"):
        told["recount"] = _recount(q, now)
    return render(request, "services_figures/board.html", told)


@page(right=RIGHT)
@require_safe
def table(request: HttpRequest) -> HttpResponse:
    """The units below a unit, each with every figure; as a page, a workbook or a text file."""
    q = question(request)
    wanted = Wanted(chosen(TABLE), q.period.asked, q.root, by="")
    counted = counting.count(wanted)
    rows = _rows(q, counted)
    if request.GET.get("tai") in ("csv", "xlsx"):
        return exporting.answer(q, wanted.indicators, rows, request.GET["tai"])
    order = request.GET.get("sort", "")
    if order in TABLE:
        rows[1:] = sorted(rows[1:], key=lambda row: _order(row, order))
    told = {
        **q.context(), "rows": rows, "indicators": [(i, shown.name(i)) for i in wanted.indicators], "sort": order,
        "crumbs": _crumbs(q, _("Theo đơn vị")),
    }  # fmt: skip
    return render(request, "services_figures/table.html", told)


@page(right=RIGHT)
@require_safe
def parts(request: HttpRequest) -> HttpResponse:
    """One unit by procedure, by service of the 25 or by lead agency."""
    q = question(request)
    chosen_by = request.GET.get("theo", "")
    by = BY.get(chosen_by, BY["thu-tuc"])[0]
    counted = counting.count(Wanted(chosen(PARTS), q.period.asked, q.root, (q.unit.code,), by=by))
    rows: list[dict[str, Any]] = [
        {
            "code": part, "name": _part(part, by, q), "is_procedure": by == "procedure",
            "figures": [_cell(counted, code, q.unit.code, part) for code in PARTS],
            "gaps": _gaps(counted, part, by, q),
        }
        for part in counted.of(q.unit.code)
        if not (by == "service" and part in ("", "?"))
    ]  # fmt: skip
    rows.sort(key=lambda row: -row["figures"][0]["figure"].numerator)
    told = {
        **q.context(), "rows": rows, "by": chosen_by if chosen_by in BY else "thu-tuc",
        "ways": [(key, word) for key, (_by, word) in BY.items()],
        "indicators": [(by_code(code), shown.name(by_code(code))) for code in PARTS],
        "crumbs": _crumbs(q, _("Theo thủ tục, cơ quan")),
    }  # fmt: skip
    return render(request, "services_figures/parts.html", told)


@page(right=RIGHT)
@require_safe
def index766(request: HttpRequest) -> HttpResponse:
    """The twenty indicators with what is known of their points."""
    q = question(request)
    counted = counting.count(Wanted(INDICATORS, q.period.asked, q.root, (q.unit.code,)))
    values = known766.values(
        counted,
        asked=q.period.asked,
        root=q.root,
        unit=q.unit.code,
        level=q.unit.level,
        until=q.until,
    )
    scored = score766.score(values)
    low, high = score766.total(scored)
    told = {
        **q.context(), "five": words766.groups(scored), "low": low, "high": high, "law": decision.LAW,
        "online": shown.text(counted.figure("online_rate_all", q.unit.code)),
        "by_3_3": shown.text(counted.figure("index766_3_3", q.unit.code)),
        "crumbs": _crumbs(q, _("Bộ chỉ số 766")),
    }  # fmt: skip
    return render(request, "services_figures/index766.html", told)


@page(right=RIGHT)
@require_safe
def meanings(request: HttpRequest) -> HttpResponse:
    """All figures with a line on each."""
    english = get_language() == "en"
    rows = [
        (i.code, shown.name(i), i.meaning_en if english else i.meaning_vi, i.owner)
        for i in INDICATORS
    ]
    return render(request, "services_figures/meanings.html", {"rows": rows})


@page(right=RIGHT)
@require_safe
def meaning(request: HttpRequest, code: str) -> HttpResponse:
    """What one figure means, its law, what moves it, who answers for it, its targets in time, its SQL."""
    try:
        found = by_code(code)
    except KeyError:
        raise Http404 from None
    english = get_language() == "en"
    told = {
        "indicator": found, "name": shown.name(found), "targets": shown.targets(code),
        "meaning": found.meaning_en if english else found.meaning_vi,
        "moved_by": found.moved_by_en if english else found.moved_by_vi,
        "of_the_end": "d.ended_at AT" in found.facts.partition(" AS since")[0],
        "crumbs": [(_("Số liệu dịch vụ công"), reverse("services_figures:board")),
                   (_("Ý nghĩa các số liệu"), reverse("services_figures:meanings")), (shown.name(found), "")],
    }  # fmt: skip
    return render(request, "services_figures/meaning.html", told)


def _both(q: Question, codes: tuple[str, ...]) -> tuple[Counted, Counted]:
    now, before = (
        counting.one(chosen(codes), asked, root=q.root, unit=q.unit.code, on=q.period.last)
        for asked in (q.period.asked, q.period.before)
    )
    return now, before


def _recount(q: Question, now: Counted) -> bool:
    """Whether a count of the dossiers themselves says the same as the kept sums."""
    again = counting.count(
        Wanted(tuple(now.by_code.values()), q.period.asked, q.root, (q.unit.code,), by=""),
        source="dossiers",
    )
    return again.rows == now.rows


def _rows(q: Question, counted: Counted) -> list[dict[str, Any]]:
    """The unit itself and what is below it; whatever belongs to no unit of the day has a line too."""
    below = [u.code for u in q.tree.children(q.unit.code)]
    others = []
    if q.unit.code == q.root:
        others = [code for code in counted.units() if "@" in code or code == "?"]
    codes = [q.unit.code, *below, *others]
    return [
        {
            "code": code, "name": q.name(code), "opens": code in q.tree.by_code and q.sees(code),
            "has_below": bool(q.tree.children(code)), "is_whole": code == q.unit.code,
            "figures": {i: _cell(counted, i, code) for i in TABLE},
        }
        for code in codes
        if code in q.tree.by_code or (code, "") in counted.rows
    ]  # fmt: skip


def _cell(counted: Counted, code: str, unit: str, part: str = "") -> dict[str, Any]:
    figure = counted.figure(code, unit, part)
    few = figure.measure == "share" and 0 < figure.denominator < shown.FEW
    return {"figure": figure, "text": shown.text(figure), "few": few, "parts": shown.parts(figure)}


def _gaps(counted: Counted, part: str, by: By, q: Question) -> list[tuple[str, str, str]]:
    """How far one of the 25 services is from their targets, which hold for each of them."""
    found = services.find(part, on=q.period.shown) if by == "procedure" else None
    if by == "agency" or (by == "procedure" and not (found and found.essential_id)):
        return []
    rate = counted.figure("online_rate_all", q.unit.code, part)
    return shown.gaps(distances(rate, "online_rate_essential_25", on=q.period.shown), is_share=True)


def _order(row: dict[str, Any], code: str) -> tuple[int, Any]:
    """The lowest first; few dossiers after them, none last."""
    cell = row["figures"][code]
    value = cell["figure"].value
    return (2, 0) if value is None else (int(cell["few"]), value)


def _part(part: str, by: By, q: Question) -> str:
    if by == "agency":
        return part if part != "?" else _("Thủ tục không có trong danh mục")
    english = get_language() == "en"
    if by == "service":
        found = next(
            (p for p in services.procedures(on=q.period.shown) if p.essential_id == part), None
        )
    else:
        found = services.find(part, on=q.period.shown) or next(iter(services.versions(part)), None)
    return (found.name_en if english else found.name_vi) if found else part


def _crumbs(q: Question, *more: str) -> list[tuple[Any, str]]:
    home = reverse("services_figures:board") + q.query
    return [(_("Số liệu dịch vụ công"), home if more else ""), *((word, "") for word in more)]
