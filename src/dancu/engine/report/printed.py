"""Figures as a report prints them, checked: shares against their parts, changes that can be read two ways, means.

Knows nothing of the register: what is judged is the printed page alone. A remark is an `error` (the page contradicts
itself), a `question` (it can be read in two ways, or cannot well be true) or a `note` (it does not say enough).
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Literal

from dancu.engine.report.words import law
from dancu.reference import plausible

Weight = Literal["error", "question", "note"]
NUMBERS = ("printed_value", "numerator", "denominator")
COLUMNS = ("figure_id", "indicator_code", *NUMBERS, "unit", "basis", "precision", "scope")
PERCENT, EITHER = "percent", "percent_or_points"
BASES = ("flow", "stock", "cumulative")
_CHANGE = "_change"


class NotFigures(ValueError):
    """The file is no table of printed figures; the message says which column or row and what to do."""


@dataclass(frozen=True)
class Printed:
    """One figure as printed. `row`: its line in the file; `decimals`: how many the page shows."""

    row: int
    figure_id: str
    indicator: str
    value: Decimal
    decimals: int
    numerator: Decimal | None
    denominator: Decimal | None
    unit: str
    basis: str
    precision: str
    scope: str


@dataclass(frozen=True)
class Remark:
    """What is to be said of a printed figure; `values` are the figures named in the text."""

    figure_id: str
    row: int
    weight: Weight
    why: str
    text_vi: str
    text_en: str
    values: Mapping[str, str]


def read(data: bytes) -> list[Printed]:
    """The figures of a CSV file (UTF-8, the columns of `domain/seed_figures.csv`); NotFigures says what is wrong."""
    try:
        lines = data.decode("utf-8-sig").splitlines(keepends=True)
    except UnicodeDecodeError as error:
        raise NotFigures(
            "Tệp không phải văn bản UTF-8; hãy lưu lại dạng CSV UTF-8.\nThe file is not UTF-8 text."
        ) from error
    found = csv.DictReader(lines)
    if missing := [c for c in COLUMNS if c not in (found.fieldnames or ())]:
        raise NotFigures(
            f"Thiếu cột: {', '.join(missing)}. Hàng đầu phải là tên cột.\nMissing columns: {', '.join(missing)}."
        )
    return [_printed(found.line_num, cells) for cells in found]


def _printed(row: int, cells: Mapping[str, str | None]) -> Printed:
    text = {c: (cells.get(c) or "").strip() for c in COLUMNS}
    value, numerator, denominator = (_number(text[c], row, c) for c in NUMBERS)
    if value is None:
        raise NotFigures(
            f"Dòng {row}, cột printed_value trống; hãy ghi số như đã in.\nRow {row}: printed_value is empty."
        )
    _, _, after = text["printed_value"].partition(".")
    return Printed(
        row, text["figure_id"], text["indicator_code"], value, len(after), numerator, denominator,
        text["unit"], text["basis"], text["precision"], text["scope"],
    )  # fmt: skip


def _number(text: str, row: int, column: str) -> Decimal | None:
    if not text:
        return None
    try:
        return Decimal(text)
    except InvalidOperation as error:
        raise NotFigures(
            f"Dòng {row}, cột {column}: “{text}” không phải số (viết 1714 hoặc 18.47).\n"
            f"Row {row}, column {column}: not a number."
        ) from error


def check(figures: Iterable[Printed], *, on: date) -> list[Remark]:
    """All remarks, in the order of the figures; `on`: the day whose standards apply to means."""
    every = list(figures)
    known = {(f.indicator, f.scope): f for f in every}
    return [remark for figure in every for remark in _remarks(figure, known, on)]


def _remarks(
    figure: Printed, known: Mapping[tuple[str, str], Printed], on: date
) -> Iterator[Remark]:
    if figure.unit == EITHER:
        yield _either(figure, known)
    elif figure.unit == PERCENT:
        yield from _share(figure)
    yield from _mean(figure, known, on)
    if figure.basis not in (*BASES, "external", "comparison"):
        yield _remark(
            figure, "note", "basis_unclear",
            "Không rõ số phát sinh trong kỳ, số tại thời điểm hay lũy kế.",
            "It is not said whether this is a flow, a stock or cumulative.",
        )  # fmt: skip


def _share(figure: Printed) -> Iterator[Remark]:
    if figure.numerator is None or not figure.denominator:
        if figure.basis != "external":
            yield _remark(
                figure, "note", "no_parts",
                "Tỷ lệ in không kèm tử số và mẫu số nên không kiểm lại được.",
                "Printed without numerator and denominator: it cannot be checked.",
            )  # fmt: skip
        return
    if figure.numerator > figure.denominator:
        yield _remark(
            figure, "error", "more_than_whole",
            f"Tử số {vi(figure.numerator)} lớn hơn mẫu số {vi(figure.denominator)}.",
            f"The numerator {figure.numerator} is larger than the denominator {figure.denominator}.",
        )  # fmt: skip
    right = rounded(100 * figure.numerator / figure.denominator, figure.decimals)
    if right != figure.value:
        parts = f"{vi(figure.numerator)}/{vi(figure.denominator)}"
        yield _remark(
            figure, "error", "wrong_share",
            f"{parts} = {vi(right)}%, bản in ghi {vi(figure.value)}%.",
            f"{figure.numerator}/{figure.denominator} = {right}%, printed as {figure.value}%.",
            right=right, printed=figure.value,
        )  # fmt: skip


def _either(figure: Printed, known: Mapping[tuple[str, str], Printed]) -> Remark:
    now = known.get((figure.indicator.removesuffix(_CHANGE), figure.scope))
    if now is None:
        return _remark(
            figure, "question", "ambiguous_change",
            f"“{vi(figure.value)}%” có thể là điểm phần trăm hoặc phần trăm so với kỳ trước; cần ghi rõ.",
            f"{figure.value}% may be points or per cent of the former figure; say which.",
        )  # fmt: skip
    places = max(now.decimals, 2)
    points = rounded(now.value - figure.value, places)
    relative = rounded(now.value / (1 + figure.value / 100), places)
    return _remark(
        figure, "question", "ambiguous_change",
        f"“tăng {vi(figure.value)}%” có hai nghĩa: theo điểm phần trăm thì kỳ trước là {vi(points)}%, "
        f"theo phần trăm thì kỳ trước là {vi(relative)}%; cần ghi rõ.",
        f"“+{figure.value}%” can be read two ways: in points the former figure is {points}%, "
        f"in per cent it is {relative}%; say which.",
        points=points, relative=relative,
    )  # fmt: skip


def _mean(figure: Printed, known: Mapping[tuple[str, str], Printed], on: date) -> Iterator[Remark]:
    for limit in plausible.on(on):
        count = known.get((limit.count_indicator, figure.scope))
        if figure.indicator != limit.amount_indicator or count is None or not count.value:
            continue
        mean = rounded(figure.value / count.value, 0)
        outside = mean > limit.limit if limit.bound == "high" else mean < limit.limit
        if outside:
            vi_word, en_word = (
                ("cao hơn", "above") if limit.bound == "high" else ("thấp hơn", "below")
            )
            yield _remark(
                figure, "question", "implausible_mean",
                f"Bình quân {vi(mean)} đồng, {vi_word} mức {vi(limit.limit)} đồng ({law(limit.law)}): {limit.why_vi}.",
                f"The mean is {mean} đồng, {en_word} {limit.limit} ({limit.law}): {limit.why_en}.",
                mean=mean, limit=limit.limit,
            )  # fmt: skip


def rounded(value: Decimal, decimals: int) -> Decimal:
    """Half up, as an office rounds.

    >>> rounded(Decimal(171400) / 9284, 2)
    Decimal('18.46')
    """
    return value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def vi(value: Decimal) -> str:
    """A number as a Vietnamese text writes it.

    >>> vi(Decimal("321335")), vi(Decimal("18.46"))
    ('321.335', '18,46')
    """
    return f"{value:,f}".translate(str.maketrans(",.", ".,"))


def _remark(
    figure: Printed, weight: Weight, why: str, text_vi: str, text_en: str, **values: Decimal
) -> Remark:
    told = {name: str(value) for name, value in values.items()}
    return Remark(figure.figure_id, figure.row, weight, why, text_vi, text_en, told)
