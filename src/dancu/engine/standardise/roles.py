"""From the roles that a list's headings were mapped to, to one raw text per field.

Several lists write one field in several cells (day, month and year apart; a tick under «Nam» or «Nữ»; surname and
given name apart; one column for both kinds of identity number). Each expression here gives that field's text as
written, or nothing; `texts` renders it as SQL for a list and reads it for one record. Nothing is judged here.
"""

from __future__ import annotations

from collections.abc import Set

from dancu.engine.standardise.texts import (
    Cell,
    Expression,
    Filled,
    First,
    Glued,
    Joined,
    Longer,
    OldNumber,
    OnlyTicked,
    Text,
    When,
    Without,
)
from dancu.reference.fields import fields

_NOTHING = Text("")


def raw_text(field: str) -> Expression | None:
    """The expression for the raw text of `field`; None for a field that no cell can fill."""
    if field in _SPECIAL:
        return _SPECIAL[field]
    return Cell(field) if fields()[field].raw else None


def raw_expression(field: str, roles: Set[str]) -> str | None:
    """SQL that gives the raw text of `field` from the `roles` a source has; None when it has none of them."""
    text = raw_text(field)
    return text.sql(roles) if text else None


def present_fields(roles: Set[str]) -> tuple[str, ...]:
    """Standard fields that can be filled from these roles, in the dictionary's order."""
    return tuple(
        f.field
        for f in fields().values()
        if f.standard and raw_expression(f.field, roles) is not None
    )


def _number(*roles: str, old: bool) -> list[Expression]:
    """Cells for either kind of identity number, where they look like the kind that is wanted."""
    return [When(OldNumber(Cell(role), wanted=old), Cell(role)) for role in roles]


def _birth_date() -> Expression:
    year = Cell("birth_year_part")
    day, month = (First(Cell(f"birth_{part}_part"), Text("0")) for part in ("day", "month"))
    parts = Glued(day, Text("/"), month, Text("/"), year)
    return First(
        Cell("birth_date"),
        # Lists put a whole date in the «Năm sinh» column as readily as a year.
        When(Longer(year, 4), year, parts),
        Cell("birth_year_male"),
        Cell("birth_year_female"),
    )


def _sex() -> Expression:
    words = {
        "male_tick": "Nam",
        "female_tick": "Nữ",
        "birth_year_male": "Nam",
        "birth_year_female": "Nữ",
    }
    return First(
        Cell("sex"),
        *(When(Filled(Cell(role)), Text(word)) for role, word in words.items()),
        When(OnlyTicked("female_tick", other="male_tick"), Text("Nam")),
        When(OnlyTicked("male_tick", other="female_tick"), Text("Nữ")),
    )


def _address() -> Expression:
    """The permanent address in one text: `code#head|places`, where code and head may be missing.

    Where the commune has a column of its own, only the columns of places say which unit it is; house and
    hamlet go before the stroke, since a hamlet can bear a commune's name.
    """
    address, commune = Cell("address"), Cell("commune")
    head = Without("|", First(address, Cell("hamlet"), _NOTHING))
    places = Joined(", ", commune, Cell("district"), Cell("province"))
    apart = When(Filled(commune), Glued(head, Text("|"), places))
    coded = Glued(Cell("commune_code"), Text("#"), First(apart, address, _NOTHING))
    return First(coded, apart, address)


_SPECIAL: dict[str, Expression] = {
    "full_name": First(Cell("full_name"), Joined(" ", Cell("surname_middle"), Cell("given_name"))),
    "birth_date": _birth_date(),
    "sex": _sex(),
    "personal_number": First(*_number("personal_number", "id_number", old=False)),
    "old_number": First(Cell("old_number"), *_number("id_number", "personal_number", old=True)),
    "permanent_unit": _address(),
    "temporary_unit": Cell("current_address"),
    "bank_bin": Cell("bank_name"),
    # The account's own bank, also where no bank has a column of its own: `account|bank`.
    "bank_account": Glued(
        Without("|", Cell("bank_account")), Text("|"), First(Cell("bank_name"), _NOTHING)
    ),
}
