"""The boards: a unit (of a province with its map), a pillar's figures for many units, one figure through time."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from dancu.engine.report.indicators import Indicator
from dancu.engine.report.printed import vi
from dancu.platform.access.pages import page
from dancu.platform.dashboards import chosen, maps, shown, standing, through, told
from dancu.platform.dashboards.asked import RIGHT, WAY_NAMES, Question, question
from dancu.platform.dashboards.shown import Shown
from dancu.platform.dashboards.told import Figures
from dancu.platform.reports import registry
from dancu.platform.reports import shown as words
from dancu.reference.units import Level

BEHIND, ROWS, CELLED = 10, 50, 25
LEVELS: dict[str, Level] = {"xa": "commune", "huyen": "district"}
SIGNS = {
    "good": ("✓", gettext_lazy("đạt")), "fair": ("◐", gettext_lazy("đạt một số chỉ tiêu")),
    "bad": ("✕", gettext_lazy("chưa đạt")), "none": ("", ""),
}  # fmt: skip
LEVEL_NAMES = {
    "district": gettext_lazy("huyện, thị xã, thành phố"),
    "commune": gettext_lazy("xã, phường, thị trấn"),
}


@page(right=RIGHT)
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """Ten figures of a unit, its place among its like, who is behind below it; of a province the map."""
    q, ten = question(request), chosen.ten()
    picture = _get(request.GET.get("chi-so") or ten[0].code) if q.unit.level == "province" else None
    wanted = dict.fromkeys([*(i.code for i in ten), *([picture.code] if picture else [])])
    now, before = told.figures(q, list(wanted)), told.figures(q, list(wanted), q.before)
    lines = [_line(q, one, now, before) for one in ten]
    late = standing.behind(q, now, [i.code for i in ten])
    every = bool(request.GET.get("tat-ca"))
    return render(request, "dashboards/board.html", {
        **q.context(), "lines": lines, "ahead": _nearest(q, lines), "late_said": _late(q, len(late)),
        "behind": late if every else late[:BEHIND],
        "late": len(late), "all_query": q.query + "&tat-ca=1", "every": every,
        "communes": len(q.tree.communes_of(q.unit.code)),
        "picture": picture, "picture_name": words.name(picture) if picture else "",
        "every_indicator": [(i.code, words.name(i)) for i in chosen.every()] if picture else [],
        "crumbs": _crumbs(q),
        **(maps.context(q, picture, now, before) if picture else {}),
    })  # fmt: skip


@page(right=RIGHT)
@require_safe
def pillar(request: HttpRequest) -> HttpResponse:
    """A pillar's figures side by side for the units below a unit, a page at a time; by the figure asked for."""
    q = question(request)
    name = request.GET.get("tru-cot", "government")
    if name not in words.PILLARS or not name:
        raise Http404
    every, level, group = chosen.in_pillar(name), _level(request, q), request.GET.get("nhom", "")
    wanted = (
        tuple(i for i in every if i.utility == group)
        if group in words.UTILITIES and group
        else every
    )
    kinds = [(k, v) for k, v in words.UTILITIES.items() if k and any(i.utility == k for i in every)]
    found = told.figures(q, [i.code for i in wanted])
    units = standing.under(q, level)
    order = request.GET.get("sort", "")
    if order in {i.code for i in wanted}:
        ranks = standing.ranked(q, found, order, units)
        at = {r.figure.unit_code: n for n, r in enumerate(ranks.ranked)}
        units.sort(key=lambda u: (-at.get(u.code, -1), u.code))
    listed = Paginator(units, CELLED).get_page(request.GET.get("page"))
    told_rows = [(u, _cells(q, wanted, found, u.code, level)) for u in listed]
    return render(request, "dashboards/pillar.html", {
        **q.context(), "pillar": name, "group": group, "kinds": kinds,
        "keep": [("tru-cot", name), ("nhom", group)], "pillars": [(k, v) for k, v in words.PILLARS.items() if k],
        "indicators": [(i, words.name(i)) for i in wanted], "page": listed, "rows": told_rows, "sort": order,
        "whole": _cells(q, wanted, found, q.unit.code, q.unit.level), "level": level,
        "crumbs": _crumbs(q, _("Trụ cột")),
        "by_districts": bool(q.tree.districts) and q.unit.level == "province",
    })  # fmt: skip


@page(right=RIGHT)
@require_safe
def indicator(request: HttpRequest, code: str) -> HttpResponse:
    """One figure of a unit: through 24 months, stated in three ways, and in the units below or beside it."""
    q, one = question(request), _get(code)
    now, before = told.figures(q, [code]), told.figures(q, [code], q.before)
    line = _line(q, one, now, before)
    level = _level(request, q)
    order = standing.ranked(q, now, code, standing.under(q, level))
    every = [
        *((r.rank, r.figure.unit_code or "") for r in order.ranked),
        *((None, a.figure.unit_code or "") for a in order.apart),
    ]
    listed = Paginator(every, ROWS).get_page(request.GET.get("page"))
    return render(request, "dashboards/indicator.html", {
        **q.context(), "indicator": one, "line": line, "series": through.months(q, one),
        "stated": [_stated(q, one, way) for way in WAY_NAMES], "level": level,
        "page": listed,
        "rows": [(rank, _of(q, one, now, before, unit, level)) for rank, unit in listed],
        "by_districts": bool(q.tree.districts) and q.unit.level == "province",
        "basis": words.BASES[one.basis], "kind": words.KINDS[one.unit_kind],
        "english": words.english(), "crumbs": _crumbs(q, words.name(one)),
    })  # fmt: skip


