"""The list of indicators, what each means, its units in order, its records."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dancu.engine.report.indicators import Change, Figure, Indicator, change
from dancu.platform.access import territory
from dancu.platform.access.pages import page
from dancu.platform.reports import (
    benchmarks,
    counting,
    definitions,
    ranking,
    registry,
    shown,
    targets,
)
from dancu.platform.reports.asked import Question, question

RIGHT = "report.view"
PAGE = 50


@page()
@require_safe
def indicators(request: HttpRequest) -> HttpResponse:
    """All indicators by group of the programme, with what each means and its targets of today."""
    pillar, found = request.GET.get("tru-cot", ""), list(registry.indicators().values())
    if pillar:
        found = [i for i in found if i.pillar == pillar]
    on = territory.register_day()
    english = shown.english()
    groups = [
        (group.title, [
            {"indicator": i, "name": shown.name(i), "meaning": i.meaning_en if english else i.meaning_vi,
             "pillar": shown.PILLARS.get(i.pillar, shown.PILLARS[""]),
             "targets": [shown.target_words(t, i) for t in targets.of(i.code, None, on=on)]}
            for i in group.lines
        ])
        for group in shown.groups(found)
    ]  # fmt: skip
    told = {
        "utility_groups": groups,
        "pillars": list(shown.PILLARS.items())[:-1],
        "pillar": pillar,
        "on": on,
        "n": len(found),
    }
    return render(request, "reports/list.html", told)


@page()
@require_safe
def indicator(request: HttpRequest, code: str) -> HttpResponse:
    """What one indicator means, its law, what moves it, who answers for it, targets, benchmarks, versions."""
    one = _get(code)
    english = shown.english()
    told = {
        "indicator": one, "name": shown.name(one), "meaning": one.meaning_en if english else one.meaning_vi,
        "moved_by": one.moved_by_en if english else one.moved_by_vi, "basis": shown.BASES[one.basis],
        "kind": shown.KINDS[one.unit_kind], "measure": shown.MEASURES[one.measure], "better": shown.BETTER[one.better],
        "pillar": shown.PILLARS.get(one.pillar, one.pillar), "utility": shown.UTILITIES.get(one.utility, one.utility),
        "targets": shown.all_targets(code), "versions": definitions.versions(code),
        "benchmarks": [shown.benchmark(b) for b in benchmarks.benchmarks() if b.indicator == code],
        "kept": counting.is_kept(code), "crumbs": _crumbs(one, ""),
    }  # fmt: skip
    return render(request, "reports/indicator.html", told)


@page(right=RIGHT)
@require_safe
def ranked(request: HttpRequest, code: str) -> HttpResponse:
    """The units of a level in order; those with few records apart, with the reason."""
    one, q = _get(code), question(request)
    found = ranking.below(code, q.asked, root=q.root.code, level=q.level, of=q.of)
    before = counting.figures(code, q.asked.year_before(), of=q.of)
    whole = counting.figures(code, q.asked, units=[q.root.code], of=q.of)[q.root.code]
    told = {
        **q.context(), "indicator": one, "name": shown.name(one), "whole": _line(one, whole, before, q),
        "ranked": [{**_line(one, r.figure, before, q), "place": r} for r in found.ranked],
        "apart": [{**_line(one, a.figure, before, q), "reason": a.reason} for a in found.apart],
        "crumbs": _crumbs(one, _("Xếp hạng đơn vị")),
    }  # fmt: skip
    return render(request, "reports/ranked.html", told)


@page(right=RIGHT)
@require_safe
def records(request: HttpRequest, code: str) -> HttpResponse:
    """The records a figure was counted from, as far as they lie in the own territory."""
    one, q = _get(code), question(request)
    inside = {"1": True, "0": False}.get(request.GET.get("dat", ""))
    listed = Paginator(_Records(code, q, inside), PAGE).get_page(request.GET.get("page"))
    figure = counting.figures(code, q.asked, units=[q.unit], of=q.of)[q.unit]
    told = {
        **q.context(), "indicator": one, "name": shown.name(one), "page": listed, "unit_name": q.name(q.unit),
        "inside": request.GET.get("dat", ""), "figure": shown.text(figure, one), "parts": shown.parts(figure),
        "rows": [{"record": r, "opens": _opens(one, r.subject)} for r in listed],
        "crumbs": [*_crumbs(one, "")[:-1], (shown.name(one), reverse("reports:ranked", args=[code]) + q.query),
                   (_("Bản ghi"), "")],
    }  # fmt: skip
    # Of a person the first day is the day of birth: it stands behind the door that leaves a trace.
    told["shows_day"] = one.opens != "register:person"
    return render(request, "reports/records.html", told)


class _Records:
    """Rows of a page at a time, as a paginator wants them."""

    def __init__(self, code: str, q: Question, inside: bool | None) -> None:
        self._code, self._q, self._inside = code, q, inside

    @cached_property
    def _n(self) -> int:
        q = self._q
        return counting.count_records(self._code, q.asked, unit=q.unit, hit=self._inside, of=q.of)

    def count(self) -> int:
        """How many there are."""
        return self._n

    def __len__(self) -> int:
        return self._n

    def __getitem__(self, wanted: slice) -> list[counting.Record]:
        q = self._q
        return counting.records(
            self._code, q.asked, unit=q.unit, hit=self._inside, of=q.of,
            limit=wanted.stop - wanted.start, offset=wanted.start,
        )  # fmt: skip


def _line(
    one: Indicator, figure: Figure, before: Mapping[str, Figure], q: Question
) -> dict[str, Any]:
    code = figure.unit_code or ""
    old = before.get(code)
    comparable = old is not None and old.denominator and figure.denominator
    moved = change(figure, old) if old is not None and comparable else Change(None, None)
    return {
        "code": code, "name": q.name(code), "text": shown.text(figure, one), "parts": shown.parts(figure),
        "before": shown.text(old, one) if old is not None else shown.NOTHING, "changed": shown.changed(moved, figure),
        "targets": [
            ("good" if d.reached else "bad" if d.reached is False else "none",
             f"{shown.target_words(d.target, one)} · {shown.owner(d.target)}", shown.distance(d, figure))
            for d in targets.distances(one.code, figure, on=q.asked.last)
        ],
    }  # fmt: skip


def _opens(one: Indicator, subject: str) -> str:
    return reverse(one.opens, args=[subject]) if one.opens else ""


def _get(code: str) -> Indicator:
    try:
        return registry.get(code)
    except registry.NoIndicator:
        raise Http404 from None


def _crumbs(one: Indicator, last: str) -> list[tuple[Any, str]]:
    home = (_("Danh mục chỉ số"), reverse("reports:list"))
    if not last:
        return [home, (shown.name(one), "")]
    return [home, (shown.name(one), reverse("reports:indicator", args=[one.code])), (last, "")]
