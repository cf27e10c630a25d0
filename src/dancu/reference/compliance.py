"""What a procedure costs who needs it, by the method of Circular 02/2017/TT-VPCP: hours at an hourly income, costs.

Dated data: the hourly income in `services/hourly_income.csv` (GDP per head over the working hours of a year), the
hours and costs of each act of the applicant in `services/compliance_times.csv` (provisional: to be measured).

>>> hourly_income(on=date(2024, 6, 21))
48248
>>> of_dossier(("form", "", "register:personal_number"), channel=2, fee=10_000, on=date(2024, 6, 21))
Load(hours=Decimal('1.75'), cost=20000)
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache

from dancu.reference.errors import ReferenceDataError
from dancu.reference.loader import Row, day, in_force, rows

_INCOME, _TIMES = "services/hourly_income.csv", "services/compliance_times.csv"
CHANNELS = {1: "in_person", 2: "online", 3: "postal"}


@dataclass(frozen=True, slots=True)
class Load:
    """What one dossier takes from who files it: hours, and đồng beside them."""

    hours: Decimal
    cost: int

    def worth(self, hourly: int) -> int:
        """The whole in đồng: the hours at the hourly income, and the costs."""
        return round(self.hours * hourly) + self.cost


@dataclass(frozen=True, slots=True)
class Act:
    """An act of the applicant as the method counts it."""

    item: str
    name_vi: str
    name_en: str
    hours: Decimal
    cost: int
    law: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Income:
    """The income of an hour: the figure of a year, in force until the next is published."""

    year: int
    gdp_per_head: int
    hours_of_year: int
    law: str
    confidence: str

    @property
    def hourly(self) -> int:
        """Đồng for an hour of work."""
        return round(self.gdp_per_head / self.hours_of_year)


def _period(r: Row) -> tuple[date | None, date | None]:
    return day(r["valid_from"]), day(r["valid_to"])


@cache
def income(*, on: date) -> Income:
    """The figure in force on the day; ReferenceDataError when the table is silent."""
    for r in in_force(rows(_INCOME), on=on, period=_period):
        return Income(
            int(r["year"]), int(r["gdp_per_head_dong"]), int(r["hours_of_year"]), r["law"], r["confidence"]
        )  # fmt: skip
    raise ReferenceDataError(
        f"{_INCOME} không có thu nhập bình quân của ngày {on:%d/%m/%Y}. (No income for that day.)"
    )


def hourly_income(*, on: date) -> int:
    """Đồng that an hour of the applicant counts on the day."""
    return income(on=on).hourly


@cache
def acts(*, on: date) -> dict[str, Act]:
    """Item -> what it takes, on the day."""
    return {
        r["item"]: Act(
            r["item"], r["name_vi"], r["name_en"], Decimal(r["hours"]), int(r["cost_dong"]), r["law"], r["confidence"]
        )
        for r in in_force(rows(_TIMES), on=on, period=_period)
    }  # fmt: skip


def of_dossier(proofs: Iterable[str], *, channel: int, fee: int, on: date) -> Load:
    """One dossier whose required parts are proved so (`form`, `register:…`, `result:…`, '': a paper), filed so."""
    taken = [CHANNELS[channel]]
    for proof in proofs:
        if proof == "form":
            taken.append("fill_form")
        elif not proof:
            taken.append("find_paper")
    found = [acts(on=on)[item] for item in taken]
    return Load(sum((a.hours for a in found), Decimal(0)), sum(a.cost for a in found) + fee)
