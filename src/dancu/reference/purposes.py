"""What a citizen's data may be looked at for: the purposes with their legal basis, valid in time.

>>> import datetime as dt
>>> usual(["id_officer"], on=dt.date(2024, 6, 21))
'identity'
>>> get("identity", on=dt.date(2024, 7, 1)).law
'Luật Căn cước 26/2023/QH15 điều 10'
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from dancu.reference.errors import ReferenceDataError
from dancu.reference.loader import day, rows, valid_on


@dataclass(frozen=True, slots=True)
class Purpose:
    """One purpose as of a day. `role`: whose usual purpose it is."""

    code: str
    role: str
    name_vi: str
    name_en: str
    law: str


OWN = "own"
"""A citizen who looks at the own data; nobody else can choose it."""


def purposes(*, on: dt.date) -> dict[str, Purpose]:
    """The purposes of the day by code, in the order of the file."""
    return {
        r["purpose"]: Purpose(r["purpose"], r["role"], r["name_vi"], r["name_en"], r["law"])
        for r in rows("purposes.csv")
        if valid_on(day(r["valid_from"]), day(r["valid_to"]), on=on)
    }


def get(code: str, *, on: dt.date) -> Purpose:
    """A purpose of the day; raises ReferenceDataError for one that does not hold then."""
    found = purposes(on=on).get(code)
    if found is None:
        raise ReferenceDataError(
            f"Mục đích «{code}» không có trong danh mục ngày {on:%d/%m/%Y}. Hãy chọn một mục đích của danh mục. "
            f"(There is no purpose {code} on that day.)"
        )
    return found


def usual(roles: Iterable[str], *, on: dt.date) -> str:
    """The purpose that goes with the first of the roles that has one; else verification."""
    known = {p.role: p.code for p in purposes(on=on).values() if p.role}
    return next((known[role] for role in roles if role in known), "verification")


def name(code: str, lang: str = "vi") -> str:
    """The words for a purpose that stands in a log, whatever its day."""
    found = [r for r in rows("purposes.csv") if r["purpose"] == code]
    return found[-1][f"name_{lang}"] if found else code
