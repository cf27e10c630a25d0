"""How long somebody has, by law or by a rule of ours: days, hours, an age, a day of the year; valid in time.

Source: `terms.csv`. What the machine keeps for itself (how long it waits for a line, for how long a press can be
taken back) is no term.

>>> term("complaint_answer", on=dt.date(2024, 6, 21)).after(dt.date(2024, 6, 21))
datetime.date(2024, 7, 11)
>>> term("finding_review", on=dt.date(2024, 6, 21)).after(dt.date(2024, 6, 21))
datetime.date(2024, 6, 28)
>>> term("plan_of_year", on=dt.date(2024, 6, 21)).of_year(2024)
datetime.date(2024, 3, 31)
>>> term("breach_notice", on=dt.date(2025, 12, 31)).law, term("breach_notice", on=dt.date(2026, 1, 1)).amount
('Nghị định 13/2023/NĐ-CP điều 23', 72)
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from dancu.reference.errors import ReferenceDataError
from dancu.reference.holidays import working_days_after
from dancu.reference.loader import day, in_force, rows

_TERMS = "terms.csv"


@dataclass(frozen=True, slots=True)
class Term:
    """`said`: a number of `unit` (days, working_days, hours, years), or a month_day as `03-31`."""

    code: str
    said: str
    unit: str
    law: str

    @property
    def amount(self) -> int:
        """How many of its unit."""
        return int(self.said)

    def after(self, start: dt.date) -> dt.date:
        """The last day, when it begins on `start`, which itself does not count; of days and working days."""
        if self.unit == "working_days":
            return working_days_after(start, self.amount)
        if self.unit == "days":
            return start + dt.timedelta(days=self.amount)
        raise self._other("days")

    def of_year(self, year: int) -> dt.date:
        """The day of that year; of a month and day."""
        if self.unit != "month_day":
            raise self._other("month_day")
        return dt.date.fromisoformat(f"{year:04}-{self.said}")

    def _other(self, asked: str) -> ReferenceDataError:
        return ReferenceDataError(
            f"{_TERMS}: «{self.code}» tính bằng {self.unit}, không phải {asked}. Sửa dòng đó. (Another unit.)"
        )


def term(code: str, *, on: dt.date) -> Term:
    """The term in force on the day; raises ReferenceDataError."""
    of_code = (r for r in rows(_TERMS) if r["code"] == code)
    for r in in_force(of_code, on=on, period=lambda r: (day(r["valid_from"]), day(r["valid_to"]))):
        return Term(r["code"], r["amount"], r["unit"], r["law"])
    raise ReferenceDataError(
        f"Không có thời hạn «{code}» ngày {on:%d/%m/%Y} trong {_TERMS}. Thêm dòng có hiệu lực ngày đó. "
        f"(No term {code} on that day.)"
    )
