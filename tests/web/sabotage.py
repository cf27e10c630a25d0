"""Somebody has built ways around the door into the site: raw SQL, an answer, no line in the log. For tests alone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.urls import include, path

from dancu.platform.access.pages import page
from dancu.platform.register import door
from dancu.site import urls


def _row(citizen: str, columns: str) -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM register.person WHERE citizen_id = %s", [citizen])
        return cursor.fetchone()


@page(right="person.view")
def by_identifier(request: HttpRequest, citizen: str) -> HttpResponse:
    """The name alone: neither identifier nor number stands in the answer."""
    return HttpResponse(f"<p>{_row(citizen, 'full_name')[0]}</p>")


@page(right="person.view")
def by_number(request: HttpRequest) -> HttpResponse:
    """Asked by a word; tells a whole number."""
    citizen = request.GET["who"]
    return JsonResponse(
        dict(zip(("n", "number"), _row(citizen, "full_name, personal_number"), strict=True))
    )


@page(right="person.view")
def masked(request: HttpRequest) -> HttpResponse:
    """Tells a masked number, written with escapes."""
    number = _row(request.GET["who"], "personal_number")[0]
    return HttpResponse(json.dumps({"n": f"{number[:3]}•••••{number[-4:]}"}), "application/json")


@page(right="person.view")
def in_pieces(request: HttpRequest) -> StreamingHttpResponse:
    """A stream that cuts the identifier in two."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT citizen_id::text FROM register.person WHERE unit_code = %s LIMIT 3",
            [request.GET["unit"]],
        )
        found = [row[0] for row in cursor.fetchall()]

    def pieces() -> Iterator[bytes]:
        for one in found:
            yield one[:17].encode()
            yield one[17:].encode() + b"\n"

    return StreamingHttpResponse(pieces(), content_type="text/plain")


@page(right="person.view")
def another(request: HttpRequest, citizen: str) -> HttpResponse:
    """Writes a line, about somebody else."""
    door.access_citizen(citizen_id=request.GET["for"], by=request.user, purpose="residence")
    return HttpResponse(f"<p>{_row(citizen, 'full_name')[0]}</p>")


@page(right="person.view")
def one_more(request: HttpRequest, citizen: str) -> HttpResponse:
    """Writes a line about one and shows two."""
    door.access_citizen(citizen_id=citizen, by=request.user, purpose="residence")
    return JsonResponse({"people": [citizen, request.GET["and"]]})


@page(right="person.view")
def receipt_of_another(request: HttpRequest, citizen: str) -> HttpResponse:
    """Writes its line, and hands out the receipt of somebody else's."""
    door.access_citizen(citizen_id=citizen, by=request.user, purpose="residence")
    return JsonResponse({"receipt": request.GET["of"], "result": "confirmed"})


@page(right="person.view")
def a_file(request: HttpRequest) -> HttpResponse:
    """A list as a file that nobody looks into."""
    return HttpResponse(b"PK\x03\x04", "application/zip")


urlpatterns = [
    path("x/ma/<uuid:citizen>/", by_identifier, name="sabotage-identifier"),
    path("x/so/", by_number, name="sabotage-number"),
    path("x/che/", masked),
    path("x/dong/", in_pieces, name="sabotage-stream"),
    path("x/khac/<uuid:citizen>/", another, name="sabotage-another"),
    path("x/them/<uuid:citizen>/", one_more, name="sabotage-more"),
    path("x/bien-nhan/<uuid:citizen>/", receipt_of_another, name="sabotage-receipt"),
    path("x/tep/", a_file, name="sabotage-file"),
    path("", include(urls)),
]
handler400, handler403, handler404, handler500 = (
    urls.handler400,
    urls.handler403,
    urls.handler404,
    urls.handler500,
)
