"""From the roles that a list's headings were mapped to, to one raw text per field.

Several lists write one field in several cells (day, month and year apart; a tick under «Nam» or «Nữ»; surname and
given name apart; one column for both kinds of identity number). Each expression here is SQL over the raw
table `r` and gives that field's text as written, or NULL. Nothing is judged here.
"""

from __future__ import annotations

from collections.abc import Set

from dancu.reference.fields import fields

_DIGITS = "regexp_replace({0}, '[^0-9]', '', 'g')"


def raw_expression(field: str, roles: Set[str]) -> str | None:
    """SQL that gives the raw text of `field` from the `roles` a source has; None when it has none of them."""
    special = _SPECIAL.get(field)
    parts = special(roles) if special else []
    if field in roles and not special:
        parts = [_cell(field)]
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else f"coalesce({', '.join(parts)})"


def present_fields(roles: Set[str]) -> tuple[str, ...]:
    """Standard fields that can be filled from these roles, in the dictionary's order."""
    return tuple(
        f.field
        for f in fields().values()
        if f.standard and raw_expression(f.field, roles) is not None
    )


def _cell(role: str) -> str:
    return f"nullif(trim(r.{role}), '')"


def _cells(roles: Set[str], *names: str) -> list[str]:
    return [_cell(name) for name in names if name in roles]


def _full_name(roles: Set[str]) -> list[str]:
    parts = _cells(roles, "full_name")
    if halves := _cells(roles, "surname_middle", "given_name"):
        parts.append(f"nullif(concat_ws(' ', {', '.join(halves)}), '')")
    return parts


def _birth_date(roles: Set[str]) -> list[str]:
    parts = _cells(roles, "birth_date")
    if "birth_year_part" in roles:
        day, month = (
            f"coalesce({_cell(name)}, '0')" if name in roles else "'0'"
            for name in ("birth_day_part", "birth_month_part")
        )
        year = _cell("birth_year_part")
        # Lists put a whole date in the «Năm sinh» column as readily as a year.
        whole = f"length({year}) > 4"
        parts.append(
            f"CASE WHEN {whole} THEN {year} ELSE {day} || '/' || {month} || '/' || {year} END"
        )
    return parts + _cells(roles, "birth_year_male", "birth_year_female")


def _sex(roles: Set[str]) -> list[str]:
    parts = _cells(roles, "sex")
    for role, word in (
        ("male_tick", "Nam"),
        ("female_tick", "Nữ"),
        ("birth_year_male", "Nam"),
        ("birth_year_female", "Nữ"),
    ):
        if role in roles:
            parts.append(f"CASE WHEN {_cell(role)} IS NOT NULL THEN '{word}' END")
    if "female_tick" in roles:
        parts.append(f"CASE WHEN {_alone('female_tick', 'male_tick')} THEN 'Nam' END")
    if "male_tick" in roles:
        parts.append(f"CASE WHEN {_alone('male_tick', 'female_tick')} THEN 'Nữ' END")
    return parts


def _alone(tick: str, other: str) -> str:
    """The list ticks one sex only, so an empty cell is the other."""
    return f"""(f.mapping LIKE '%"{tick}"%' AND f.mapping NOT LIKE '%"{other}"%' AND f.mapping NOT LIKE '%"sex"%')"""


def _looks_old(role: str) -> str:
    digits = _DIGITS.format(_cell(role))
    return f"(length({digits}) = 9 AND length({_cell(role)}) <= 13)"


def _personal_number(roles: Set[str]) -> list[str]:
    return [
        f"CASE WHEN NOT {_looks_old(role)} THEN {_cell(role)} END"
        for role in ("personal_number", "id_number")
        if role in roles
    ]


def _old_number(roles: Set[str]) -> list[str]:
    return _cells(roles, "old_number") + [
        f"CASE WHEN {_looks_old(role)} THEN {_cell(role)} END"
        for role in ("id_number", "personal_number")
        if role in roles
    ]


def _address(roles: Set[str]) -> list[str]:
    """The permanent address in one text: `code#head|places`, where code and head may be missing.

    Where the commune has a column of its own, only the columns of places say which unit it is; house and
    hamlet go before the stroke, since a hamlet can bear a commune's name.
    """
    places = _cells(roles, "commune", "district", "province")
    parts = _cells(roles, "address")
    if "commune" in roles:
        heads = parts + _cells(roles, "hamlet")
        head = f"coalesce({', '.join(heads)}, '')" if heads else "''"
        text = f"replace({head}, '|', ' ') || '|' || concat_ws(', ', {', '.join(places)})"
        parts.insert(0, f"CASE WHEN {_cell('commune')} IS NOT NULL THEN {text} END")
    if "commune_code" not in roles:
        return parts
    code = f"{_cell('commune_code')} || '#'"
    text = f"coalesce({', '.join(parts)}, '')" if parts else "''"
    return [f"({code} || {text})", *parts]


def _bank(roles: Set[str]) -> list[str]:
    return _cells(roles, "bank_name")


def _bank_account(roles: Set[str]) -> list[str]:
    """`account|bank` where the bank has a column of its own."""
    if "bank_name" not in roles:
        return _cells(roles, "bank_account")
    bank = f"coalesce({_cell('bank_name')}, '')"
    return [f"({cell} || '|' || {bank})" for cell in _cells(roles, "bank_account")]


def _current_address(roles: Set[str]) -> list[str]:
    return _cells(roles, "current_address")


_SPECIAL = {
    "full_name": _full_name,
    "birth_date": _birth_date,
    "sex": _sex,
    "personal_number": _personal_number,
    "old_number": _old_number,
    "permanent_unit": _address,
    "temporary_unit": _current_address,
    "bank_bin": _bank,
    "bank_account": _bank_account,
}
