"""Flaws of dates: births, cards, licences, deaths."""

from __future__ import annotations

from dancu.province.flaws import KEEP, Changes, Flaw, Picked, Texts
from dancu.province.picking import born, luck, only_with_number, today


def birth_in_future(picked: Picked) -> Changes:
    year = today(picked).year
    return {
        "birth_date": [
            f"{min(b.day, 28):02d}/{b.month:02d}/{year + 3 + k}"
            for b, k in zip(born(picked), luck(picked, 15), strict=True)
        ]
    }


def birth_before_1900(picked: Picked) -> Changes:
    return {
        "birth_date": [
            f"{min(b.day, 28):02d}/{b.month:02d}/{1880 + k}"
            for b, k in zip(born(picked), luck(picked, 19), strict=True)
        ]
    }


def birth_too_old(picked: Picked) -> Changes:
    """121 to 124 years old on the asked day."""
    year = today(picked).year - 124
    return {
        "birth_date": [
            f"{min(b.day, 28):02d}/{b.month:02d}/{year + k}"
            for b, k in zip(born(picked), luck(picked, 3), strict=True)
        ]
    }


def year_conflict(picked: Picked) -> Changes:
    steps = [k - 5 if k < 5 else k - 4 for k in luck(picked, 10)]
    this_year = today(picked).year
    found: Texts = []
    for b, k in zip(born(picked), steps, strict=True):
        step = -abs(k) if b.year + k >= this_year - 1 else k
        found.append(f"{min(b.day, 28):02d}/{b.month:02d}/{b.year + step}")
    return {"birth_date": only_with_number(picked, found)}


def month_first(text: str) -> str | None:
    day, month, year = text.split("/")
    return f"{month}/{day}/{year}" if int(day) > 12 else text


def swapped(text: str) -> str | None:
    day, month, year = text.split("/")
    return f"{month}/{day}/{year}" if int(day) <= 12 and day != month else text


def birth_differs(picked: Picked) -> Changes:
    found: Texts = []
    for b, k in zip(born(picked), luck(picked, 27), strict=True):
        other = (b.day + k) % 28 + 1
        found.append(KEEP if other == b.day else f"{other:02d}/{b.month:02d}/{b.year}")
    return {"birth_date": found}


def year_only(picked: Picked) -> Changes:
    limit = today(picked).year - 60
    return {"birth_date": [str(b.year) if b.year < limit else KEEP for b in born(picked)]}


def card_before_birth(picked: Picked) -> Changes:
    cells = picked.cells("card_issued")
    return {
        "card_issued": [
            KEEP if c is None else f"{min(b.day, 28):02d}/{b.month:02d}/{b.year - 1 - k}"
            for c, b, k in zip(cells, born(picked), luck(picked, 4), strict=True)
        ]
    }


def to_later_year(role: str) -> Flaw:
    def flaw(picked: Picked) -> Changes:
        cells = picked.cells(role)
        return {
            role: [
                KEEP if c is None else f"{c[:6]}{2031 + k}" if c[:5] != "29/02" else KEEP
                for c, k in zip(cells, luck(picked, 8), strict=True)
            ]
        }

    return flaw


def card_expired(picked: Picked) -> Changes:
    """The card ran out at the last renewal age: issued early enough, never renewed."""
    now = today(picked)
    issued: Texts = []
    ends: Texts = []
    for b in born(picked):
        turn = next((a for a in (60, 40, 25) if b.year + a < now.year <= b.year + a + 14), None)
        if turn is None:
            issued.append(KEEP)
            ends.append(KEEP)
            continue
        day = min(b.day, 28)
        issued.append(f"{day:02d}/{b.month:02d}/{max(b.year + turn - 4, b.year + 14)}")
        ends.append(f"{day:02d}/{b.month:02d}/{b.year + turn}")
    return {"card_expires": ends, "card_issued": issued}
