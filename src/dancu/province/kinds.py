"""What each kind of flaw does to a cell; the table `errors.csv` says where and how often."""

from __future__ import annotations

import unicodedata

import numpy as np

from dancu.lib.text import strip_marks
from dancu.province import days, places
from dancu.province.families import FEMALE, MALE, Ints
from dancu.province.flaws import KEEP, Changes, Flaw, Picked, Texts
from dancu.province.picking import (
    NUMBER,
    born,
    each,
    first_of,
    luck,
    only_with_number,
    or_keep,
)

_NAME = ("full_name", "given_name")
_ADDRESS = ("address", "commune")
_TONES = {"òa": "oà", "óa": "oá", "ỏa": "oả", "úy": "uý", "ùy": "uỳ", "ủy": "uỷ", "óe": "oé"}
_SLIPS = {
    "Nguyễn": "Nguyển", "Hương": "Hường", "Thủy": "Thúy", "Hùng": "Hưng", "Dũng": "Dung", "Lan": "Loan",
    "Hải": "Hãi", "Tuấn": "Tuân", "Linh": "Ninh", "Trang": "Chang", "Sơn": "Xơn", "Vinh": "Vình",
}  # fmt: skip
_ENDS = {"n": "ng", "g": "n", "t": "c", "c": "t", "m": "n", "i": "y", "h": "nh"}


def _home_missing(picked: Picked) -> Changes:
    roles = [r for r in ("address", "commune", "district", "commune_code") if picked.has(r)]
    return {role: [None] * len(picked) for role in roles}


def _sex_conflict(picked: Picked) -> Changes:
    other = {"Nam": "Nữ", "Nữ": "Nam"}
    return {
        "sex": only_with_number(picked, [other.get(t or "", KEEP) for t in picked.cells("sex")])
    }


def _married_too_young(picked: Picked) -> Changes:
    young = picked.world.age(picked.people, picked.draft.day) < 17.5
    return {"marital_status": ["Đang có vợ/chồng" if y else KEEP for y in young]}


def _marital_old(picked: Picked) -> Changes:
    cells = picked.cells("marital_status")
    return {
        "marital_status": ["Chưa kết hôn" if (c or "").startswith("Đang") else KEEP for c in cells],
        "spouse_name": [None if (c or "").startswith("Đang") else KEEP for c in cells],
    }


def _relation_conflict(picked: Picked) -> Changes:
    other = {"Vợ": "Chồng", "Chồng": "Vợ"}
    return {
        "relation_to_head": [other.get(t or "", KEEP) for t in picked.cells("relation_to_head")]
    }


def _mother_younger(picked: Picked) -> Changes:
    """The number of a younger woman of the same list, ten years or less above in its order."""
    world = picked.world
    women = picked.draft.people[world.family.sex[picked.draft.people] == FEMALE]
    women = women[np.argsort(world.family.birth[women], kind="stable")]
    later = np.searchsorted(world.family.birth[women], world.family.birth[picked.people] + 400)
    at = later + picked.rng.integers(0, 50, len(picked))
    known = [c is not None for c in picked.cells("mother_number")]
    return {
        "mother_number": [
            f"{world.number[women[i]]:012d}" if i < len(women) and k else KEEP
            for i, k in zip(at, known, strict=True)
        ]
    }


def _birth_place_conflict(picked: Picked) -> Changes:
    away = places.elsewhere("25")
    born_in = picked.world.born_in[picked.people]
    found: Texts = [
        away[k % 20] if p == 24 else KEEP for p, k in zip(born_in, luck(picked, 20), strict=True)
    ]
    return {"birth_place": only_with_number(picked, found)}


def _death_before_birth(picked: Picked) -> Changes:
    return {
        "death_date": [
            f"{min(b.day, 28):02d}/{b.month:02d}/{b.year - 1 - k}"
            for b, k in zip(born(picked), luck(picked, 5), strict=True)
        ]
    }


