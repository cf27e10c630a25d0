"""What a citizen's data may be looked at for: the purposes with their legal basis, valid in time.

>>> import datetime as dt
>>> usual(["id_officer"], on=dt.date(2024, 6, 21))
'identity'
>>> get("identity", on=dt.date(2024, 7, 1)).law
'Luật Căn cước 26/2023/QH15 điều 10'
>>> bank = get("bank", on=dt.date(2024, 6, 21))
>>> bank.ground, bank.values, "full_name" in bank.fields, "phone" in bank.fields, bank.is_open_to(["clinic_clerk"])
('consent', False, True, False, False)
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from types import MappingProxyType

from dancu.reference.errors import ReferenceDataError
from dancu.reference.fields import fields as dictionary
from dancu.reference.loader import Row, day, rows, valid_on

OWN = "own"
"""A citizen who looks at the own data; nobody else can choose it."""
OFFICER, PARTNER, CITIZEN = "officer", "partner", "citizen"
"""Who may ask besides the roles that a row names."""


@dataclass(frozen=True, slots=True)
class Purpose:
    """One purpose as of a day. `role`: whose usual purpose it is.

    `ground`: `law`, or `consent`, which the person must have given to who asks. `fields`: what may be seen or asked
    about; `values`: whether a value itself may be told to a partner. `askers`: `officer` (of any role), `partner`,
    `citizen`, or roles. `retention_years`: how long its lines stay in the log. `longest_delay`: days for which the
    law lets a line be hidden from the person.
    """

    code: str
    role: str
    name_vi: str
    name_en: str
    law: str
    ground: str
    fields: frozenset[str]
    values: bool
    askers: frozenset[str]
    officer_required: bool
    retention_years: int
    longest_delay: int

    @property
    def by_consent(self) -> bool:
        """Whether the person must have consented."""
        return self.ground == "consent"

    def is_open_to(self, roles: Iterable[str]) -> bool:
        """Whether an officer of these roles may ask for it."""
        return OFFICER in self.askers or not self.askers.isdisjoint(roles)


def purposes(*, on: dt.date) -> Mapping[str, Purpose]:
    """The purposes of the day by code, in the order of the file."""
    return _of_day(on)


@lru_cache(maxsize=64)
def _of_day(on: dt.date) -> Mapping[str, Purpose]:
    return MappingProxyType(
        {
            row["purpose"]: _purpose(row)
            for row in rows("purposes.csv")
            if valid_on(day(row["valid_from"]), day(row["valid_to"]), on=on)
        }
    )


def _purpose(row: Row) -> Purpose:
    return Purpose(
        row["purpose"], row["role"], row["name_vi"], row["name_en"], row["law"], row["ground"], _fields(row["fields"]),
        row["values"] == "yes", frozenset(row["askers"].split()), row["officer_required"] == "yes",
        int(row["retention_years"]), int(row["delay_days"] or 0),
    )  # fmt: skip


@cache
def _fields(listed: str) -> frozenset[str]:
    """Fields by name; a group stands for all of its fields."""
    words = set(listed.split())
    named = {f.field for f in dictionary().values() if f.group in words and f.standard}
    return frozenset(named | (words - {f.group for f in dictionary().values()}))


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
