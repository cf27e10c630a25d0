"""A report held against itself: arithmetic, rounding, sums of annexes, means, kinds of comparison.

What is found is told as marks; nothing is mended. What was counted should never be marked: these checks are for what
people typed, for figures that contradict one another, and against mistakes of our own.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from decimal import Decimal

from dancu.engine.report import printed
from dancu.engine.report.content import Annex, FigureRef, Mark, Report, Sentence, Weight
from dancu.engine.report.edited import NO_FIGURE, NUMBER
from dancu.engine.report.indicators import change, reaches
from dancu.engine.report.printed import Printed, rounded, vi
from dancu.engine.report.sentences import share

_PARTS = re.compile(r"([\d.]+)\s*/\s*([\d.]+)")
_PERCENT = re.compile(r"([\d.]+(?:,\d+)?)\s*%")
_MOVED = re.compile(r"(?:tăng|giảm)\s+(?:dưới |hơn |trên |khoảng )?([\d.]+(?:,\d+)?)\s*%")
_CLAIM = re.compile(r"(?<!chưa )(?<!không )(?:vượt|đạt) chỉ tiêu")


def check(report: Report) -> Report:
    """The report with all marks of these checks."""
    marks: list[Mark] = []
    for sentence in report.sentences:
        marks += _figures(sentence)
        marks += _typed(sentence, report.asked.last)
        marks += _comparison(sentence)
        marks += _claims(sentence)
    for annex in report.annexes:
        marks += _annex(annex)
    marks += _means(report)
    return report.marked(*marks)


def _figures(sentence: Sentence) -> Iterator[Mark]:
    for ref in sentence.figures:
        yield from _figure(sentence.key, ref)


def _figure(where: str, ref: FigureRef) -> Iterator[Mark]:
    """A printed number is the one that its figure gives."""
    figure = ref.figure
    if figure.measure == "share" and figure.numerator > figure.denominator:
        yield _mark(
            where, "error", "more_than_whole",
            f"{ref.code}: tử số {vi(figure.numerator)} lớn hơn mẫu số {vi(figure.denominator)}.",
            f"{ref.code}: the numerator is larger than the denominator.",
        )  # fmt: skip
    right = _right(ref)
    if right and ref.printed not in right:
        yield _mark(
            where, "error", "wrong_number",
            f"In «{ref.printed}», số đếm được là {right[0]} (mã {ref.short_code}).",
            f"Printed {ref.printed}, counted {right[0]} (code {ref.short_code}).",
        )  # fmt: skip


def _right(ref: FigureRef) -> tuple[str, ...]:
    """How the number may read; nothing where it is judged elsewhere."""
    figure = ref.figure
    if ref.aspect == "numerator":
        return (vi(figure.numerator),)
    if ref.aspect == "denominator":
        return (vi(figure.denominator),)
    if ref.aspect == "points" and ref.before is not None:
        points = change(figure, ref.before).points
        return (vi(abs(points)) if points else "0,01",) if points is not None else ()
    if ref.aspect == "percent" and ref.before is not None:
        percent = change(figure, ref.before).percent
        return (vi(abs(percent)) if percent else "0,01",) if percent is not None else ()
    if ref.aspect == "value" and figure.measure == "share" and figure.denominator:
        exact = 100 * figure.numerator / figure.denominator
        after = len(ref.printed.partition(",")[2])
        return (
            vi(rounded(exact, max(after, figure.decimals))),
            share(figure),
            vi(rounded(exact, after)),
        )
    return ()


def _typed(sentence: Sentence, on: dt.date) -> Iterator[Mark]:
    """Of a person's text: numbers of no figure, and shares that do not fit the parts beside them."""
    if sentence.state not in ("typed", "edited"):
        return
    for number in sentence.typed:
        yield _mark(
            sentence.key, "question", "typed_figure",
            f"Số {number} do người soạn gõ, không có bản ghi nào đứng sau.",
            f"{number} was typed; no record stands behind it.",
        )  # fmt: skip
    text = NO_FIGURE.sub("", sentence.text)
    for parts in _PARTS.finditer(text):
        percent = _PERCENT.search(text, parts.end())
        top, bottom = _number(parts[1]), _number(parts[2])
        value = _number(percent[1]) if percent else None
        if value is None or top is None or not bottom:
            continue
        decimals = len(percent[1].partition(",")[2]) if percent else 0
        told = Printed(0, sentence.key, "", value, decimals, top, bottom, "percent", "flow", "", "")
        for remark in printed.check([told], on=on):
            yield _mark(sentence.key, remark.weight, remark.why, remark.text_vi, remark.text_en)


