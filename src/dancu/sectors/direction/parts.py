"""Entries on a page: as a table, what belongs to one, what its indicator did; what a form of them offers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from dancu.kit.reports import get as indicator_of
from dancu.kit.reports import indicators
from dancu.reference import units
from dancu.sectors.direction import entries, moved, places, shown, standing
from dancu.sectors.direction.books import BY_TABLE, Book, Field
from dancu.sectors.direction.entries import Entry
from dancu.sectors.direction.places import Place

NUMBERS = ("money", "count")
_DAYS = {"campaign": ("first_day", "last_day"), "pairing": ("valid_from", "valid_to")}
"""Books whose entries want to move an indicator → between which days."""
LEVELS = ("province", "district", "commune")
MOST = 200
"""Entries that another may be recorded under, or that are shown under it: the latest."""


def table(
    book: Book, found: Sequence[Entry], *, on: dt.date, inside: bool = False
) -> dict[str, Any]:
    """Columns and lines; `inside`: on the page of the entry that they belong to."""
    fields = [f for f in book.fields if f.listed and not (inside and f.kind == "entry")]
    if book.listed_by_name:
        fields.sort(key=lambda f: f.name != book.name)
    badges, called = standing.of(book, found, on=on), _parents(book, found)
    lines = [
        {
            "entry": e,
            "unit": (_inspected(e) if book.taken else e.place).name,
            "cells": [_cell(book, e, f, called) for f in fields],
            "badge": badges.get(e.thing_no),
        }
        for e in found
    ]
    return {
        "book": book,
        "columns": fields,
        "lines": lines,
        "badged": bool(badges),
        "by_name": book.listed_by_name,
        "by_unit": not (inside and book.taken),
        "unit_label": _("Đơn vị được kiểm tra") if book.taken else book.unit or _("Đơn vị"),
    }


def _inspected(finding: Entry) -> Place:
    return places.unit_of(finding.values["other_code"], finding.values["other_on"])


def _cell(
    book: Book, entry: Entry, field: Field, called: dict[int, str]
) -> tuple[Field, bool, Any]:
    """(its field, whether it is a number, as one reads it)."""
    return field, field.kind in NUMBERS, shown.cell(book, entry, field.name, called)


def _parents(book: Book, found: Sequence[Entry]) -> dict[int, str]:
    if book.part_of is None or not found:
        return {}
    things = [e.values[book.part_of.name] for e in found]
    return {
        n: shown.cut(name, 60)
        for n, name in entries.names(BY_TABLE[book.part_of.book], things).items()
    }


def pairs(book: Book, entry: Entry) -> list[tuple[Any, Any]]:
    """What an entry says; the entry that it belongs to is a link, the second unit of a finding is named."""
    called, told = _parents(book, [entry]), []
    if book.unit:
        told.append((book.unit, entry.place.name))
    if book.taken:
        told.append((_("Đơn vị được kiểm tra"), _inspected(entry).name))
    for field in book.fields:
        said = shown.cell(book, entry, field.name, called)
        if field.kind == "entry":
            path = reverse(
                "direction:entry", args=[BY_TABLE[field.book].slug, entry.values[field.name]]
            )
            said = format_html('<a href="{}">{}</a>', path, said)
        told.append((field.label, said))
    return told


def of(book: Book, entry: Entry, *, on: dt.date) -> list[dict[str, Any]]:
    """What belongs to it, book by book, with the sum of what is counted."""
    told = []
    for part in book.parts:
        found = entries.entries(part, of=entry.thing_no)
        count = next((f for f in part.fields if f.kind == "count"), None)
        total = sum(entries.sums(part, count.name, entry.thing_no).values()) if count else None
        lines = table(part, found[:MOST], on=on, inside=True)
        told.append({**lines, "total": total, "counted": count and count.label, "of": len(found)})
    return told


def moves(book: Book, entry: Entry, *, on: dt.date) -> dict[str, Any] | None:
    """What the indicator of a campaign or of help did in the units; None where there is none, or it has not begun."""
    said = entry.values
    if book.table not in _DAYS or said["indicator"] not in indicators():
        return None
    first, last = (said[name] for name in _DAYS[book.table])
    tree = units.on(max(first, units.FIRST_DAY))
    codes = [c for c in said.get("units") or [said["other_code"]] if tree.find(c)]
    if first > on or not codes:
        return None
    one = indicator_of(said["indicator"])
    reached = _reached(entry, codes) if book.table == "campaign" else {}
    lines = [
        {
            "unit": m.place.name,
            "before": moved.text(m.before),
            "during": moved.text(m.during),
            "after": moved.text(m.after),
            "rise": moved.rise(m),
            "people": reached.get(m.place.unit_code, 0),
        }
        for m in moved.moved(one.code, codes, first=first, last=last, on=on)
    ]
    spans = moved.spans(first, last or max(first, on), on)
    days = [f"{a.first:%d/%m/%Y} – {a.last:%d/%m/%Y}" if a else "" for a in spans]
    if not days[2]:
        days[2] = str(_("chưa đủ ngày"))
    return {
        "lines": lines,
        "days": days,
        "name": shown.of(one.name_vi, one.name_en),
        "share": one.measure == "share",
        "url": f"{reverse('reports:indicator', args=[one.code])}?tu={first}&den={min(last or on, on)}",
        "reached": bool(reached),
        "empty": all(line["before"] == line["during"] == line["after"] == "—" for line in lines),
    }


def _reached(entry: Entry, codes: Sequence[str]) -> dict[str, int]:
    """People by the unit taking part in which they were reached; of two the smaller one."""
    last, first = max(units.days_of_change()), entry.values["first_day"]
    held = [(c, places.unit_of(c, first).communes(on=last)) for c in codes]
    held.sort(key=lambda pair: len(pair[1]))
    found = dict.fromkeys(codes, 0)
    for (code, on), people in entries.sums(BY_TABLE["reach"], "people", entry.thing_no).items():
        inside = places.unit_of(code, on).communes(on=last)
        if whose := next((c for c, communes in held if inside <= communes), None):
            found[whose] += people
    return found


def choices(book: Book, mine: Sequence[Place], *, on: dt.date) -> dict[str, list[tuple[str, str]]]:
    """What a form offers of the fields whose choices are units, indicators or entries."""
    ways: dict[str, Callable[[Field], list[tuple[str, str]]]] = {
        "indicator": lambda _field: [
            (i.code, shown.of(i.name_vi, i.name_en)) for i in indicators().values()
        ],
        "unit": lambda field: _named(mine if field.within else _province(mine, on)),
        "units": lambda _field: _named(_top(mine)),
        "entry": lambda field: [
            (str(e.thing_no), shown.cut(shown.dated(BY_TABLE[field.book], e)))
            for e in entries.entries(BY_TABLE[field.book])[:MOST]
        ],
    }
    return {f.name: ways[f.kind](f) for f in book.fields if f.kind in ways}


def _named(found: Sequence[Place]) -> list[tuple[str, str]]:
    return [(p.unit_code, f"{p.name} ({p.unit_code})") for p in found]


def _province(mine: Sequence[Place], on: dt.date) -> list[Place]:
    """Every unit of the province in which the asker works."""
    if not mine:
        return []
    tree = units.on(max(on, units.FIRST_DAY))
    top = tree.get(mine[0].unit_code).province_code or mine[0].unit_code
    codes = [c for c, u in tree.by_code.items() if top in (c, u.province_code)]
    return [places.unit_of(c, on) for c in sorted(codes, key=lambda c: (len(c), c))]


def _top(mine: Sequence[Place]) -> list[Place]:
    """The units of the two highest levels that the asker sees: the own one and those right under it."""
    levels = [level for level in LEVELS if any(p.level == level for p in mine)]
    return [p for p in mine if p.level in levels[:2]]
