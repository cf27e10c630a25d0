"""A unit and the tree of one day. Identity is (code, first day): codes are used again.

`07276` was Xã Tân Hiệp until 2024 and names nothing since; `24` is old Bắc Giang until
30 June 2025 and new Bắc Ninh afterwards. So a code without a day is not a unit.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from dancu.reference.errors import UnknownUnitError

Level = Literal["province", "district", "commune"]
Kind = Literal["unchanged", "renamed", "whole", "part", "people_moved"]

LEVEL_OF_LENGTH: dict[int, Level] = {2: "province", 3: "district", 5: "commune"}


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit during one spell: from `valid_from` to `valid_to` (last day, None = still)."""

    code: str
    level: Level
    type: str
    name: str
    full_name: str
    parent_code: str
    district_code: str
    province_code: str
    valid_from: date
    valid_to: date | None

    @property
    def identity(self) -> tuple[str, date]:
        """What names this unit for ever: its code and the first day of its spell."""
        return self.code, self.valid_from

    def in_force(self, *, on: date) -> bool:
        """Whether the unit exists on the day."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)

    def successors(self, *, on: date) -> tuple[Succession, ...]:
        """The units of the day `on` that took over this unit's people, largest claim first."""
        from dancu.reference.units.changes import successors

        return successors(self, on=on)

    def predecessors(self, *, on: date) -> tuple[Succession, ...]:
        """The units of the (earlier) day `on` whose people are now in this unit."""
        from dancu.reference.units.changes import predecessors

        return predecessors(self, on=on)

    def as_of(self, on: date) -> tuple[Unit, ...]:
        """This unit in the tree of the day: one where the law leaves one, else all candidates.

        Empty when the reference data does not know (a commune merged before July 2025
        outside Bắc Giang) or when the level was abolished (districts since July 2025).
        """
        if self.in_force(on=on):
            return (self,)
        found = self.successors(on=on) if on > self.valid_from else self.predecessors(on=on)
        return tuple(step.unit for step in found)


@dataclass(frozen=True, slots=True)
class Succession:
    """One edge of change: `unit` got people by `kind`; `share` of the old unit's, if known."""

    unit: Unit
    kind: Kind
    share: float | None = None
    people: int | None = None


@dataclass(frozen=True, slots=True)
class UnitTree:
    """All units in force on `day`. Two levels since 1 July 2025: `districts` is then empty."""

    day: date
    provinces: tuple[Unit, ...]
    districts: tuple[Unit, ...]
    communes: tuple[Unit, ...]
    by_code: dict[str, Unit] = field(repr=False)
    by_parent: dict[str, tuple[Unit, ...]] = field(repr=False)

    def find(self, code: str) -> Unit | None:
        """The unit of the code, or None."""
        return self.by_code.get(code)

    def get(self, code: str) -> Unit:
        """The unit of the code; raises UnknownUnitError when it is not in force that day."""
        found = self.by_code.get(code)
        if found is None:
            raise UnknownUnitError(
                f"Mã đơn vị “{code}” không có hiệu lực ngày {self.day:%d/%m/%Y}. Hãy tra bảng "
                f"chuyển đổi đơn vị. (Unit code {code} is not in force on {self.day}.)"
            )
        return found

    def children(self, code: str) -> tuple[Unit, ...]:
        """The units directly below: districts or communes of a province, communes of a district."""
        return self.by_parent.get(code, ())

    def communes_of(self, code: str) -> tuple[Unit, ...]:
        """All communes of a province or district, whatever lies between."""
        found = self.get(code)
        if found.level == "commune":
            return (found,)
        if found.level == "district":
            return self.children(code)
        return tuple(c for c in self.communes if c.province_code == code)

    def path(self, code: str) -> tuple[Unit, ...]:
        """From the province down to the unit itself."""
        found = self.get(code)
        above = (self.find(found.province_code), self.find(found.district_code))
        return (*(u for u in above if u is not None and u is not found), found)
