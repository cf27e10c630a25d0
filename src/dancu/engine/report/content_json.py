"""A report as JSON and back: each figure once, by its short code; text and tables name it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from dancu.engine.report.content import (
    Annex,
    Cell,
    Column,
    FigureRef,
    Layout,
    Mark,
    Part,
    Report,
    Row,
    Section,
    Sentence,
    Target,
)
from dancu.engine.report.indicators import Asked, Figure

FORM = "dancu-report/1"


def to_json(report: Report) -> dict[str, Any]:
    """Only text, numbers, lists and dictionaries; amounts are text, so that no digit is lost."""
    return {
        "form": FORM, "key": report.key, "unit": report.unit, "unit_name": report.unit_name,
        "asked": _asked(report.asked), "tree_day": report.tree_day.isoformat(),
        "layout": {
            **report.layout.__dict__, "day": report.layout.day.isoformat(), "recipients": list(report.layout.recipients)
        },
        "sections": [_section(s) for s in report.sections],
        "annexes": [_annex(a) for a in report.annexes],
        "marks": [m.__dict__.copy() for m in report.marks],
        "figures": {code: _figure(ref) for code, ref in report.figures.items()},
    }  # fmt: skip


def from_json(told: dict[str, Any]) -> Report:
    """The report that `to_json` gave; ValueError when it is of another form."""
    if told.get("form") != FORM:
        raise ValueError(f"not a report of the form {FORM}: {told.get('form')!r}")
    figures = told["figures"]
    layout = told["layout"]
    return Report(
        told["key"], told["unit"], told["unit_name"], _asked_of(told["asked"]), dt.date.fromisoformat(told["tree_day"]),
        Layout(**{**layout, "day": dt.date.fromisoformat(layout["day"]), "recipients": tuple(layout["recipients"])}),
        tuple(_section_of(s, figures) for s in told["sections"]),
        tuple(_annex_of(a, figures) for a in told["annexes"]),
        tuple(Mark(**m) for m in told["marks"]),
    )  # fmt: skip


def _asked(asked: Asked) -> dict[str, Any]:
    known = asked.known.isoformat() if asked.known else None
    return {"first": asked.first.isoformat(), "last": asked.last.isoformat(), "known": known}


def _asked_of(told: dict[str, Any]) -> Asked:
    known = dt.datetime.fromisoformat(told["known"]) if told["known"] else None
    return Asked(dt.date.fromisoformat(told["first"]), dt.date.fromisoformat(told["last"]), known)


def _figure(ref: FigureRef) -> dict[str, Any]:
    figure, before = ref.figure, ref.before
    return {
        "code": ref.code, "version": ref.version, "unit": ref.unit, "asked": _asked(ref.asked),
        "numerator": str(figure.numerator), "denominator": str(figure.denominator),
        "measure": figure.measure, "decimals": figure.decimals, "unit_code": figure.unit_code,
        "before": [str(before.numerator), str(before.denominator)] if before else None,
    }  # fmt: skip


def _ref(ref: FigureRef) -> dict[str, Any]:
    target = ref.target
    return {
        "figure": ref.short_code, "printed": ref.printed, "aspect": ref.aspect,
        **({"target": [str(target.value), target.comparison, target.owner]} if target else {}),
    }  # fmt: skip


def _ref_of(told: dict[str, Any], figures: dict[str, Any]) -> FigureRef:
    one = figures[told["figure"]]
    before = one["before"]
    target = told.get("target")
    return FigureRef(
        one["code"], one["version"], one["unit"], _asked_of(one["asked"]),
        _figure_of(one, one["numerator"], one["denominator"]), told["printed"], told["figure"], told["aspect"],
        _figure_of(one, *before) if before else None,
        Target(Decimal(target[0]), target[1], target[2]) if target else None,
    )  # fmt: skip


def _figure_of(one: dict[str, Any], top: str, bottom: str) -> Figure:
    return Figure(one["unit_code"], Decimal(top), Decimal(bottom), one["measure"], one["decimals"])


def _sentence(s: Sentence) -> dict[str, Any]:
    parts = [part if isinstance(part, str) else _ref(part) for part in s.parts]
    return {"key": s.key, "parts": parts, "state": s.state, "typed": list(s.typed)}


def _sentence_of(told: dict[str, Any], figures: dict[str, Any]) -> Sentence:
    parts: tuple[Part, ...] = tuple(
        p if isinstance(p, str) else _ref_of(p, figures) for p in told["parts"]
    )
    return Sentence(told["key"], parts, told["state"], tuple(told["typed"]))


def _section(s: Section) -> dict[str, Any]:
    return {
        "number": s.number, "title_vi": s.title_vi, "title_en": s.title_en, "annexes": list(s.annexes),
        "sentences": [_sentence(one) for one in s.sentences], "sections": [_section(one) for one in s.sections],
    }  # fmt: skip


def _section_of(told: dict[str, Any], figures: dict[str, Any]) -> Section:
    return Section(
        told["number"], told["title_vi"], told["title_en"],
        tuple(_sentence_of(one, figures) for one in told["sentences"]), tuple(told["annexes"]),
        tuple(_section_of(one, figures) for one in told["sections"]),
    )  # fmt: skip


def _row(row: Row) -> dict[str, Any]:
    cells = [
        {"text": c.text, "number": _text(c.number), "ref": _ref(c.ref) if c.ref else None}
        for c in row.cells
    ]  # fmt: skip
    return {"unit": row.unit, "label": row.label, "cells": cells}


def _row_of(told: dict[str, Any], figures: dict[str, Any]) -> Row:
    cells = tuple(
        Cell(
            c["text"],
            Decimal(c["number"]) if c["number"] is not None else None,
            _ref_of(c["ref"], figures) if c["ref"] else None,
        )
        for c in told["cells"]
    )
    return Row(told["unit"], told["label"], cells)


def _annex(a: Annex) -> dict[str, Any]:
    return {
        "code": a.code, "title_vi": a.title_vi, "title_en": a.title_en, "section": a.section, "note": a.note,
        "indicator": a.indicator, "columns": [c.__dict__.copy() for c in a.columns],
        "rows": [_row(r) for r in a.rows], "total": _row(a.total) if a.total else None,
        **({} if a.head_vi == Annex.head_vi else {"head": [a.head_vi, a.head_en]}),
    }  # fmt: skip


def _annex_of(told: dict[str, Any], figures: dict[str, Any]) -> Annex:
    return Annex(
        told["code"], told["title_vi"], told["title_en"], told["section"],
        tuple(Column(**c) for c in told["columns"]), tuple(_row_of(r, figures) for r in told["rows"]),
        _row_of(told["total"], figures) if told["total"] else None, told["note"], told["indicator"],
        *told.get("head", ()),
    )  # fmt: skip


def _text(number: Decimal | None) -> str | None:
    return None if number is None else str(number)
