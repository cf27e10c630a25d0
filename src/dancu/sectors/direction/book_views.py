"""Pages of the books: who lacks what, the entries, one with all its versions; new, changed, taken back; a list."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.paginator import Paginator
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dancu.kit.files import NoEvidence
from dancu.kit.web import has_right, page, register_day
from dancu.sectors.direction import (
    acts,
    entries,
    gaps,
    importing,
    may,
    parts,
    places,
    reading,
    shown,
    standing,
)
from dancu.sectors.direction.books import BOOKS, BY_TABLE, Book
from dancu.sectors.direction.entries import Edit, Entry, New
from dancu.sectors.direction.errors import DirectionError, NoThing
from dancu.sectors.direction.forms import EntryForm, ListForm

PAGE = 50


@page(right=may.VIEW)
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The books, and which districts lack what they must have on the register's day."""
    day = register_day()
    places.mine(request.user, on=day)
    told = [
        {
            "book": b,
            "count": len(entries.entries(b, year=day.year)),
            "lacking": gaps.lacking(b, on=day),
        }
        for b in BOOKS.values()
        if b.part_of is None
    ]
    return render(request, "direction/books.html", {"lines": told, "day": day})


@page(right=may.VIEW)
@require_GET
def listed(request: HttpRequest, book: str) -> HttpResponse:
    """The entries of a year, the latest first, and who lacks one."""
    own, day = _book(book), register_day()
    known = entries.years(own)
    year = _year(request, known)
    text, of = request.GET.get("tim", "").strip(), request.GET.get("cua", "")
    found = entries.entries(own, year=year, text=text, of=int(of) if of.isdigit() else None)
    current = Paginator(found, PAGE).get_page(request.GET.get("page"))
    told = {
        **parts.table(own, list(current), on=day), "page": current, "year": year, "years": known, "text": text,
        "day": day,
        "lacking": gaps.lacking(own, on=day), "may_edit": has_right(request.user, may.EDIT),
        "may_give": has_right(request.user, may.GIVE),
        "total": sum(int(e.values["amount"]) for e in found) if "amount" in own.names else None,
    }  # fmt: skip
    return render(request, "direction/book.html", told)


def _year(request: HttpRequest, known: list[int]) -> int | None:
    given = request.GET.get("nam", "")
    if given.isdigit() and int(given) in known:
        return int(given)
    return None if given == "tat-ca" else next(iter(known), None)


