"""Where invented people live: the communes of Bắc Giang, their hamlets, names in three eras.

Weights of the 209 communes of 2024 are those of `reference.population` (derived down the lineage
from the published figures of July 2025). Every merge in Bắc Giang is whole, so the home of 2024
alone tells the commune of 2025; the 520 people moved on 1 January 2025 are left where they were.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

import numpy as np
import numpy.typing as npt

from dancu.province.tables import rows as rows_of
from dancu.reference.loader import rows
from dancu.reference.population import weights
from dancu.reference.units.model import UnitTree
from dancu.reference.units.states import state_on, tree_from

FIRST = date(2024, 6, 21)
HAMLETS = 12
_ERAS = (date(2025, 7, 1), date(2025, 1, 1))
_ERA_COLUMNS = ("code_2025_07", "code_2025h1", "code_2024")


@dataclass(frozen=True)
class Place:
    """One commune as a list of its day names it. `district` is empty since July 2025."""

    code: str
    commune: str
    district: str
    province: str


def tree(on: date) -> UnitTree:
    """The unit tree in force on the day."""
    return tree_from(state_on(on).first)


@cache
def codes() -> tuple[str, ...]:
    """The 209 codes of June 2024 in their order, district by district."""
    lines = {r["code_2024"]: r["district_code_2024"] for r in rows("admin/bacgiang_lineage.csv")}
    return tuple(sorted(lines, key=lambda c: (lines[c], c)))


@cache
def districts() -> tuple[str, ...]:
    """District code of each of the 209."""
    lines = {r["code_2024"]: r["district_code_2024"] for r in rows("admin/bacgiang_lineage.csv")}
    return tuple(lines[c] for c in codes())


def shares() -> npt.NDArray[np.float64]:
    """Share of the province's people in each of the 209; sums to 1."""
    known = weights(on=FIRST)
    found = np.array([known[c] for c in codes()], dtype=np.float64)
    return np.asarray(found / found.sum())


@cache
def places(on: date) -> tuple[Place, ...]:
    """Each of the 209 homes as the unit it belongs to on the day."""
    era = next((i for i, first in enumerate(_ERAS) if on >= first), 2)
    new = {
        r["code_2024"]: r[_ERA_COLUMNS[era]]
        for r in rows("admin/bacgiang_lineage.csv")
        if not r["people_moved"]
    }
    units = tree(max(on, date(2024, 5, 1)))
    return tuple(_place(units, new[c]) for c in codes())


def _place(units: UnitTree, code: str) -> Place:
    unit = units.get(code)
    district = units.find(unit.district_code) if unit.district_code else None
    province = units.get(unit.province_code)
    return Place(code, unit.full_name, district.full_name if district else "", province.full_name)


@cache
def elsewhere(province: str) -> tuple[str, ...]:
    """Twenty birth places of another province (its unit code of 2024) as full addresses."""
    units = tree(FIRST)
    found = units.communes_of(province)
    step = max(1, len(found) // 20)
    return tuple(full(_place(units, u.code)) for u in found[::step][:20])


def full(place: Place) -> str:
    """`Xã …, Huyện …, Tỉnh …` without the parts that are not there."""
    return ", ".join(p for p in (place.commune, place.district, place.province) if p)


@cache
def former() -> dict[str, tuple[str, ...]]:
    """Full name of a commune with its district -> names of communes merged into it by 2020."""
    district = {u.code: u.full_name for u in tree(FIRST).districts}
    found: dict[str, tuple[str, ...]] = {}
    for row in rows_of("former_communes.csv"):
        now = f"{row['commune_2024']}, {district[row['district_code']]}"
        found[now] = (*found.get(now, ()), row["former"])
    return found


def hamlet_names(rng: np.random.Generator, known: list[str]) -> list[list[str]]:
    """Twelve hamlets of each of the 209: numbered groups in wards, named ones elsewhere."""
    made = []
    for place in places(FIRST):
        if place.commune.startswith("Phường"):
            made.append([f"Tổ dân phố số {k + 1}" for k in range(HAMLETS)])
            continue
        kind = "Tổ dân phố" if place.commune.startswith("Thị trấn") else "Thôn"
        chosen = rng.choice(len(known), HAMLETS, replace=False)
        made.append([f"{kind} {known[k]}" for k in chosen])
    return made