def _letter_o(text: str) -> str:
    return text[:3] + text[3:].replace("0", "O", 1)


def _spaced(text: str) -> str:
    return f"{text[:3]} {text[3:6]} {text[6:9]} {text[9:]}"


def _scientific(text: str) -> str:
    return f"{int(text[:3]) / 100:.2f}E+11"


def _capitals(text: str) -> str:
    return text.upper()


def _tone_place(text: str) -> str:
    for now, then in _TONES.items():
        # Only where the vowels end the syllable do the two styles differ.
        for word in text.split():
            if word.endswith(now) and not word.lower().startswith("qu"):
                return text.replace(word, word.replace(now, then))
    return text


def _typo(picked: Picked) -> Changes:
    role = first_of(picked, _NAME)
    return {
        role: [_slip(t or "", k) for t, k in zip(picked.cells(role), luck(picked, 3), strict=True)]
    }


def _slip(text: str, luck: int) -> str | None:
    for right, wrong in _SLIPS.items():
        if luck and right in text.split():
            return " ".join(wrong if w == right else w for w in text.split())
    *front, last = text.split()
    if luck == 1 and len(front) > 1:
        return " ".join([*front[:1], *front[2:], last])
    end = _ENDS.get(last[-1:], "")
    return " ".join([*front, last[:-1] + end]) if end else " ".join([*front, last + "h"])


def _other_digit(picked: Picked) -> Changes:
    role = first_of(picked, NUMBER)
    found: Texts = []
    for text, k in zip(picked.cells(role), luck(picked, 54), strict=True):
        at = 6 + k // 9
        found.append(
            KEEP
            if text is None
            else f"{text[:at]}{(int(text[at]) + 1 + k % 9) % 10}{text[at + 1 :]}"
        )
    return {role: found}


def _old_kind(picked: Picked) -> Changes:
    old = picked.world.old_number[picked.people]
    role = first_of(picked, NUMBER)
    return {role: [f"{n:09d}" if n else KEEP for n in old]}


def _absent(picked: Picked) -> Changes:
    role = first_of(picked, NUMBER)
    return {role: [KEEP if t is None else None for t in picked.cells(role)]}


def _number_shared(picked: Picked) -> Changes:
    """The number of the person next in age with the same sex and year of birth."""
    world, draft = picked.world, picked.draft
    role = first_of(picked, NUMBER)
    mine = picked.people
    everyone = draft.people
    key = _sex_year(world.year[everyone], world.family.sex[everyone])
    order = np.argsort(key, kind="stable")
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    other = order[(place[picked.rows] + 1) % len(order)]
    same = key[other] == key[picked.rows]
    different = everyone[other] != mine
    picked.reserved[other[same & different]] = True
    picked.log.note(other[same & different], "number_shared", "personal_number", 3, "affected")
    numbers = draft.cells[role].take(other).to_pylist()
    return {
        role: [
            n if n and n.isdigit() and int(n) and s and d else KEEP
            for n, s, d in zip(numbers, same, different, strict=True)
        ]
    }


def _sex_year(year: Ints, sex: Ints) -> Ints:
    return np.asarray(year * 2 + (sex == MALE))


def _unknown_code(picked: Picked) -> Changes:
    return {"commune_code": ["99999"] * len(picked), "commune": ["Xã Hoa Đào Mới"] * len(picked)}


def _unknown_commune(picked: Picked) -> Changes:
    parts = [(t or "").split(", ") for t in picked.cells("address")]
    return {"address": [", ".join([*p[:-3], "Xã Hoa Đào Mới", *p[-2:]]) for p in parts]}


def _commune_retired(picked: Picked) -> Changes:
    """The commune's name of before 2020 where today's was merged from several."""
    found: Texts = []
    for text, k in zip(picked.cells("address"), luck(picked, 60), strict=True):
        parts = (text or "").split(", ")
        names = places.former().get(", ".join(parts[-3:-1]), ())
        old = names[k % len(names)] if names else ""
        found.append(", ".join([*parts[:-3], old, *parts[-2:]]) if old else KEEP)
    return {"address": found}


