"""What every flaw needs: the right column, the cells of the picked rows, luck, true birth days."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from dancu.province.flaws import KEEP, Changes, Flaw, Picked, Texts
from dancu.province.world import EPOCH

NUMBER = ("personal_number", "id_number")


def first_of(picked: Picked, roles: tuple[str, ...]) -> str:
    return next(r for r in roles if picked.has(r))


def each(roles: tuple[str, ...], change: Callable[[str], str | None]) -> Flaw:
    """A flaw that changes the present cells of the first of the columns that the list has."""

    def flaw(picked: Picked) -> Changes:
        role = first_of(picked, roles)
        return {role: [KEEP if t is None else or_keep(t, change(t)) for t in picked.cells(role)]}

    return flaw


def or_keep(old: str, new: str | None) -> str | None:
    return KEEP if new == old else new


def luck(picked: Picked, high: int) -> list[int]:
    return [int(v) for v in picked.rng.integers(0, high, len(picked))]


def today(picked: Picked) -> date:
    return date.fromordinal(EPOCH.toordinal() + picked.world.on)


def born(picked: Picked) -> list[date]:
    days = picked.world.family.birth[picked.people].astype("datetime64[D]")
    return [date.fromisoformat(str(d)) for d in days]


def only_with_number(picked: Picked, texts: Texts) -> Texts:
    numbers = picked.cells(first_of(picked, NUMBER))
    return [KEEP if n is None else t for t, n in zip(texts, numbers, strict=True)]
