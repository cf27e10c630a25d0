"""What a proposal would save, on the dossiers that there really were: hours and đồng of applicants, hours of officers.

Method of Circular 02/2017/TT-VPCP (`reference/compliance.py`): the hours of who files at the hourly income of the day,
and costs and the fee beside them, times the dossiers of the period by the way they came in. Pure.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from dancu.reference import compliance
from dancu.reference.service_parts import HOURS_OF_A_DAY
from dancu.sectors.public_services.catalogue.comparing import State
from dancu.sectors.public_services.errors import ServiceError

KEEP, DROP, DATA = "keep", "drop", "data"
"""A part stays, is no longer asked for, or is taken from data instead of paper."""
MOST_FEE = 100_000_000


@dataclass(frozen=True)
class Changes:
    """What is proposed: parts dropped or proved by data, other hours for steps, another fee (None: as it is)."""

    parts: Mapping[str, str] = field(default_factory=dict)
    hours: Mapping[int, Decimal] = field(default_factory=dict)
    fee: int | None = None

    def as_json(self) -> dict[str, Any]:
        """For the database."""
        return {
            "parts": dict(self.parts),
            "hours": {str(number): str(hours) for number, hours in self.hours.items()},
            "fee": self.fee,
        }

    @classmethod
    def of_json(cls, kept: Mapping[str, Any]) -> Changes:
        """From the database."""
        hours = {int(number): Decimal(hours) for number, hours in kept["hours"].items()}
        return cls(kept["parts"], hours, kept["fee"])


@dataclass(frozen=True)
class Side:
    """One side of the comparison, before or after: for all dossiers of the period together, and the limit."""

    hours: Decimal
    cost: int
    worth: int
    officer_hours: Decimal
    limit: int


@dataclass(frozen=True)
class Effect:
    """Before and after, the dossiers they are computed on, and the hourly income that hours count at."""

    dossiers: Mapping[int, int]
    hourly: int
    income_year: int
    limit_unit: str
    before: Side
    after: Side

    @property
    def total(self) -> int:
        """The dossiers of the period."""
        return sum(self.dossiers.values())

    @property
    def saved(self) -> int:
        """Đồng saved by all who file; below zero when it costs more."""
        return self.before.worth - self.after.worth

    @property
    def share(self) -> float | None:
        """Which share of the cost of compliance is saved; None when there is no cost."""
        return self.saved / self.before.worth if self.before.worth else None

    def as_json(self) -> dict[str, Any]:
        """For the database."""
        sides = {
            name: {
                "hours": str(side.hours), "cost": side.cost, "worth": side.worth,
                "officer_hours": str(side.officer_hours), "limit": side.limit,
            }
            for name, side in (("before", self.before), ("after", self.after))
        }  # fmt: skip
        return sides | {
            "dossiers": {str(channel): n for channel, n in self.dossiers.items()},
            "hourly": self.hourly,
            "income_year": self.income_year,
            "limit_unit": self.limit_unit,
        }

    @classmethod
    def of_json(cls, kept: Mapping[str, Any]) -> Effect:
        """From the database."""
        before, after = (
            Side(
                Decimal(kept[name]["hours"]), kept[name]["cost"], kept[name]["worth"],
                Decimal(kept[name]["officer_hours"]), kept[name]["limit"],
            )
            for name in ("before", "after")
        )  # fmt: skip
        dossiers = {int(channel): n for channel, n in kept["dossiers"].items()}
        return cls(dossiers, kept["hourly"], kept["income_year"], kept["limit_unit"], before, after)


def check(changes: Changes, state: State) -> None:
    """ServiceError unless the changes are changes, of this procedure, and the steps make a whole limit."""
    known = {part.code: part for part in state.parts}
    for code, what in changes.parts.items():
        if code not in known or what not in (DROP, DATA):
            raise ServiceError(_("Thành phần hồ sơ không thuộc thủ tục này."))
        if what == DATA and known[code].proved_by:
            raise ServiceError(_("Thành phần hồ sơ này đã được thay bằng dữ liệu hoặc tờ khai."))
    if set(changes.hours) - {step.number for step in state.steps}:
        raise ServiceError(_("Bước xử lý không thuộc thủ tục này."))
    if any(hours < 0 for hours in changes.hours.values()):
        raise ServiceError(_("Số giờ của một bước không được âm."))
    if changes.fee is not None and not 0 <= changes.fee <= MOST_FEE:
        raise ServiceError(_("Phí, lệ phí phải từ 0 đến 100.000.000 đồng."))
    new_limit(changes, state)
    if not _real(changes, state):
        raise ServiceError(_("Chưa có thay đổi nào so với thủ tục đang có hiệu lực."))


def new_limit(changes: Changes, state: State) -> int:
    """The limit that the steps add up to, in the unit of the procedure; ServiceError when that is no whole number."""
    total = sum(_hours(changes, state).values(), Decimal(0))
    if state.procedure.limit_unit == "hour":
        limit = total
    elif not state.procedure.limit and total <= HOURS_OF_A_DAY:
        return 0
    else:
        limit = total / HOURS_OF_A_DAY
    if limit != limit.to_integral_value() or limit <= 0:
        raise ServiceError(
            _(
                "Tổng số giờ của các bước phải tròn ngày làm việc (bội số của 8 giờ); thủ tục tính giờ thì tròn giờ."
            )
        )
    return int(limit)


def effect(changes: Changes, state: State, *, dossiers: Mapping[int, int], on: dt.date) -> Effect:
    """What the changes save on so many dossiers by channel, at the income of the day."""
    income = compliance.income(on=on)
    procedure = state.procedure
    fee = procedure.fee if changes.fee is None else changes.fee
    required = [part for part in state.parts if part.required]
    now = [part.proved_by for part in required]
    then = [part.proved_by for part in required if part.code not in changes.parts]
    hours = sum((step.hours for step in state.steps), Decimal(0))
    new_hours = sum(_hours(changes, state).values(), Decimal(0))
    before = _side(now, procedure.fee, hours, procedure.limit, dossiers, income.hourly, on)
    after = _side(then, fee, new_hours, new_limit(changes, state), dossiers, income.hourly, on)
    return Effect(dict(dossiers), income.hourly, income.year, procedure.limit_unit, before, after)


def _side(
    proofs: list[str], fee: int, officer_hours: Decimal, limit: int, dossiers: Mapping[int, int], hourly: int,
    on: dt.date,
) -> Side:  # fmt: skip
    loads = {
        channel: compliance.of_dossier(proofs, channel=channel, fee=fee, on=on)
        for channel in dossiers
    }
    return Side(
        sum((loads[c].hours * n for c, n in dossiers.items()), Decimal(0)),
        sum(loads[c].cost * n for c, n in dossiers.items()),
        sum(loads[c].worth(hourly) * n for c, n in dossiers.items()),
        officer_hours * sum(dossiers.values()),
        limit,
    )


def _hours(changes: Changes, state: State) -> dict[int, Decimal]:
    return {step.number: changes.hours.get(step.number, step.hours) for step in state.steps}


def _real(changes: Changes, state: State) -> bool:
    """Whether anything is another than it is now."""
    hours = {step.number: step.hours for step in state.steps}
    return bool(
        changes.parts
        or (changes.fee is not None and changes.fee != state.procedure.fee)
        or any(hours[number] != new for number, new in changes.hours.items())
    )
