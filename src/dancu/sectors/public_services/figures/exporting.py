"""The table of units as a workbook or a text file: numerator, denominator and value of each figure."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from dancu.engine.report.indicators import Indicator
from dancu.engine.report.tabular import Sheet, tables
from dancu.lib.spreadsheet_safety import escape_cell
from dancu.sectors.public_services.figures import shown
from dancu.sectors.public_services.figures.asked import Question

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def answer(
    q: Question, indicators: Sequence[Indicator], rows: list[dict[str, Any]], kind: str
) -> HttpResponse:
    """The file, named after unit and period."""
    name = f"so-lieu-dich-vu-{q.unit.code}-{q.period.first:%Y%m}-{q.period.shown:%Y%m%d}.{kind}"
    heads, lines = _heads(indicators), [_line(row, indicators) for row in rows]
    body = _csv(heads, lines) if kind == "csv" else _xlsx(q, heads, lines)
    made = HttpResponse(body, content_type="text/csv; charset=utf-8" if kind == "csv" else XLSX)
    made["Content-Disposition"] = f'attachment; filename="{name}"'
    return made


def _heads(indicators: Sequence[Indicator]) -> list[str]:
    told = [_("Mã đơn vị"), _("Đơn vị")]
    for indicator in indicators:
        name = shown.name(indicator)
        told += [f"{name} – {_('tử số')}", f"{name} – {_('mẫu số')}", name]
    return told


def _line(row: dict[str, Any], indicators: Sequence[Indicator]) -> list[Any]:
    line: list[Any] = [row["code"], row["name"]]
    for indicator in indicators:
        figure = row["figures"][indicator.code]["figure"]
        value = figure.value
        line += [
            int(figure.numerator),
            int(figure.denominator),
            None if value is None else float(value),
        ]
    return line


def _csv(heads: list[str], lines: list[list[Any]]) -> bytes:
    made = io.StringIO()
    writer = csv.writer(made)
    writer.writerow(heads)
    for line in lines:
        writer.writerow(
            [escape_cell(v) if isinstance(v, str) else "" if v is None else v for v in line]
        )
    return ("\ufeff" + made.getvalue()).encode("utf-8")


def _xlsx(q: Question, heads: list[str], lines: list[list[Any]]) -> bytes:
    widths = [12.0, 34.0] + [14.0] * (len(heads) - 2)
    title = _("Số liệu dịch vụ công")
    sheet = Sheet(title, list(zip(heads, widths, strict=True)), lines)
    (made,) = tables(
        "so-lieu",
        [sheet],
        on=q.period.shown,
        title=f"{title}, {q.unit.full_name}, {q.period.words}",
    )
    return made.data