def _comparison(sentence: Sentence) -> Iterator[Mark]:
    """`tăng 7%` of a share can be read two ways."""
    shares = [f for f in sentence.figures if f.figure.measure == "share"]
    if not shares and "%" not in sentence.text:
        return
    for moved in _MOVED.finditer(sentence.text):
        is_count = any(f.aspect == "percent" and f.printed == moved[1] for f in sentence.figures)
        if is_count and not any(f.printed == moved[1] for f in shares):
            continue
        yield _mark(
            sentence.key, "question", "ambiguous_change",
            f"«{moved[0]}» có thể là điểm % hoặc % so với kỳ trước; cần ghi rõ.",
            f"“{moved[1]}%” may be points or per cent of the former figure; say which.",
        )  # fmt: skip


def _claims(sentence: Sentence) -> Iterator[Mark]:
    """A person's text says that a target is reached, and the figure beside it reaches none."""
    if sentence.state != "edited" or not _CLAIM.search(sentence.text):
        return
    held = [f for f in sentence.figures if f.target is not None]
    reached = [reaches(f.figure, f.target.value, f.target.comparison) for f in held if f.target]
    if reached and not any(reached):
        yield _mark(
            sentence.key, "error", "target_not_reached",
            "Câu ghi đạt hoặc vượt chỉ tiêu, số đếm được chưa đạt chỉ tiêu nào.",
            "The text says that a target is reached; the figure reaches none.",
        )  # fmt: skip


def _annex(annex: Annex) -> Iterator[Mark]:
    """Counts of the rows add up to the total, and the share of the total is that of its counts."""
    if annex.total is None or not annex.rows:
        return
    for n, column in enumerate(annex.columns):
        if column.kind != "count":
            continue
        total = annex.total.cells[n].number
        rows = sum((row.cells[n].number or Decimal(0) for row in annex.rows), Decimal(0))
        below = [row.label for row in annex.rows if (row.cells[n].number or 0) < 0]
        if below:
            yield _mark(
                annex.code, "error", "counted_twice",
                f"Cột «{column.head_vi}», dòng {below[0]}: số âm, có bản ghi được tính hai lần.",
                f"{column.head_en}, {below[0]}: below nought, something is counted twice.",
            )  # fmt: skip
        if total is not None and rows != total:
            yield _mark(
                annex.code, "error", "rows_and_total",
                f"Cột «{column.head_vi}»: cộng các dòng được {vi(rows)}, dòng tổng ghi {vi(total)}.",
                f"{column.head_en}: the rows add up to {rows}, the total says {total}.",
            )  # fmt: skip
    for row in (*annex.rows, annex.total):
        for cell in row.cells:
            if cell.ref is not None:
                yield from _figure(f"{annex.code}/{row.unit}", cell.ref)


def _means(report: Report) -> Iterator[Mark]:
    """Amounts per case that cannot well be true, by the standards of the report's last day."""
    told = [
        Printed(0, f"{ref.code}/{ref.unit}", ref.code, value, 0, None, None, "", "flow", "", ref.unit)
        for ref in report.figures.values() if (value := ref.figure.value) is not None
    ]  # fmt: skip
    for remark in printed.check(told, on=report.asked.last):
        if remark.why == "implausible_mean":
            yield _mark(remark.figure_id, remark.weight, remark.why, remark.text_vi, remark.text_en)


def _number(text: str) -> Decimal | None:
    found = NUMBER.fullmatch(text.strip("."))
    return Decimal(found[0].replace(".", "").replace(",", ".")) if found else None


def _mark(where: str, weight: Weight, why: str, text_vi: str, text_en: str) -> Mark:
    return Mark(where, weight, why, text_vi, text_en)
