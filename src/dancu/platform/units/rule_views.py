"""The rules in force on a day: what each demands, by which law, its examples, and how it stands in one's own units."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from dancu.engine.report.words import law as law_in_vietnamese
from dancu.platform.access.pages import page
from dancu.platform.access.rights import has_right
from dancu.platform.units import figures
from dancu.platform.units.asked import CRITERION_MEANINGS, CRITERION_NAMES
from dancu.platform.units.figures import Figures
from dancu.platform.units.territory import Sight, sight
from dancu.reference.fields import fields
from dancu.rules import DIMENSIONS, Example, Rule, RuleError, get
from dancu.rules import on as in_force

PAGE = 60
EXPECTED = {"pass": "good", "fail": "bad", "unknown": "none"}


@page(right="rules.view")
def rules(request: HttpRequest) -> HttpResponse:
    """All rules of the day by dimension."""
    day = _day(request)
    wanted = request.GET.get("chieu", "")
    words = request.GET.get("q", "").strip().casefold()
    counts = _counts(request, day)
    lines = [
        _line(rule, counts)
        for rule in in_force(day)
        if (not wanted or rule.dimension == wanted) and (not words or words in _text(rule))
    ]
    return render(request, "units/rules.html", {
        "page": Paginator(lines, PAGE).get_page(request.GET.get("page")),
        "on": day, "wanted": wanted, "q": request.GET.get("q", ""),
        "dimensions": [(d, CRITERION_NAMES[d], CRITERION_MEANINGS[d]) for d in DIMENSIONS],
        "counted": counts is not None, "whose_all": _sees_all(request, day),
    })  # fmt: skip


@page(right="rules.view")
def rule(request: HttpRequest, rule_id: str) -> HttpResponse:
    """One rule in full."""
    try:
        found = get(rule_id)
    except RuleError:
        raise Http404 from None
    day = _day(request)
    return render(request, "units/rule.html", {
        "rule": found, "on": day, "line": _line(found, _counts(request, day)),
        "dimension": CRITERION_NAMES[found.dimension], "in_force": found.in_force(on=day),
        "examples": [_example(e) for e in found.examples], "tasks": _tasks(request, found),
        "law": found.law if get_language() == "en" else law_in_vietnamese(found.law),
    })  # fmt: skip


def _day(request: HttpRequest) -> dt.date:
    text = request.GET.get("ngay")
    if not text:
        return figures.register_day() or dt.date.today()  # noqa: DTZ011
    try:
        return _read_day(text)
    except ValueError:
        raise Http404 from None


def _read_day(text: str) -> dt.date:
    """21/06/2024 as officials type it, or 2024-06-21 as addresses of before hold it."""
    if "/" in text:
        day, month, year = (int(part) for part in text.strip().split("/"))
        return dt.date(year, month, day)
    return dt.date.fromisoformat(text.strip())


def _text(rule: Rule) -> str:
    name = _field_name(rule.field)
    return f"{rule.id} {rule.slug} {rule.message.vi} {rule.message.en} {name}".casefold()


def _field_name(field: str) -> str:
    found = fields().get(field)
    if found is None:
        return field
    return found.label_en if get_language() == "en" else found.label_vi


def _column_name(column: str) -> str:
    """A column of an example in words: a field, or what reading it brought out."""
    for ending, words in (("_issue", _("vì sao không đọc được")), ("_fix", _("đã chữa gì"))):
        if column.endswith(ending) and column.removesuffix(ending) in fields():
            return f"{_field_name(column.removesuffix(ending))}: {words}"
    return _field_name(column)


def _line(rule: Rule, counts: dict[str, tuple[int, int]] | None) -> dict[str, Any]:
    english = get_language() == "en"
    evaluated, failed = (counts or {}).get(rule.id, (0, 0))
    return {
        "rule": rule, "words": rule.message.en if english else rule.message.vi,
        "fix": rule.fix.en if english else rule.fix.vi, "field": _field_name(rule.field),
        "dimension": CRITERION_NAMES[rule.dimension], "evaluated": evaluated, "failed": failed,
    }  # fmt: skip


def _sees_all(request: HttpRequest, day: dt.date) -> bool:
    return sight(request.user, day).all_units


def _counts(request: HttpRequest, day: dt.date) -> dict[str, tuple[int, int]] | None:
    """Rule -> evaluated and failed among the persons of the user's units, as of now; None without that right."""
    today = figures.register_day()
    if today is None or not has_right(request.user, "score.view"):
        return None
    return _sums(figures.now(), sight(request.user, today))


def _sums(told: Figures, seen: Sight) -> dict[str, tuple[int, int]]:
    if seen.all_units:
        return dict(told.rules.get(("register", "*"), {}))
    sums: dict[str, tuple[int, int]] = {}
    for code in seen.communes:
        for rule, (evaluated, failed) in told.rules_of(code).items():
            before = sums.get(rule, (0, 0))
            sums[rule] = (before[0] + evaluated, before[1] + failed)
    return sums


def _tasks(request: HttpRequest, rule: Rule) -> str | None:
    """The worklist with this rule's tasks, where there is one and the user works on it."""
    if not has_right(request.user, "task.work"):
        return None
    try:
        return f"{reverse('worklists:list')}?rule={rule.id}"
    except NoReverseMatch:
        return None


def _example(example: Example) -> dict[str, Any]:
    """A small table: columns with a value in some row, and what the rule says of each row."""
    columns = list(dict.fromkeys(k for row in example.rows for k in row))
    return {
        "why": example.why, "columns": [(c, _column_name(c)) for c in columns],
        "rows": [([_cell(row.get(c)) for c in columns], said, EXPECTED[said])
                 for row, said in zip(example.rows, example.expect, strict=True)],
        "others": {name: [dict(r) for r in rows] for name, rows in example.others.items()},
    }  # fmt: skip


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "có" if value else "không"
    if isinstance(value, (dt.date, dt.datetime)):
        return f"{value:%d/%m/%Y}"
    return "" if value is None else str(value)
