"""Pages: hand a portal's list in, see what its columns mean, follow the work, read what came of it."""

from __future__ import annotations

import io
import json
from typing import Any

import xlsxwriter
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_POST

from dancu.kit.citizens import without_numbers
from dancu.kit.long_work import last_of, start
from dancu.kit.web import page, register_day
from dancu.lib.spreadsheet_safety import escape_cell
from dancu.sectors.public_services.importing import (
    codes,
    handing,
    problems,
    reading,
    reading_back,
    tasks,
)
from dancu.sectors.public_services.importing.fields import MOMENTS, fields
from dancu.sectors.public_services.importing.forms import ImportForm, MappingForm
from dancu.sectors.public_services.importing.models import DIFFER, IMPORT, HandIn
from dancu.sectors.public_services.importing.taking import NotTaken

RIGHT = "dossier.import"
SHOWN = 4
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NEEDED = (
    ("code",), ("status",), ("received", "filed", "at", "ended"), ("procedure", "procedure_name"),
)  # fmt: skip
"""Without one of each no row is taken. (The unit can stand in the code.)"""
_WHERE = ("Tệp", "Trang", "Dòng", "Cột", "Lý do, cách sửa")
_HIDDEN = ("applicant", "note", "summary")


@page(RIGHT)
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Imports and comparisons of late."""
    waiting = HandIn.objects.filter(user_id=request.user.pk).exclude(state="done")[:20]
    shown = {
        "imports": reading_back.imports(),
        "lists": reading_back.lists(),
        "waiting": waiting,
        "day": register_day(),
    }
    return render(request, "services_importing/home.html", shown)


@page(RIGHT)
def take(request: HttpRequest) -> HttpResponse:
    """A file to be taken in."""
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        hand = HandIn(
            user_id=request.user.pk, username=request.user.username, kind=IMPORT, source=form.cleaned_data["source"]
        )  # fmt: skip
        try:
            made = handing.do_receive(hand, files={"a": form.cleaned_data["file"]})
            return redirect("services_importing:hand_in", made.pk)
        except NotTaken as error:
            form.add_error("file", str(error))
    status = 200 if request.method == "GET" else 422
    return render(
        request,
        "services_importing/take.html",
        {"form": form, "day": register_day()},
        status=status,
    )


@page(RIGHT)
@require_GET
def hand_in(request: HttpRequest, number: int) -> HttpResponse:
    """A file: its preview before, its progress meanwhile, the way to its result after."""
    hand = _own(request, number)
    if hand.state == "received" and hand.kind == IMPORT:
        return _preview(request, hand)
    if hand.state == "done":
        name = "differences" if hand.kind == DIFFER else "done"
        return redirect(f"services_importing:{name}", hand.result_no)
    shown = {"hand": hand, "job": last_of(hand.about), "day": register_day()}
    return render(request, "services_importing/running.html", shown)


@page(RIGHT)
@require_POST
def begin(request: HttpRequest, number: int) -> HttpResponse:
    """Start the work with the meaning of the columns as it stands in the form, or once more after a failure."""
    hand = _own(request, number)
    if hand.state not in ("received", "failed") or not (hand.folder / "a").exists():
        return redirect("services_importing:hand_in", number)
    if hand.kind == IMPORT and hand.state == "received":
        form = _mapping(hand, request.POST)
        if form is None or not form.is_valid():
            return _preview(request, hand, form)
        hand.mapping = form.mapping()
    begun(hand, by=request.user.username)
    return redirect("services_importing:hand_in", number)


def begun(hand: HandIn, *, by: str) -> None:
    """The row and the queue's entry, in one transaction."""
    hand.state, hand.message = "waiting", ""
    hand.save()
    start(tasks.work, kind="dossier_import", about=hand.about, right=RIGHT, by=by, number=hand.pk)


@page(RIGHT)
@require_POST
def forget(request: HttpRequest, number: int) -> HttpResponse:
    """Not this file after all."""
    hand = _own(request, number)
    if hand.state in ("received", "failed"):
        handing.forget(hand)
        hand.delete()
    return redirect("services_importing:home")


@page(RIGHT)
@require_GET
def done(request: HttpRequest, number: int) -> HttpResponse:
    """What an import did, and the rows that were not taken, by reason."""
    one = reading_back.one_import(number)
    if one is None:
        raise Http404
    reason, skip = request.GET.get("ly_do", ""), number_of(request.GET.get("tu", "0"))
    bad = reading_back.bad_rows(number, reason=reason, skip=skip, most=reading_back.PAGE + 1)
    shown = {
        "one": one, "reason": reason, "day": register_day(), "bad": bad[: reading_back.PAGE],
        "next": skip + reading_back.PAGE if len(bad) > reading_back.PAGE else 0,
        "reasons": [
            {"code": code, "count": count, "words": words(code), "mend": code not in problems.NOT_WRONG}
            for code, count in sorted(one["reasons"].items(), key=_first_to_mend)
        ],
        "mend": sum(n for code, n in one["reasons"].items() if code not in problems.NOT_WRONG),
    }  # fmt: skip
    return render(request, "services_importing/done.html", shown)


