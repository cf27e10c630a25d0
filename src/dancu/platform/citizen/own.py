"""Who is asking on a citizen's page, as the register's door knows an asker, and the declaration of such pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import urlencode

from dancu.platform.access import claims, territory
from dancu.platform.access.pages import Declared
from dancu.platform.access.rights import check_right
from dancu.reference.rights import CITIZEN

NAME = "công dân"
"""What stands in logs for who looked at the own data; no account can be called so (a blank is in it)."""
RIGHT = "own.view"
INSIDE = "inside"
"""In the session: this browser has logged in."""


@dataclass(frozen=True)
class OwnGrant:
    """What a citizen holds: the role, in the commune of the own record, which the claim narrows to one person."""

    unit_code: str
    unit_on: dt.date
    role: str = CITIZEN


@dataclass(frozen=True)
class Own:
    """A citizen who has logged in."""

    citizen_id: str
    person_id: int
    unit_code: str
    full_name: str
    birth_date: dt.date | None
    on: dt.date
    """The register's day."""
    username: str = NAME
    is_authenticated: bool = True
    pk: None = None
    locale: str = ""

    @property
    def grants_today(self) -> tuple[OwnGrant, ...]:
        """For rights and for the door."""
        return (OwnGrant(self.unit_code, self.on),)

    @property
    def roles_today(self) -> tuple[str, ...]:
        """The one role."""
        return (CITIZEN,)

    @property
    def display_name(self) -> str:
        """As the register writes it."""
        return self.full_name


def citizen_page(view: Callable[..., Any]) -> Callable[..., Any]:
    """Only for a citizen who is logged in: `request.citizen` says who. Everybody else goes to the start page."""

    @wraps(view)
    def guarded(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        request.citizen = who(request)
        if request.citizen is None:
            return _outside(request)
        check_right(request.citizen, RIGHT)
        answer: HttpResponse = view(request, *args, **kwargs)
        return answer

    guarded.declared = Declared(citizen=True)  # type: ignore[attr-defined]
    return guarded


def who(request: HttpRequest) -> Own | None:
    """The citizen of this session, living in the register now; names the claim in the request's transaction."""
    session: Any = request.session
    if not session.get(INSIDE):
        return None
    citizen_id = claims.use_citizen(session.session_key)
    found = _living(citizen_id) if citizen_id else None
    if found is None:
        session.flush()
    return found


def _living(citizen_id: str) -> Own | None:
    """The own row, if it still is one living person under this identifier."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT citizen_id::text, person_id, coalesce(unit_code, ''), coalesce(full_name, ''), birth_date"
            " FROM register.person WHERE citizen_id = %s AND life_status IS DISTINCT FROM '2'", [citizen_id],
        )  # fmt: skip
        row = cursor.fetchone()
    if row is None:
        return None
    citizen, person, unit, name, born = row
    return Own(citizen, person, unit, name, born, territory.register_day())


def numbers(own: Own) -> list[str]:
    """The own numbers, those of before too: to find what was asked under them, never to be shown."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT personal_number, old_number FROM register.person WHERE citizen_id = %s UNION SELECT"
            " row ->> 'personal_number', row ->> 'old_number' FROM register.person_history WHERE citizen_id = %s",
            [own.citizen_id, own.citizen_id],
        )
        return sorted({number for row in cursor.fetchall() for number in row if number})


SERVICES = "/dich-vu/"
"""Below it a page may be come back to after log-in."""


def way_back(path: str) -> str:
    """Where a log-in leads that began on a page of public services: its address, "" for any other page."""
    return path if path.startswith(SERVICES) and path.isascii() and path.isprintable() else ""


def _outside(request: HttpRequest) -> HttpResponse:
    """To the start page, which says whether a session has ended; nothing typed is kept for the next person."""
    from dancu.platform.citizen.sessions import cookie

    told = {"het-phien": "1"} if cookie() in request.COOKIES else {}
    if request.method == "GET" and (back := way_back(request.path)):
        told["ve"] = back
    return redirect(f"/cong-dan/{'?' + urlencode(told) if told else ''}")
