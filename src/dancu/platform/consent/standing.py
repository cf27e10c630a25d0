"""Does a consent stand, is a purpose stopped: what the register's door asks before it opens.

Border: imports nothing of the register, so that the door can import it.
"""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db import connection


def given(
    *, citizen_id: str | UUID, purpose: str, partner: str | None, at: dt.datetime | None = None
) -> int | None:
    """The number of the consent that stands at the moment (now when None); None when there is none.

    `partner`: the client_id of the recipient; None for the authority that keeps the register.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT consent.given(%s::uuid, %s, %s, %s)", [str(citizen_id), purpose, partner, at]
        )
        number: int | None = cursor.fetchone()[0]
    return number


def restricted(
    *, citizen_id: str | UUID, purpose: str, at: dt.datetime | None = None
) -> int | None:
    """The number of the request by which this purpose is stopped for the person; None when it is not."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT consent.restricted(%s::uuid, %s, %s)", [str(citizen_id), purpose, at]
        )
        number: int | None = cursor.fetchone()[0]
    return number
