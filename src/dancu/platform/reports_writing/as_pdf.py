"""The report as PDF/A: the official page, each figure a link, each annex on a page of its own."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import segno

from dancu.engine.report.content import Annex, Cell, FigureRef, Layout, Report, Row, Section
from dancu.engine.report.printed import vi
from dancu.platform.reports import registry
from dancu.platform.reports_writing import addresses
from dancu.platform.reports_writing.layout import BODY
from dancu.platform.reports_writing.shape import Shape, shape
from dancu.store import typesetting

TEMPLATE = Path(__file__).parent / "typst" / "report.typ"


def pdf(report: Report, *, at: dt.datetime) -> bytes:
    """The document; the same bytes for the same report and moment. Raises StoreError."""
    return typesetting.pdf(TEMPLATE, data(report), at=at)


def data(report: Report) -> dict[str, Any]:
    """What the template is given."""
    own, address = report.layout, addresses.of_report(report.key)
    return {
        "authority": own.authority, "issuer": own.issuer, "issuer_lines": issuer_lines(own),
        "number": number(own), "place": own.place,
        "date": date(own),
        "title": own.title, "about": about(own), "belongs": belongs(own),
        "recipients": list(own.recipients), "signed_for": own.signed_for,
        "signer_title": own.signer_title.splitlines(), "signer": own.signer,
        "foot": foot(report),
        "sections": [_section(s) for s in report.sections],
        "annexes": [_annex(a) for a in report.annexes if a.rows],
        "bare": [{"code": a.code, "title": a.title_vi, "note": a.note} for a in report.annexes if not a.rows],
        "figures": list(figures(report)), "lookup": addresses.base() + addresses.LOOKUP, "address": address,
        "qr": _qr(address),
    }  # fmt: skip


def number(layout: Layout) -> str:
    """As issued; of a draft the place for it."""
    return layout.number or "        /BC-UBND"


def date(layout: Layout) -> str:
    """The day of the paper; of a draft the places for it."""
    return long_day(layout.day) if layout.number else f"ngày      tháng      năm {layout.day.year}"


def about(layout: Layout) -> str:
    """What it is about; the programme's name is not broken over two lines."""
    return layout.about.replace("Đề án 06", "Đề án\u00a006")


def belongs(layout: Layout) -> str:
    """What stands below the title of an annex: which report it goes with."""
    whose = f"của {layout.issuer}".replace(" ", "\u00a0")
    return f"(Kèm theo Báo cáo số {number(layout)} {date(layout)} {whose})"


def foot(report: Report) -> str:
    """What stands at the foot of each page."""
    draft = "" if report.layout.number else " – DỰ THẢO"
    return f"Báo cáo {report.key}, số liệu đến ngày {report.asked.last:%d/%m/%Y}{draft}"


def issuer_lines(layout: Layout) -> list[str]:
    """`Ủy ban nhân dân` and the unit below it."""
    _, body, unit = layout.issuer.partition(BODY)
    return [body, unit.strip()] if body and unit.strip() else [layout.issuer]


def long_day(day: dt.date) -> str:
    """`ngày 21 tháng 6 năm 2024`; days and the first two months with a nought, by Decree 30/2020/NĐ-CP.

    >>> long_day(dt.date(2024, 6, 21)), long_day(dt.date(2025, 1, 2))
    ('ngày 21 tháng 6 năm 2024', 'ngày 02 tháng 01 năm 2025')
    """
    month = f"{day.month:02}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02} tháng {month} năm {day.year}"


def figures(report: Report) -> Iterable[dict[str, str]]:
    """Each figure of the text once: its code, what it is, its parts, the sections that print it."""
    places: dict[str, list[str]] = {}
    found: dict[str, FigureRef] = {}
    for section in (one for top in report.sections for one in (top, *top.sections)):
        for sentence in section.sentences:
            for ref in sentence.figures:
                found.setdefault(ref.short_code, ref)
                places.setdefault(ref.short_code, []).append(section.number)
    for code, ref in found.items():
        parts = vi(ref.figure.numerator)
        if ref.figure.measure in ("share", "mean"):
            parts += f" / {vi(ref.figure.denominator)}"
        yield {
            "code": code, "name": _name(report, ref), "parts": parts,
            "places": ", ".join(dict.fromkeys(places[code])), "address": addresses.of_figure(code),
        }  # fmt: skip


def _name(report: Report, ref: FigureRef) -> str:
    known = registry.indicators().get(ref.code)
    name = known.name_vi if known else ref.code
    if ref.unit == report.unit:
        return name
    labels = {row.unit: row.label for annex in report.annexes for row in annex.rows}
    return f"{name} – {labels.get(ref.unit, ref.unit)}"


def _section(section: Section) -> dict[str, Any]:
    codes = ", ".join(f"Phụ lục {code}" for code in section.annexes)
    return {
        "number": section.number, "title": section.title_vi, "annexes": codes,
        "sentences": [
            [p if isinstance(p, str) else [p.printed, addresses.of_figure(p.short_code)] for p in s.parts]
            for s in section.sentences
        ],
        "sections": [_section(s) for s in section.sections],
    }  # fmt: skip


def _annex(annex: Annex) -> dict[str, Any]:
    own = shape(annex)
    columns = [annex.columns[n] for n in own.columns]
    return {
        "code": annex.code, "title": annex.title_vi, "note": upper_first(annex.note), "head": annex.head_vi,
        "columns": [c.head_vi for c in columns], "sides": [SIDES.get(c.kind, "right") for c in columns],
        "widths": own.widths, "lies": own.lies, "rows": [_row(r, own) for r in annex.rows],
        "total": _row(annex.total, own) if annex.total else None,
    }  # fmt: skip


SIDES = {"words": "left", "text": "center"}
"""Numbers stand on the right."""


def upper_first(text: str) -> str:
    """A note begins as a sentence does."""
    return f"{text[:1].upper()}{text[1:]}"


def _row(row: Row, own: Shape) -> dict[str, Any]:
    return {"label": row.label, "cells": [_cell(row.cells[n]) for n in own.columns]}


def _cell(cell: Cell) -> Any:
    return (
        [cell.text, addresses.of_figure(cell.ref.short_code)]
        if cell.ref and cell.text
        else cell.text
    )


def _qr(address: str) -> str:
    made = io.BytesIO()
    segno.make(address, error="m").save(made, kind="svg", border=2, xmldecl=False)
    return made.getvalue().decode()
