"""A report from its figures: every sentence and table, before any form. Reads figures, writes nothing."""

from __future__ import annotations

from collections.abc import Iterator

from dancu.engine.report import sums
from dancu.engine.report.content import NO_DATA, Annex, Report, Section, Sentence
from dancu.engine.report.indicators import reaches
from dancu.engine.report.printed import vi
from dancu.engine.report.sentences import Known, codes, say, without
from dancu.platform.reports import benchmarks
from dancu.platform.reports_writing.annexes import annexes
from dancu.platform.reports_writing.behind import behind
from dancu.platform.reports_writing.gathering import Gathered, Order, gather
from dancu.platform.reports_writing.layout import layout
from dancu.platform.reports_writing.lines import Line, lines, sections
from dancu.platform.ui.registry import collect

_MIDDLE = "Kết quả triển khai các nhóm tiện ích", "Results by utility group"


def content(order: Order, *, using: str = "default") -> Report:
    """The report, counted now and checked against itself."""
    found = gather(order, using=using)
    made = annexes(found)
    unit = order.tree.get(order.unit)
    report = Report(
        order.key, unit.code, unit.full_name, order.asked, order.tree.day, layout(order), _sections(found, made), made
    )  # fmt: skip
    return sums.check(report)


def _sections(found: Gathered, made: tuple[Annex, ...]) -> tuple[Section, ...]:
    top: list[Section] = []
    middle: list[Section] = []
    for number, vi_, en in sections():
        annex = tuple(a.code for a in made if a.section == number)
        section = Section(number, vi_, en, tuple(_sentences(found, number)), annex)
        (middle if number.startswith("2.") else top).append(section)
    top.insert(1, Section("2", *_MIDDLE, sections=tuple(middle)))
    return tuple(top)


def _sentences(found: Gathered, number: str) -> Iterator[Sentence]:
    told = [s for line in lines() if line.section == number for s in _line(found, line)]
    if number == "3":
        told += behind(found)
    if number == "2.5":
        told.append(
            Sentence("2.5.ranks", ("Xếp hạng các đơn vị theo từng chỉ tiêu nêu tại Phụ lục A14.",))
        )
    for place, sentences in collect("report_parts", "SENTENCES"):
        told += sentences(found.order) if place == number else []
    yield from told or [Sentence(f"{number}.none", (f"{NO_DATA.capitalize()}.",), "no_data")]


def _line(found: Gathered, line: Line) -> Iterator[Sentence]:
    unit = found.order.unit
    known = {
        code: found.known(code, unit, line.noun) for code in codes(line.template) if found.has(code)
    }
    template = without(line.template, known)
    needed = codes(without(line.template, ()))
    if any(code not in known or not known[code].is_known for code in needed):
        yield Sentence(line.key, (f"{line.about}: {NO_DATA}.",), "no_data")
        return
    yield Sentence(line.key, say(_of_nought(line, template, known[needed[0]]), known))
    yield from _benchmarks(found, line, needed[0])


def _of_nought(line: Line, template: str, first: Known) -> str:
    """Of a number that is nought no sentence is made ("đã ban hành 0 văn bản"): it stands behind its name."""
    if first.figure.measure not in ("count", "sum") or first.figure.value:
        return template
    _said, bracket, rest = template.partition("[")
    return f"{line.about}: {{{first.code}:count}} {line.noun}{bracket}{rest or '.'}"


def _benchmarks(found: Gathered, line: Line, code: str) -> Iterator[Sentence]:
    """What others published of the same, with its source: text, never a figure of ours."""
    own = found.figure(code, found.order.unit)
    for one in benchmarks.of(code, on=found.order.asked.last):
        if one.unit != "percent" or one.source_date.year != found.order.asked.last.year:
            continue
        higher = reaches(own, one.value, "gt")
        word = "cao hơn" if higher else "bằng" if reaches(own, one.value, "eq") else "thấp hơn"
        scope = f"{one.scope_vi[:1].lower()}{one.scope_vi[1:]}"
        told = f"Kết quả này {word} mức {vi(one.value)}% của {scope} ({one.period_vi}; nguồn: {one.source})."
        yield Sentence(f"{line.key}.{one.benchmark_id}", (told,))
