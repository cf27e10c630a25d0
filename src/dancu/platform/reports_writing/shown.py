"""A report as its pages show it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from dancu.engine.report.content import FigureRef, Mark, Section, Sentence
from dancu.engine.report.printed import vi
from dancu.platform.access import territory
from dancu.platform.reports import counting, registry
from dancu.platform.reports_writing import addresses
from dancu.platform.reports_writing.keeping import Kept
from dancu.platform.reports_writing.models import Issue, Version

WEIGHTS = {
    "error": ("bad", gettext_lazy("Sai")),
    "question": ("fair", gettext_lazy("Hỏi lại")),
    "note": ("info", gettext_lazy("Ghi chú")),
}
FILES = (
    ("pdf", "PDF/A"), ("docx", gettext_lazy("Văn bản .docx")), ("xlsx", gettext_lazy("Phụ lục .xlsx")),
    ("json", "JSON"),
)  # fmt: skip


def reports() -> list[dict[str, Any]]:
    """Each report once, by its last counting; the newest first."""
    issued = {i.key: i for i in Issue.objects.defer("body")}
    found: dict[str, Version] = {v.key: v for v in Version.objects.defer("body").order_by("number")}
    return [
        {"version": v, "issue": issued.get(v.key), "unit": unit_name(v.unit_code, v.last)}
        for v in sorted(found.values(), key=lambda v: v.at, reverse=True)
    ]


def unit_name(code: str, day: dt.date) -> str:
    """A unit's name on a day."""
    found = counting.units_on(day).find(code)
    return found.full_name if found else code


def province(user: Any, day: dt.date) -> str:
    """The province of the user's territory on the register's day."""
    tree = counting.units_on(day)
    for grant in user.grants_today:
        for code in sorted(territory.of_grant(grant)):
            if found := tree.find(code):
                return found.province_code or found.code
    return ""


def public(issue: Issue) -> dict[str, Any]:
    """A line of the public list."""
    unit, first, last = issue.key.split("-")
    days = [dt.datetime.strptime(text, "%Y%m%d").date() for text in (first, last)]  # noqa: DTZ007 - a day has no zone
    return {"issue": issue, "unit": unit_name(unit, days[1]), "first": days[0], "last": days[1]}


def head(kept: Kept) -> dict[str, Any]:
    """What every page of a report says at its head."""
    report = kept.report
    key = report.key
    first, last = report.asked.first, report.asked.last
    weights = [m.weight for m in report.marks]
    return {
        "kept": kept, "report": report, "layout": report.layout, "key": key, "unit": report.unit_name,
        "period": f"{first:%d/%m/%Y} – {last:%d/%m/%Y}", "on": last, "era": f"{report.tree_day:%m/%Y}", "files": FILES,
        "crumbs": [(_("Báo cáo"), reverse("reports_writing:list")), (key, reverse("reports_writing:one", args=[key]))],
        "found": [(*WEIGHTS[w], weights.count(w)) for w in WEIGHTS if w in weights],
    }  # fmt: skip


def sections(kept: Kept) -> list[dict[str, Any]]:
    """For the template: text and figures in turn, marks and edits beside each sentence."""
    marks: dict[str, list[Mark]] = {}
    for mark in kept.report.marks:
        marks.setdefault(mark.where, []).append(mark)
    return [_section(s, kept, marks) for s in kept.report.sections]


def _section(section: Section, kept: Kept, marks: dict[str, list[Mark]]) -> dict[str, Any]:
    return {
        "number": section.number, "title": section.title_en if get_language() == "en" else section.title_vi,
        "sentences": [_sentence(s, kept, marks) for s in section.sentences], "annexes": section.annexes,
        "sections": [_section(s, kept, marks) for s in section.sections],
    }  # fmt: skip


def _sentence(sentence: Sentence, kept: Kept, marks: dict[str, list[Mark]]) -> dict[str, Any]:
    return {
        "key": sentence.key, "state": sentence.state, "edit": kept.edits.get(sentence.key),
        "parts": [
            {"text": p} if isinstance(p, str) else {"ref": p, "url": address(p), "title": told(p)}
            for p in sentence.parts
        ],
        "marks": [(*WEIGHTS[m.weight], text(m)) for m in marks.get(sentence.key, [])],
    }  # fmt: skip


def address(ref: FigureRef) -> str:
    """Where a figure opens, on this site."""
    return f"{addresses.LOOKUP}{ref.short_code}/"


def told(ref: FigureRef) -> str:
    """A figure in words: what it is, and of which parts."""
    known = registry.indicators().get(ref.code)
    name = ref.code if known is None else known.name_en if get_language() == "en" else known.name_vi
    parts = vi(ref.figure.numerator)
    if ref.figure.measure in ("share", "mean"):
        parts += f"/{vi(ref.figure.denominator)}"
    return f"{name}: {parts} ({ref.short_code})"


def figures(sentence: Sentence) -> list[tuple[str, str, str]]:
    """(as printed, in words, where it opens) of each figure of a sentence."""
    return [(ref.printed, told(ref), address(ref)) for ref in sentence.figures]


def text(mark: Mark) -> str:
    """In the language of the page."""
    return mark.text_en if get_language() == "en" else mark.text_vi


def marks(kept: Kept) -> list[tuple[str, Any, list[tuple[str, str, str]]]]:
    """By weight: where, what, the address of the place."""
    return [
        (state, word, [(m.where, text(m), _place(kept, m.where)) for m in kept.report.marks if m.weight == weight])
        for weight, (state, word) in WEIGHTS.items()
        if any(m.weight == weight for m in kept.report.marks)
    ]  # fmt: skip


def _place(kept: Kept, where: str) -> str:
    key = kept.report.key
    code = where.partition("/")[0]
    if any(a.code == code for a in kept.report.annexes):
        return reverse("reports_writing:annex", args=[key, code])
    return f"{reverse('reports_writing:one', args=[key])}#{where}"


def checked(kept: Kept) -> Iterator[tuple[Any, int]]:
    """What was checked, and how many of it."""
    report = kept.report
    sentences = list(report.sentences)
    yield (
        _("số trong câu, tính lại từ tử số và mẫu số, làm tròn nửa lên"),
        sum(len(s.figures) for s in sentences),
    )
    yield (
        _("số trong phụ lục, tính lại như trên"),
        sum(1 for _ref in report.printed) - sum(len(s.figures) for s in sentences),
    )
    yield (
        _("cột phụ lục, cộng các dòng bằng dòng tổng"),
        sum(1 for a in report.annexes if a.total for c in a.columns if c.kind == "count"),
    )
    yield _("câu, tìm chỗ tăng giảm không rõ «điểm %» hay «%»"), len(sentences)
    yield (
        _("câu có người sửa, tìm số không có bản ghi"),
        sum(1 for s in sentences if s.state in ("edited", "typed")),
    )
