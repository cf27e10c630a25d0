"""What the national service was asked about the citizen of this session, found by keyed hashes of the own numbers.

Border: the numbers are read to be hashed and go nowhere else; the database answers a citizen's session alone.
"""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from dancu.platform.citizen.own import Own, numbers
from dancu.platform.gateway import sealing


def asked(own: Own) -> list[dict[str, Any]]:
    """The newest first, as `citizen_asked` gives them."""
    abouts = [about for number in numbers(own) for about in sealing.all_about(number)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM citizen_asked(%s::bytea[])", [abouts])
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def became(state: str | None, outcome: str) -> str:
    """Answered or not; `outcome`: the answer in words."""
    if state is None:
        return _("Chưa được trả lời.")
    if state != "verified":
        return _("Không được trả lời.")
    return _("Trả lời: %(outcome)s.") % {"outcome": outcome}