def _line(q: Question, one: Indicator, now: Figures, before: Figures) -> dict[str, Any]:
    return {
        **_of(q, one, now, before, q.unit.code, q.unit.level),
        "place": standing.place(q, now, one.code),
    }


def _of(
    q: Question, one: Indicator, now: Figures, before: Figures, unit: str, level: Level
) -> dict[str, Any]:
    """One figure of one unit, with the addresses that it opens to."""
    line = shown.of(
        one, told.of_unit(now, one.code, unit), told.of_unit(before, one.code, unit), on=q.shown, level=level
    )  # fmt: skip
    return {
        "line": line, "unit": unit, "name": q.name(unit), "opens": _page(q, one.code, unit),
        "records": _records(q, one.code, unit, ""), "lacking": _records(q, one.code, unit, _side(line)),
        "sees": q.sight.sees(unit),
    }  # fmt: skip


def _stated(q: Question, one: Indicator, way: str) -> dict[str, Any]:
    """The same figure of the same place, stated in another way."""
    other = q.stated(way)
    now, before = told.figures(other, [one.code]), told.figures(other, [one.code], other.before)
    said = _of(other, one, now, before, other.unit.code, other.unit.level)
    return {
        **said, "way": WAY_NAMES[way], "current": way == q.way, "era": other.context()["era"],
        "known": other.asked.known, "link": _page(other, one.code, other.unit.code),
    }  # fmt: skip


def _cells(
    q: Question, wanted: tuple[Indicator, ...], found: Figures, unit: str, level: Level
) -> list[tuple[str, str, str, str, str, str]]:
    """Text, parts, state, its sign and word, and address of each figure of a unit."""
    made, query = [], q.link(unit)
    for one in wanted:
        figure = told.of_unit(found, one.code, unit)
        far = standing.far(q, figure, one.code, level)
        state = shown.state(far)
        sign, word = SIGNS[state]
        text = shown.text(figure, one, [d.target for d in far])
        address = reverse("dashboards:indicator", args=[one.code]) + query
        made.append((text, words.parts(figure), state, sign, str(word), address))
    return made


def _nearest(q: Question, lines: list[dict[str, Any]]) -> dict[str, Any] | None:
    """Of the figures that miss a target, the one to which the fewest records are missing, with the place in it."""
    far = [line for line in lines if line["line"].missing]
    if not far:
        return None
    one = min(far, key=lambda line: line["line"].missing)
    if not one["place"]:
        return one
    said = _("Đơn vị đứng thứ %(rank)s trên %(of)s %(level)s về «%(name)s»: %(text)s.") % {
        "rank": vi(Decimal(one["place"].rank)), "of": vi(Decimal(one["place"].of)), "name": one["line"].name,
        "level": LEVEL_NAMES[q.unit.level], "text": one["line"].text,
    }  # fmt: skip
    return {**one, "said": said}


def _late(q: Question, n: int) -> str:
    """How many communes miss a target."""
    return _(
        "%(n)s trên %(of)s xã, phường, thị trấn chưa đạt ít nhất một chỉ tiêu; nhiều chỉ tiêu thiếu đứng trước, rồi"
        " nhiều bản ghi thiếu."
    ) % {"n": vi(Decimal(n)), "of": vi(Decimal(len(q.tree.communes_of(q.unit.code))))}


def _side(line: Shown) -> str:
    """Which records a gap is made of: those outside the numerator, or of a count that is too high those in it."""
    too_many = line.figure.measure == "count" and line.indicator.better == "low"
    return "1" if too_many else "0"


def _page(q: Question, code: str, unit: str) -> str:
    return reverse("dashboards:indicator", args=[code]) + q.link(unit)


def _records(q: Question, code: str, unit: str, side: str) -> str:
    """The records as `reports` lists them, of the same question."""
    told_query = {
        "tu": q.asked.first.isoformat(), "den": q.asked.last.isoformat(), "don-vi-ngay": q.of.isoformat(),
        "biet": "khi-do" if q.asked.known else "nay", "don-vi": unit, "dat": side,
    }  # fmt: skip
    return reverse("reports:records", args=[code]) + "?" + urlencode(told_query)


def _level(request: HttpRequest, q: Question) -> Level:
    asked = LEVELS.get(request.GET.get("cap", ""))
    if asked == "district" and not q.tree.districts:
        asked = None
    return asked or standing.below(q)


def _get(code: str) -> Indicator:
    try:
        return registry.get(code)
    except registry.NoIndicator:
        raise Http404 from None


def _crumbs(q: Question, last: Any = "") -> list[tuple[Any, str]]:
    """The units above, each to its board, and the page."""
    home = reverse("dashboards:board")
    path = [
        (u.full_name, home + q.link(u.code))
        for u in q.tree.path(q.unit.code)
        if q.sight.sees(u.code)
    ]
    head: list[tuple[Any, str]] = [(_("Bảng điều hành"), home), *path]
    return [*head, (last, "")] if last else [*head[:-1], (head[-1][0], "")]