def _home_other(picked: Picked) -> Changes:
    cells = picked.draft.cells["address"]
    other = picked.rng.integers(0, len(cells), len(picked))
    return {
        "address": [
            or_keep(a or "", b)
            for a, b in zip(picked.cells("address"), cells.take(other).to_pylist(), strict=True)
        ]
    }


def _head_missing(picked: Picked) -> Changes:
    """The head is written as `Khác`; everybody of the household is then without a head."""
    f = picked.world.family
    household = f.household[picked.draft.people]
    others = np.bincount(household, minlength=f.households)[f.household[picked.people]] > 1
    able = others & f.head[picked.people]
    hit = np.isin(household, f.household[picked.people[able]])
    rows = np.flatnonzero(hit).astype(np.int32)
    picked.log.note(rows, "head_missing", "household_number", 5, "affected")
    return {"relation_to_head": ["Khác" if a else KEEP for a in able]}


FLAWS: dict[str, Flaw] = {
    "head_missing": _head_missing,
    "number_missing": each(NUMBER, lambda t: None),
    "sex_missing": each(("sex",), lambda t: None),
    "ethnic_missing": each(("ethnic",), lambda t: None),
    "birth_missing": each(("birth_date",), lambda t: None),
    "household_missing": each(("household_number",), lambda t: None),
    "home_missing": _home_missing,
    "number_placeholder": each(NUMBER, lambda t: "000000000000"),
    "birth_placeholder": each(("birth_date",), lambda t: "01/01/1900"),
    "name_placeholder": each(("full_name",), lambda t: "Chưa rõ"),
    "ethnic_placeholder": each(("ethnic",), lambda t: "Không rõ"),
    "birth_in_future": days.birth_in_future,
    "birth_too_old": days.birth_too_old,
    "birth_before_1900": days.birth_before_1900,
    "card_before_birth": days.card_before_birth,
    "card_in_future": days.to_later_year("card_issued"),
    "amount_absurd": each(("benefit_amount",), lambda t: t + "000000"),
    "licence_in_future": days.to_later_year("licence_issued"),
    "number_shared": _number_shared,
    "number_letter_o": each(NUMBER, _letter_o),
    "number_spaced": each(NUMBER, _spaced),
    "number_scientific": each(NUMBER, _scientific),
    "number_short": each(NUMBER, lambda t: t[:-1]),
    "birth_month_first": each(("birth_date",), days.month_first),
    "name_decomposed": each(_NAME, lambda t: unicodedata.normalize("NFD", t)),
    "name_capitals": each(_NAME, _capitals),
    "name_tone_place": each(_NAME, _tone_place),
    "name_double_blanks": each(_NAME, lambda t: t.replace(" ", "  ")),
    "phone_lost_zero": each(("phone",), lambda t: t.removeprefix("0")),
    "commune_code_unknown": _unknown_code,
    "commune_unknown": _unknown_commune,
    "commune_retired": _commune_retired,
    "sex_conflict": _sex_conflict,
    "birth_year_conflict": days.year_conflict,
    "mother_younger": _mother_younger,
    "married_too_young": _married_too_young,
    "birth_place_conflict": _birth_place_conflict,
    "death_before_birth": _death_before_birth,
    "relation_conflict": _relation_conflict,
    "card_expired": days.card_expired,
    "marital_old": _marital_old,
    "name_typo": _typo,
    "birth_differs": days.birth_differs,
    "number_digit": _other_digit,
    "number_absent": _absent,
    "number_old_kind": _old_kind,
    "birth_year_only": days.year_only,
    "name_unmarked": each(_NAME, strip_marks),
    "birth_swapped": each(("birth_date",), days.swapped),
    "home_other": _home_other,
}
