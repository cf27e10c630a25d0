"""How a citizen wants to be told: e-mail, text message, or on the page alone. Only the citizen and the job read it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import connection

_PHONE = re.compile(r"0[35789][0-9]{8}")


@dataclass(frozen=True)
class Contact:
    """`channel`: none, email or sms."""

    channel: str
    address: str


NOBODY = Contact("none", "")


def of(citizen: str) -> Contact:
    """The person's choice; none before one was made."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT channel, address FROM services.contact WHERE citizen = %s", [citizen]
        )
        row = cursor.fetchone()
    return Contact(*row) if row else NOBODY


def address(channel: str, given: str) -> str | None:
    """The address in its standard form; None when it cannot be one.

    >>> address("sms", "+84 912 345 678"), address("sms", "12345"), address("email", "a@example.vn")
    ('0912345678', None, 'a@example.vn')
    """
    given = given.strip()
    if channel == "none":
        return ""
    if channel == "sms":
        digits = re.sub(r"[^0-9+]", "", given).replace("+84", "0", 1)
        return digits if _PHONE.fullmatch(digits) else None
    try:
        validate_email(given)
    except ValidationError:
        return None
    return given


def do_set(*, citizen: str, contact: Contact, at: datetime) -> None:
    """Keep the choice."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO services.contact (citizen, channel, address, at) VALUES (%s, %s, %s, %s)"
            " ON CONFLICT (citizen) DO UPDATE SET channel = excluded.channel, address = excluded.address,"
            " at = excluded.at",
            [citizen, contact.channel, contact.address, at],
        )
