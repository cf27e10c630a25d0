"""A person's values as an officer reads them: codes by name, days as dd/mm/yyyy, numbers masked unless asked for."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from dancu.reference import codes, units
from dancu.reference.errors import ReferenceDataError
from dancu.reference.fields import fields

SECRET = ("personal_number", "old_number", "father_number", "mother_number", "spouse_number")
_CODES = {
    "codes.sex": codes.sex,
    "codes.ethnic": codes.ethnic,
    "codes.religion": codes.religion,
    "codes.nationality": codes.nationality,
    "codes.marital_status": codes.marital_status,
    "codes.life_status": codes.life_status,
    "codes.relation_to_head": codes.relation_to_head,
}


def masked(number: str | None) -> str:
    """The first three and the last four signs, dots between; a short number keeps only its end.

    >>> masked("924301000017"), masked("1234"), masked(None)
    ('924•••••0017', '••34', '')
    """
    if not number:
        return ""
    if len(number) <= 7:
        return "•" * (len(number) - 2) + number[-2:]
    return number[:3] + "•" * (len(number) - 7) + number[-4:]


def shown(field: str, value: str | None, *, on: date, show_numbers: bool = False) -> str:
    """A standard value (as text) in the words of the register; '' for nothing."""
    if value is None or value == "":
        return ""
    if field in SECRET and not show_numbers:
        return masked(value)
    return _worded(field, value, on)


@lru_cache(maxsize=100_000)
def _worded(field: str, value: str, on: date) -> str:
    known = fields().get(field)
    if known is None:
        return value
    if known.format in _CODES:
        return _label(known.format, value)
    if known.type == "date":
        return _day(value)
    if known.format == "address" or field in ("permanent_unit", "temporary_unit"):
        return _unit(value, on)
    if known.type == "money":
        return f"{int(value):,}".replace(",", ".")
    return value


def _label(kind: str, value: str) -> str:
    try:
        return _CODES[kind].label(value)
    except ReferenceDataError:
        return value


def _day(value: str) -> str:
    parts = value[:10].split("-")
    return "/".join(reversed(parts)) if len(parts) == 3 else value


def _unit(value: str, on: date) -> str:
    found = units.on(on).find(value) or next(iter(units.history(value)[-1:]), None)
    return f"{found.full_name} ({value})" if found else value
