"""A figure by its short code: what it is, from what, by which law, as known when; and its records.

Anybody may open the code of an issued report: definition and counts, none of fewer than five. Records are for who has
the right, as far as row-level security lets them be seen.
"""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dancu.engine.report.indicators import Indicator, Query, change
from dancu.engine.report.indicators import records as listed
from dancu.platform.access.pages import page, public
from dancu.platform.access.rights import has_right
from dancu.platform.reports import counting, shown, targets
from dancu.platform.snapshots import codes, finding
from dancu.platform.snapshots.finding import Found

RIGHT = "report.view"
PAGE = 50


@public
@require_safe
def lookup(request: HttpRequest) -> HttpResponse:
    """Type a code from paper."""
    typed = request.GET.get("ma", "")
    if not typed:
        return render(request, "snapshots/lookup.html", {})
    try:
        return redirect("snapshots:figure", code=codes.read(typed))
    except codes.WrongCode as error:
        told = {"typed": typed[:40], "wrong": _(str(error))}
        return render(request, "snapshots/lookup.html", told, status=422)


@public
@require_safe
def figure(request: HttpRequest, code: str) -> HttpResponse:
    """The figure that the code on paper stands for."""
    may = request.user.is_authenticated and has_right(request.user, RIGHT)
    found = _find(code)
    if found is None or not (found.is_public or may):
        told = {
            "typed": code[:40],
            "wrong": _("Không có báo cáo nào đã ban hành mang mã số liệu này."),
        }
        return render(request, "snapshots/lookup.html", told, status=404)
    few = not may and found.is_few
    return render(request, "snapshots/figure.html", _told(found, few=few, may=may))


@page(right=RIGHT)
@require_safe
def records(request: HttpRequest, code: str) -> HttpResponse:
    """The records behind the figure, of the own territory; each opens to its own page with its events."""
    found = _find(code)
    if found is None:
        raise Http404
    inside = request.GET.get("dat", "")
    every = _Records(found, {"1": True, "0": False}.get(inside))
    rows = Paginator(every, PAGE).get_page(request.GET.get("page"))
    told = _told(found, few=False, may=True) | {
        "page": rows, "inside": inside, "rows": [(*row, _opens(found, row[0])) for row in rows],
        "of": found.ref.figure.denominator, "has_amount": found.ref.figure.measure in ("sum", "mean"),
        "crumbs": [(_("Số liệu"), reverse("snapshots:figure", args=[found.ref.short_code])), (_("Bản ghi"), "")],
    }  # fmt: skip
    return render(request, "snapshots/records.html", told)


def _find(code: str) -> Found | None:
    try:
        return finding.find(codes.read(code))
    except codes.WrongCode:
        return None


def _told(found: Found, *, few: bool, may: bool) -> dict[str, Any]:
    """What a page says of the figure; of few people no number."""
    ref, one, english = found.ref, found.indicator, shown.english()
    unit = found.unit
    moved = shown.changed(change(ref.figure, ref.before), ref.figure) if ref.before else ("", "")
    held = [] if few else targets.distances(ref.code, ref.figure, on=ref.asked.last)
    return {
        "found": found, "ref": ref, "indicator": one, "few": few, "may": may, "code": codes.printed(ref.short_code),
        "name": shown.name(one), "unit_name": unit.full_name if unit else ref.unit,
        "meaning": one.meaning_en if english else one.meaning_vi,
        "basis": shown.BASES[one.basis], "kind": shown.KINDS[one.unit_kind], "measure": shown.MEASURES[one.measure],
        "value": "" if few else shown.text(ref.figure, one), "top": ref.figure.numerator,
        "bottom": ref.figure.denominator,
        "before": shown.text(ref.before, one) if ref.before and may else "", "moved": [m for m in moved if m],
        "targets": [
            ("good" if d.reached else "bad" if d.reached is False else "none",
             f"{shown.target_words(d.target, one)} · {shown.owner(d.target)}", shown.distance(d, ref.figure))
            for d in held
        ],
        "commitment": found.said["figures"][ref.short_code]["commitment"] if found.said else "",
        "sources": found.said["sources"] if found.said and may else [],
    }  # fmt: skip


def _opens(found: Found, subject: str) -> str:
    """The page of a record, by the name that its indicator gives."""
    name = found.indicator.opens
    try:
        return reverse(name, args=[subject]) if name else ""
    except NoReverseMatch:
        return ""


class _Records:
    """Rows of a page at a time, as a paginator wants them."""

    def __init__(self, found: Found, inside: bool | None) -> None:
        self._found, self._inside = found, inside

    @cached_property
    def _also(self) -> Query:
        found = self._found
        return counting.of_unit(
            found.indicator, found.asked, found.ref.unit, found.report.tree_day, using="default"
        )

    @cached_property
    def _n(self) -> int:
        one = self._found.indicator
        sql, given = listed(one, self._found.asked, hit=self._inside, also=self._also)
        return int(_rows(f"SELECT count(*) FROM ({_escaped(sql, one)}) AS every", given)[0][0])

    def count(self) -> int:
        """How many there are."""
        return self._n

    def __len__(self) -> int:
        return self._n

    def __getitem__(self, wanted: slice) -> list[Any]:
        one = self._found.indicator
        sql, given = listed(one, self._found.asked, hit=self._inside, also=self._also)
        return _rows(
            f"{_escaped(sql, one)} LIMIT %s OFFSET %s",
            [*given, wanted.stop - wanted.start, wanted.start],
        )


def _escaped(sql: str, one: Indicator) -> str:
    """A per cent sign in the facts is no placeholder."""
    return sql.replace(one.facts, one.facts.replace("%", "%%"))


def _rows(sql: str, given: list[Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        return cursor.fetchall()