@page(right=may.EDIT)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, book: str) -> HttpResponse:
    """Record an entry of a unit of the territory."""
    own, day = _book(book), register_day()
    mine = places.mine(request.user, on=day)
    form = EntryForm(
        own, request.POST or None, request.FILES or None, places=mine, choices=parts.choices(own, mine, on=day),
        initial=_begun(own, request),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            made = _record(request, own, form, day)
            return redirect("direction:entry", book=own.slug, thing=made.thing_no)
        except (DirectionError, NoEvidence) as error:
            form.add_error(None, str(error))
    status = 200 if request.method == "GET" else 422
    return render(request, "direction/record.html", {"form": form, "book": own}, status=status)


def _begun(own: Book, request: HttpRequest) -> dict[str, Any]:
    """What a form starts with when it was opened on the entry that the new one belongs to, or on a proposal."""
    of = request.GET.get("cua", "")
    belongs = {own.part_of.name: of} if own.part_of and of.isdigit() else {}
    return {n: v for n, v in request.GET.items() if n == "unit" or n in own.names} | belongs


def _record(request: HttpRequest, own: Book, form: EntryForm, day: dt.date) -> Entry:
    paper, values = form.cleaned_data.get("paper"), form.values()
    unit = form.cleaned_data.get("unit"), day
    if own.taken and (whose := entries.parent(own, values)):
        unit = whose.place.key
    made = New(*unit, values, form.cleaned_data["event_id"], paper.read() if paper else None)
    return entries.do_record(book=own, new=made, by=request.user, at=timezone.now())


@page(right=may.VIEW)
@require_GET
def entry_page(request: HttpRequest, book: str, thing: int) -> HttpResponse:
    """One, with every version, what was done to it, and the tasks that carry it out."""
    return _entry_page(request, _book(book), _entry(book, thing))


@page(right=may.EDIT)
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, book: str, thing: int) -> HttpResponse:
    """Say it anew, with the reason; what it said before stays."""
    own, found = _book(book), _entry(book, thing)
    may.check(request.user, may.EDIT, found.place)
    initial, day = {**found.values, "version": found.version_no}, register_day()
    mine = places.mine(request.user, on=day)
    form = EntryForm(
        own, request.POST or None, change=True, initial=initial, choices=parts.choices(own, mine, on=day)
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        edit = Edit(given["version"], form.values(), given["reason"], given["event_id"])
        try:
            entries.do_change(
                book=own, thing_no=thing, edit=edit, by=request.user, at=timezone.now()
            )
            return redirect("direction:entry", book=own.slug, thing=thing)
        except DirectionError as error:
            form.add_error(None, str(error))
    status = 200 if request.method == "GET" else 422
    told = {"form": form, "book": own, "entry": found, "unit": found.place.name}
    return render(request, "direction/record.html", told, status=status)


@page(right=may.EDIT)
@require_POST
def withdraw(request: HttpRequest, book: str, thing: int) -> HttpResponse:
    """Take back what was recorded by mistake, with the reason."""
    own, found = _book(book), _entry(book, thing)
    version = request.POST.get("version", "")
    edit = Edit(int(version) if version.isdigit() else 0, None, request.POST.get("reason", ""))
    try:
        entries.do_change(book=own, thing_no=thing, edit=edit, by=request.user, at=timezone.now())
    except DirectionError as error:
        return _entry_page(request, own, found, str(error), 422)
    return redirect("direction:book", book=own.slug)


@page(right=may.EDIT)
@require_http_methods(["GET", "POST"])
def take_list(request: HttpRequest) -> HttpResponse:
    """A list of directives: what was taken, and each row that was not, with the reason."""
    day, result = register_day(), None
    form = ListForm(
        request.POST or None, request.FILES or None, places=places.mine(request.user, on=day)
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            result = importing.do_import(
                data=given["file"].read(), name=given["file"].name, unit_code=given["unit"], unit_day=day,
                event_id=given["event_id"], by=request.user, at=timezone.now(),
            )  # fmt: skip
        except DirectionError as error:
            form.add_error("file", str(error))
    status = 422 if form.errors else 200
    return render(request, "direction/import.html", {"form": form, "result": result}, status=status)


@page(right=may.VIEW)
@require_GET
def thing(request: HttpRequest, number: int) -> HttpResponse:
    """Whatever bears this number: what a figure opens to."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM direction.task WHERE task_no = %s", [number])
        if cursor.fetchone():
            return redirect("direction:task", task=number)
    for book in BY_TABLE.values():
        if entries.find(book, number):
            return redirect("direction:entry", book=book.slug, thing=number)
    raise Http404


def _book(slug: str) -> Book:
    if slug not in BOOKS:
        raise Http404
    return BOOKS[slug]


def _entry(book: str, thing: int) -> Entry:
    try:
        return entries.get(_book(book), thing)
    except NoThing as error:
        raise Http404 from error


def _entry_page(
    request: HttpRequest, own: Book, entry: Entry, error: str = "", status: int = 200
) -> HttpResponse:
    day, kind = register_day(), own.table if own.tasks else None
    origin = reading.Origin(kind, entry.thing_no) if kind else None
    told: dict[str, Any] = {
        "book": own, "entry": entry, "unit": "" if own.unit else entry.place.name, "day": day, "error": error,
        "kind": kind, "pairs": parts.pairs(own, entry),
        "versions": [
            {"entry": v, "cells": [shown.cell(own, v, f.name) for f in own.fields]}
            for v in entries.versions(own, entry.thing_no)
        ],
        "acts": [shown.act(a) for a in reading.history(own.table, entry.thing_no)],
        "papers": acts.papers(own.table, entry.thing_no),
        "tasks": [shown.line(t, timezone.localdate()) for t in reading.of_origin(origin)] if origin else [],
        "parts": parts.of(own, entry, on=day), "moved": parts.moves(own, entry, on=day),
        "badge": standing.of(own, [entry], on=day).get(entry.thing_no),
        "may_edit": may.may(request.user, may.EDIT, entry.place), "may_add": has_right(request.user, may.EDIT),
        "may_give": kind and has_right(request.user, may.GIVE), "title": _title(own, entry),
    }  # fmt: skip
    return render(request, "direction/entry.html", told, status=status)


def _title(own: Book, entry: Entry) -> str:
    name = entry.values.get(own.name)
    if name and own.name != "number":
        return shown.cut(str(name))
    return _("%(book)s số %(n)s") % {"book": own.title, "n": name or entry.thing_no}
