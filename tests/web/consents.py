"""Whoever gives, asks and writes down in the tests of consent: sessions of officers and citizens, a form on paper."""

from __future__ import annotations

import datetime as dt
import io
import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone
from PIL import Image
from tests.web.register import RegisterSite

from dancu.platform.access import claims, territory
from dancu.platform.consent.paper import Paper
from dancu.platform.register.door import access_citizen
from dancu.platform.worklists.evidence import clean

_numbers = itertools.count(1)
PARTNER = "ngan-hang-a"
ADULT = "birth_date < DATE '2003-01-01' AND life_status IS DISTINCT FROM '2'"


@contextmanager
def officer(client: Any) -> Iterator[Any]:
    """One request's transaction of an officer, kept; gives the user."""
    from dancu.platform.accounts.models import User

    with transaction.atomic():
        claims.use(client.cookies["dancu"].value)
        yield User.objects.get(pk=client.user.pk)


@contextmanager
def citizen(citizen_id: str) -> Iterator[Any]:
    """One request's transaction of a citizen who has logged in."""
    from dancu.platform.citizen.own import Own

    key = f"test-{uuid4()}"
    claims.open_for_citizen(citizen_id, key, until=timezone.now() + dt.timedelta(hours=1))
    with transaction.atomic():
        claims.use_citizen(key)
        yield Own(citizen_id, 0, "", "", None, territory.register_day())


def picture() -> bytes:
    """A scan."""
    out = io.BytesIO()
    Image.new("RGB", (60, 80), "white").save(out, "PNG")
    return out.getvalue()


def paper(by: Any, who: str) -> Paper:
    """A form with its scan, and the receipt of a look at `who` by this officer just now."""
    access_citizen(citizen_id=who, by=by, purpose="residence", fields=["full_name"])
    from dancu.platform.register.parts import ask

    receipt: UUID = ask(
        "SELECT receipt FROM register.access_log WHERE citizen_id = %s AND by = %s ORDER BY access_no DESC LIMIT 1",
        who, by.username,
    )[0]["receipt"]  # fmt: skip
    return Paper(f"PĐY-{next(_numbers)}", receipt, clean(picture()))


def make_partner(register: RegisterSite) -> str:
    """A bank that may ask with consent."""
    register.do(
        "INSERT INTO partners_partner (client_id, name_vi, purposes, units, unit_on, communes, a_minute, a_day,"
        " a_subject_day, jwks, certificate, requires_officer, active_from, suspended_by, suspended_why, created_at,"
        " created_by) VALUES (%s, 'Ngân hàng A', '{\"bank\": [\"full_name\"]}', '[\"*\"]', '2024-06-21', '[]', 600,"
        " 20000, 20, '{}', '', true, '2024-01-01', '', '', now(), 'test') ON CONFLICT DO NOTHING",
        PARTNER,
    )
    return PARTNER