def _first_to_mend(item: tuple[str, int]) -> tuple[bool, int]:
    code, count = item
    return code in problems.NOT_WRONG, -count


def words(reason: str) -> str:
    """Why a row was not taken."""
    return problems.message(reason) if reason in problems.NUMBER else "Dòng không phải một hồ sơ."


@page(RIGHT)
@require_GET
def rejected(request: HttpRequest, number: int) -> HttpResponse:
    """Rows that were not taken, each cell under its own heading: put right, the workbook is handed in as it is."""
    if reading_back.one_import(number) is None:
        raise Http404
    rows = reading_back.bad_rows(number, most=100_000)
    given = [json.loads(row["cells"]) for row in rows]
    heads = list(
        dict.fromkeys(head for cells in given if isinstance(cells, dict) for head in cells)
    )
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet("Dòng không nhận")
        first = [*_WHERE, *(escape_cell(head) for head in heads)]
        sheet.write_row(0, 0, first, book.add_format({"bold": True}))
        sheet.freeze_panes(1, 0)
        for at, (row, cells) in enumerate(zip(rows, given, strict=True), 1):
            filled = [cells.get(head) for head in heads] if isinstance(cells, dict) else cells
            where = (row["file"], row["sheet"], str(row["row"]), row["heading"], row["message_vi"])
            for column, cell in enumerate((*where, *filled)):
                if cell is not None:
                    sheet.write_string(at, column, escape_cell(str(cell)))
    answer = HttpResponse(made.getvalue(), content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="khong-nhan-{number}.xlsx"'
    return answer


def _own(request: HttpRequest, number: int) -> HandIn:
    """Files are for who handed them in alone."""
    hand = HandIn.objects.filter(pk=number, user_id=request.user.pk).first()
    if hand is None:
        raise Http404
    return hand


def _mapping(hand: HandIn, data: Any) -> MappingForm | None:
    try:
        return MappingForm(handing.sheets(hand), data)
    except NotTaken:
        return None


def _preview(request: HttpRequest, hand: HandIn, form: MappingForm | None = None) -> HttpResponse:
    shown: dict[str, Any] = {"hand": hand, "day": register_day()}
    try:
        sheets = handing.sheets(hand)
    except NotTaken as error:
        return render(
            request, "services_importing/preview.html", shown | {"unread": str(error)}, status=422
        )
    form = form or MappingForm(sheets)
    before = [
        one
        for one in reading_back.imports(200)
        if hand.sha256 in {f["sha256"] for f in one["files"]}
    ]
    shown |= {
        "form": form, "before": before[0] if before else None,
        "tables": [_table(sheet) for sheet in sheets], "missing": _missing(sheets),
    }  # fmt: skip
    return render(
        request, "services_importing/preview.html", shown, status=422 if form.errors else 200
    )


def _missing(sheets: list[Any]) -> list[str]:
    """What no row can do without and no column of a list of dossiers was taken for."""
    english = get_language() == "en"
    lists = [set(s.table.column_names) for s in sheets if s.kind == reading.DOSSIERS]
    wanted = [ways[0] for ways in NEEDED if any(not roles & set(ways) for roles in lists)]
    return [fields()[role].name_en if english else fields()[role].name_vi for role in wanted]


def _table(sheet: Any) -> dict[str, Any]:
    """The first rows under what their columns mean."""
    roles = _shown(sheet)
    lines = sheet.table.slice(0, SHOWN).to_pylist()
    return {
        "sheet": sheet.sheet, "changes": sheet.kind == "changes", "rows": sheet.table.num_rows,
        "rejected": len(sheet.rejects), "notes": sheet.notes, "heads": [fields()[r].name_vi for r in roles],
        "lines": [[_cell(r, row[r] or "") for r in roles] for row in lines],
    }  # fmt: skip


def _cell(role: str, text: str) -> str:
    """As it was written; what may be a number of somebody is masked, also in a column that was taken for another."""
    plain = role in MOMENTS or (role == "code" and codes.dossier(text) is not None)
    return text if plain else without_numbers(text)


def _shown(sheet: Any) -> list[str]:
    """Roles whose cells are shown: nobody's name."""
    named = [role for role in fields() if role in sheet.table.column_names]
    return [role for role in named if role not in _HIDDEN]


def number_of(text: str) -> int:
    """A number of a query, 0 for anything else."""
    return int(text) if text.isdecimal() and len(text) < 8 else 0
