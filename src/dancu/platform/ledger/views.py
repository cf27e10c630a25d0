"""The auditor's page: how the ledger stands, what the second body has, the last check, a receipt, an export."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.db import connection
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from dancu.lib import merkle
from dancu.platform.access.pages import page
from dancu.platform.ledger import channels, files, keeper, stamping, tasks
from dancu.platform.ledger.database import raw
from dancu.platform.tasks import services
from dancu.platform.tasks.models import Job
from dancu.store.ledger import handing, heads, proving

RIGHT = "audit.read"
EXPORT, CHECK = "ledger/export", "ledger/check"
LATE = dt.timedelta(minutes=10)


@page(RIGHT)
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Everything at a glance."""
    return render(request, "ledger/show.html", _told())


@page(RIGHT)
def receipt(request: HttpRequest) -> HttpResponse:
    """A receipt looked up: its place, its proof recomputed here, the head that has it. No receipt in an address."""
    if request.method != "POST":
        return redirect("ledger:show")
    text = request.POST.get("so", "").strip()
    try:
        found: dict[str, Any] = _proof(str(UUID(text)))
    except ValueError:
        found = {"state": "unreadable"}
    told = _told() | {"asked": text[:60], "found": found}
    return render(
        request, "ledger/show.html", told, status=422 if found["state"] == "unreadable" else 200
    )


@page(RIGHT)
@require_POST
def export(request: HttpRequest) -> HttpResponse:
    """An export is made by the worker; with rows it is kept as a bulk read, so that persons see it."""
    basis = request.POST.get("can_cu", "").strip()[:200]
    with_rows = request.POST.get("dong") == "1"
    if with_rows and len(basis) < 5:
        return render(
            request, "ledger/show.html", _told() | {"wrong": True, "basis": basis}, status=422
        )
    services.start(
        tasks.export, kind="ledger.export", about=EXPORT, right=RIGHT, by=request.user.username, basis=basis,
        with_rows=with_rows,
    )  # fmt: skip
    return redirect("ledger:show")


@page(RIGHT)
@require_POST
def check(request: HttpRequest) -> HttpResponse:
    """Everything is recomputed by the worker."""
    services.start(
        tasks.check, kind="ledger.check", about=CHECK, right=RIGHT, by=request.user.username
    )
    return redirect("ledger:show")


@page(RIGHT)
@require_safe
def download(request: HttpRequest, number: int) -> FileResponse:
    """The export that a job has made, for who asked for it; until the next one takes its place."""
    job = Job.objects.filter(
        pk=number, about=EXPORT, state="done", by=request.user.username
    ).first()
    path = files.path_of(number)
    if job is None or not path.is_file():
        raise Http404
    return FileResponse(
        path.open("rb"), as_attachment=True, filename=path.name, content_type="application/zip"
    )


def _told() -> dict[str, Any]:
    con = raw()
    origin, size, moved = con.execute("SELECT origin, size, moved_at FROM ledger.tree").fetchone()
    head, now = heads.last(con), timezone.now()
    made = services.last_of(EXPORT)
    ready = made and made.state == "done" and files.path_of(made.pk).is_file()
    late = head is None or now - head.at > keeper.head_every() + LATE
    return {
        "origin": origin, "size": size, "moved": moved, "head": head, "late": late,
        "note": head.note if head else "", "stamps": bool(stamping.address()),
        "channels": [*channels.configured()], "handovers": handing.last(con, most=8), "kinds": _kinds(),
        "checked": _checked(), "export_job": made, "check_job": services.last_of(CHECK), "ready": ready,
    }  # fmt: skip


def _kinds() -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, table_name FROM ledger.kind WHERE until IS NULL ORDER BY name")
        return cursor.fetchall()


def _checked() -> dict[str, Any] | None:
    """The latest check and what it found."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT at, by, size, seconds, ARRAY(SELECT f ->> 'vi' FROM jsonb_array_elements(found) f)"
            " FROM ledger.check_run ORDER BY check_no DESC LIMIT 1"
        )
        row = cursor.fetchone()
    names = ("at", "by", "size", "seconds", "found")
    return dict(zip(names, row, strict=True)) if row else None


def _proof(key: str) -> dict[str, Any]:
    con = raw()
    one = next(iter(proving.entries(con, key=key, kind="access")), None)
    if one is None or one.index is None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT ledger.waits(%s)", [key])
            return {"state": "waiting" if cursor.fetchone()[0] else "unknown"}
    signed = heads.covering(con, index=one.index)
    proof = proving.inclusion(con, index=one.index, size=signed.size if signed else None)
    leaf = merkle.leaf_hash(one.leaf.encode())
    root = bytes(signed.root) if signed else proof.root
    holds = merkle.included(leaf, proof.index, proof.size, proof.path, root)
    return {"state": "proved" if holds else "broken", "entry": one, "proof": proof, "head": signed}
