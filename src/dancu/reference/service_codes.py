"""Which procedure a portal's own code means on a day: codes of the national base and of portals, valid in time.

Source: `services/local_codes.csv`; each row tells where the code is from and how sure it is.

>>> meant("1.002809.000.00.00.H02", on=date(2024, 6, 21)).procedure
'3.000347'
>>> meant("1.002809", on=date(2025, 6, 21)) is None
True
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache

from dancu.reference.loader import day, in_force, rows

_NATIONAL = re.compile(r"\s*([1-3]\.\d{6})(?:\.\d{3}\.\d{2}\.\d{2}\.[A-Z]\d+)?\s*")


@dataclass(frozen=True, slots=True)
class LocalCode:
    """A code that a portal uses. `essential`: the essential service it counts for, '' for none."""

    portal: str
    code: str
    procedure: str
    essential: str
    valid_from: date | None
    valid_to: date | None
    law: str
    confidence: str


@cache
def _every() -> tuple[LocalCode, ...]:
    return tuple(
        LocalCode(
            r["portal"], r["local_code"], r["procedure_code"], r["essential_id"], day(r["valid_from"]),
            day(r["valid_to"]), r["law"], r["confidence"],
        )
        for r in rows("services/local_codes.csv")
    )  # fmt: skip


@cache
def local_codes(*, on: date) -> tuple[LocalCode, ...]:
    """The codes in use on the day."""
    return in_force(_every(), on=on, period=lambda c: (c.valid_from, c.valid_to))


def base_code(code: str) -> str:
    """A national code without the tail that names the province.

    >>> base_code("1.001193.000.00.00.H02"), base_code("BG.ES12")
    ('1.001193', 'BG.ES12')
    """
    found = _NATIONAL.fullmatch(code)
    return found[1] if found else code.strip()


def meant(code: str, *, on: date, portal: str = "") -> LocalCode | None:
    """What the code means on the day, on this portal or (none named) on any; None for an unknown code."""
    wanted = base_code(code)
    return next(
        (c for c in local_codes(on=on) if c.code == wanted and portal in ("", c.portal)), None
    )
