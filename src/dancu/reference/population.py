"""How many people live in each commune, for weights: published for 2025, derived before.

Published: `admin/bacninh_communes_population_2025.csv` (government merger map, July 2025; the 58
communes of old Bắc Giang hold 2,057,918 people). Method for the earlier trees, down the lineage:
1. The people of a July 2025 commune are shared among the communes of early 2025 it was made of,
   and theirs among the communes of 2024.
2. A commune whose people Resolution 1191/NQ-UBTVQH15 states weighs that figure; an absorbing
   commune weighs the stated new total less those absorbed.
3. A commune without a stated figure weighs an equal part of what the stated ones leave of the
   total, but never less than a quarter of an equal share.
4. Weights are scaled to the total and rounded by largest remainder, so that sums stay exact.
5. The 520 people moved from Thanh Hải to Biên Sơn on 1 January 2025 are moved back for 2024.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from functools import cache

from dancu.reference.loader import Row, rows

_TWO_LEVELS = date(2025, 7, 1)
_MERGED = date(2025, 1, 1)
_LEAST_SHARE = 0.25


def weights(*, on: date, former_province: str | None = None) -> dict[str, int]:
    """People by commune code in the tree of the day.

    Since July 2025: the 99 communes of Bắc Ninh (`former_province="24"`: the 58 of old Bắc
    Giang). Before: the 192 (2025) or 209 (2024) communes of Bắc Giang, derived as told above.
    """
    if on >= _TWO_LEVELS:
        return {
            r["code"]: int(r["population"])
            for r in rows("admin/bacninh_communes_population_2025.csv")
            if former_province in (None, r["former_province_code"])
        }
    return dict(_of_2025h1() if on >= _MERGED else _of_2024())


@cache
def _of_2025h1() -> dict[str, int]:
    totals = weights(on=_TWO_LEVELS, former_province="24")
    children: dict[str, set[str]] = defaultdict(set)
    for row in rows("admin/bacgiang_lineage.csv"):
        children[row["code_2025_07"]].add(row["code_2025h1"])
    stated = _stated_2025h1()
    return _shared(totals, children, stated)


@cache
def _of_2024() -> dict[str, int]:
    totals = dict(_of_2025h1())
    children: dict[str, set[str]] = defaultdict(set)
    moves = [r for r in rows("admin/bacgiang_lineage.csv") if r["people_moved"]]
    for row in rows("admin/bacgiang_lineage.csv"):
        if not row["people_moved"]:
            children[row["code_2025h1"]].add(row["code_2024"])
    found = _shared(totals, children, _stated_2024())
    for move in moves:
        found[move["code_2024"]] += int(move["people_moved"])
        found[move["code_2025h1"]] -= int(move["people_moved"])
    return found


def _stated_2025h1() -> dict[str, int]:
    """New totals that the resolution states, by the code of early 2025."""
    found = {
        lineage["code_2025h1"]: int(row["new_population"])
        for row, lineage in _resolution()
        if row["new_population"]
    }
    (move,) = (r for r in rows("admin/bacgiang_lineage.csv") if r["people_moved"])
    (told,) = (
        r
        for r in rows("domain/unit_changes_1191_2025_01_01.csv")
        if r["change"] == "partial_transfer"
    )
    return found | {move["code_2025h1"]: int(told["new_population"])}


def _stated_2024() -> dict[str, int]:
    """Old figures that the resolution states; the absorbing commune gets what is left."""
    found = {line["code_2024"]: int(row["old_population"]) for row, line in _resolution()}
    absorbed: dict[str, int] = defaultdict(int)
    total: dict[str, int] = {}
    for row, line in _resolution():
        if row["change"] == "absorbed":
            absorbed[line["code_2025h1"]] += int(row["old_population"])
            total[line["code_2025h1"]] = int(row["new_population"])
    return found | {code: total[code] - absorbed[code] for code in total}


@cache
def _resolution() -> tuple[tuple[Row, Row], ...]:
    """Rows of Resolution 1191 about whole communes, each with its line of the lineage.

    The resolution names units without codes: the name is looked up inside the district that its
    section is about, where it is unique (a test holds this).
    """
    lines = {
        (r["name_2024"].lower(), _bare(r["district_2025h1"])): r
        for r in rows("admin/bacgiang_lineage.csv")
        if not r["people_moved"]
    }
    return tuple(
        (row, lines[_place(row)])
        for row in rows("domain/unit_changes_1191_2025_01_01.csv")
        if row["section_district"] and row["change"] in ("absorbed", "merged", "converted")
    )


def _bare(district: str) -> str:
    """`Thị xã Chũ` -> `chũ`."""
    name = district.lower()
    for kind in ("thành phố ", "thị xã ", "huyện "):
        name = name.removeprefix(kind)
    return name


def _place(row: Row) -> tuple[str, str]:
    return f"{row['old_kind']} {row['old_name']}".lower(), row["section_district"].lower()


def _shared(
    totals: dict[str, int], children: dict[str, set[str]], stated: dict[str, int]
) -> dict[str, int]:
    found: dict[str, int] = {}
    for code, total in totals.items():
        parts = sorted(children[code])
        known = sum(stated.get(p, 0) for p in parts)
        unknown = [p for p in parts if p not in stated]
        left = (total - known) / len(unknown) if unknown else 0.0
        guess = max(left, _LEAST_SHARE * total / len(parts))
        found |= _rounded({p: stated.get(p, guess) for p in parts}, total)
    return found


def _rounded(weights: dict[str, float], total: int) -> dict[str, int]:
    """Whole numbers in proportion to the weights that add up to the total exactly."""
    scale = total / sum(weights.values())
    whole = {code: int(weight * scale) for code, weight in weights.items()}
    rest = {code: weights[code] * scale - whole[code] for code in weights}
    short = total - sum(whole.values())
    for code in sorted(rest, key=lambda c: (-rest[c], c))[:short]:
        whole[code] += 1
    return whole
