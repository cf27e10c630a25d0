"""What of an issued report anybody may have: figures by unit as JSON and CSV, described by DCAT, without small counts.

Rows are hidden for all figures of a section at once, so that two tables of the same people cannot be taken from one
another. Whom a figure counts as people is everything but units (districts, clinics).
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from dancu.engine.report.content import Annex, Report, Row
from dancu.engine.report.suppression import Hidden, hidden, is_few
from dancu.lib.spreadsheet_safety import escape_cell
from dancu.platform.reports import registry
from dancu.platform.reports_writing import addresses

HEADS = (
    "annex", "indicator", "unit_code", "unit_name", "first_day", "last_day", "numerator", "denominator", "rate",
    "suppressed",
)  # fmt: skip
HIDDEN = "dưới 5 hoặc cần giấu để không suy ra được số dưới 5"


@dataclass(frozen=True)
class Line:
    """A unit's figure as it may be shown; nothing but its name when it may not."""

    annex: str
    indicator: str
    unit: str
    name: str
    numerator: int | None
    denominator: int | None
    rate: str
    suppressed: bool


def lines(report: Report) -> Iterator[Line]:
    """All that is public of the annexes, row by row, the whole last."""
    told = [a for a in report.annexes if a.indicator and a.rows]
    out = _hidden(told)
    for annex in told:
        own = out[_group(annex)]
        for row in annex.rows:
            yield _line(annex, row, own is not None and row.unit in own.rows)
        if annex.total:
            yield _line(annex, annex.total, own is not None and own.total)


def _group(annex: Annex) -> str:
    """Tables whose rows are the same units and whose people may be the same."""
    units = "|".join(row.unit for row in annex.rows)
    return f"{annex.section}#{units}"


def _hidden(annexes: list[Annex]) -> Mapping[str, Hidden | None]:
    groups: dict[str, list[Annex]] = {}
    for annex in annexes:
        groups.setdefault(_group(annex), []).append(annex)
    return {
        key: _of_group([a for a in own if _counts_people(a.indicator)])
        for key, own in groups.items()
    }


def _of_group(annexes: list[Annex]) -> Hidden | None:
    if not annexes:
        return None
    pairs: dict[str, list[tuple[int, int]]] = {}
    for annex in annexes:
        for row in annex.rows:
            pairs.setdefault(row.unit, []).append(_pair(row))
    return hidden(pairs)


def _counts_people(code: str) -> bool:
    known = registry.indicators().get(code)
    return known is None or known.unit_kind != "unit"


def _pair(row: Row) -> tuple[int, int]:
    """(part, whole) of a row; of a count both are the count."""
    numbers = [int(c.number) for c in row.cells[:2] if c.number is not None]
    return (numbers[1], numbers[0]) if len(numbers) == 2 else (numbers[0], numbers[0])


def _line(annex: Annex, row: Row, suppressed: bool) -> Line:
    top, bottom = _pair(row)
    rate = row.cells[2].text if len(row.cells) > 2 else ""
    if suppressed:
        return Line(annex.code, annex.indicator, row.unit, row.label, None, None, "", True)
    return Line(
        annex.code, annex.indicator, row.unit, row.label, top, bottom, rate if bottom else "", False
    )


def as_csv(report: Report) -> bytes:
    """One line a unit and figure, UTF-8 with the mark that Excel wants."""
    made = io.StringIO()
    writer = csv.writer(made, lineterminator="\r\n")
    writer.writerow(HEADS)
    first, last = report.asked.first.isoformat(), report.asked.last.isoformat()
    for line in lines(report):
        writer.writerow(
            [line.annex, line.indicator, line.unit, escape_cell(line.name), first, last,
             _said(line.numerator), _said(line.denominator), line.rate.replace(".", "").replace(",", "."),
             "true" if line.suppressed else "false"]
        )  # fmt: skip
    return ("\ufeff" + made.getvalue()).encode()


def _said(number: int | None) -> str:
    return "" if number is None else str(number)


def as_json(report: Report) -> bytes:
    """The same, with what each figure means."""
    known = registry.indicators()
    told = list(lines(report))
    body = {
        "report": report.key, "number": report.layout.number, "unit": report.unit,
        "period": [report.asked.first.isoformat(), report.asked.last.isoformat()],
        "units_as_of": report.tree_day.isoformat(), "suppression": HIDDEN,
        "indicators": {
            code: {"name_vi": known[code].name_vi, "name_en": known[code].name_en, "meaning_vi": known[code].meaning_vi,
                   "version": known[code].version, "owner": known[code].owner, "law": known[code].law}
            for code in sorted({line.indicator for line in told}) if code in known
        },
        "rows": [line.__dict__ for line in told],
    }  # fmt: skip
    return json.dumps(body, ensure_ascii=False, indent=1).encode()


def dcat(report: Report) -> bytes:
    """The description of the dataset by DCAT, as JSON-LD."""
    page = addresses.of_public(report.key)
    first, last = (
        {"@type": "xsd:date", "@value": day.isoformat()}
        for day in (report.asked.first, report.asked.last)
    )
    title = f"{report.layout.title}: {report.layout.about} – số liệu theo đơn vị"
    told = f"Tử số, mẫu số, tỷ lệ của từng chỉ tiêu theo đơn vị. Không có dữ liệu cá nhân; ô để trống: {HIDDEN}."
    body: dict[str, Any] = {
        "@context": {
            "dcat": "http://www.w3.org/ns/dcat#", "dct": "http://purl.org/dc/terms/",
            "foaf": "http://xmlns.com/foaf/0.1/", "xsd": "http://www.w3.org/2001/XMLSchema#",
        },
        "@id": page, "@type": "dcat:Dataset",
        "dct:title": {"@language": "vi", "@value": title},
        "dct:description": {"@language": "vi", "@value": told},
        "dct:identifier": report.key, "dct:language": "vi",
        "dct:issued": {"@type": "xsd:date", "@value": report.layout.day.isoformat()},
        "dct:publisher": {"@type": "foaf:Organization", "foaf:name": report.layout.issuer},
        "dct:temporal": {"@type": "dct:PeriodOfTime", "dcat:startDate": first, "dcat:endDate": last},
        "dct:spatial": {"@type": "dct:Location", "dct:identifier": report.unit, "dct:title": report.unit_name},
        "dct:license": {"@id": "https://creativecommons.org/licenses/by/4.0/"},
        "dcat:distribution": [_distribution(page, "csv", "text/csv"), _distribution(page, "json", "application/json")],
    }  # fmt: skip
    return json.dumps(body, ensure_ascii=False, indent=1).encode()


def _distribution(page: str, kind: str, media: str) -> dict[str, Any]:
    address = {"@id": f"{page}so-lieu.{kind}"}
    return {
        "@type": "dcat:Distribution", "dcat:downloadURL": address, "dcat:accessURL": {"@id": page},
        "dcat:mediaType": {"@id": f"https://www.iana.org/assignments/media-types/{media}"}, "dct:format": kind.upper(),
    }  # fmt: skip


def few(numerator: int, denominator: int) -> bool:
    """Whether a figure of the whole would tell of fewer than five people."""
    return any(map(is_few, (numerator, denominator, max(0, denominator - numerator))))
