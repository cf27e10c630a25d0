"""Claims against what the register says: one verdict an attribute, the states, and the result.

An answer opens only for who names the person: a name that agrees or nearly, a name with one other word and the whole
day of birth, or (no name given) the day of birth and one thing more. Else it is `not_identified` whoever the number
belongs to, in the same shape as for a number that nobody bears: the answer is no way to ask who exists.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Any

from dancu.engine.verify import dates, names, places
from dancu.engine.verify.known import Known
from dancu.engine.verify.model import Answer, Asked, Attribute, Result
from dancu.engine.verify.names import Said
from dancu.formats import FORMATS
from dancu.reference import codes

NAMES = ("full_name", "father_name", "mother_name", "spouse_name")
NUMBERS = (
    "personal_number", "old_number", "bhxh_number", "bhyt_card", "tax_code", "driving_licence", "phone",
    "household_number",
)  # fmt: skip
DATES = ("birth_date", "card_issued", "card_expires")
CODES = ("sex", "ethnic", "nationality")
PLACES: dict[str, Callable[[str, Known, dt.date], Said]] = {
    "commune": places.lives, "address": places.lives, "lived_in": places.lived,
}  # fmt: skip
ATTRIBUTES = (*NAMES, *NUMBERS, *DATES, *CODES, *PLACES, "age_over")
"""Everything that may be claimed."""

GROUP_OF = {
    "lived_in": "residence", "commune": "residence", "address": "residence", "age_over": "identity",
}  # fmt: skip
"""The group of fields of the attributes that are no fields themselves."""
COLUMNS = (
    *NAMES, *NUMBERS, "birth_year", "birth_month", "birth_day", "birth_earliest", "birth_latest", "card_issued",
    "card_expires", "card_status", "number_status", "life_status", *CODES, "permanent_unit", "temporary_unit",
)  # fmt: skip
"""The columns of the register that `compare` reads."""


def compare(
    asked: Asked, known: Known | None, *, on: dt.date, values: Collection[str] = ()
) -> Answer:
    """The answer as of a day; `values`: the attributes whose value itself may be told."""
    if known is None:
        return not_identified(asked, on=on)
    told = tuple(_attribute(name, text, asked, known, on) for name, text in asked.claims.items())
    if not _is_named(told):
        return not_identified(asked, on=on)
    if values:
        told = tuple(_with_value(one, known) if one.name in values else one for one in told)
    person = {"1": "alive", "2": "dead", "3": "missing"}.get(known.text("life_status"), "unknown")
    return Answer(
        _result(told), told, _card(asked, known, on), _number(asked, known), person, on
    )  # fmt: skip


def not_identified(asked: Asked, *, on: dt.date) -> Answer:
    """The same for a number that nobody bears, one of another name, and one out of reach."""
    return Answer(
        "not_identified", tuple(Attribute(name, "unknown") for name in asked.claims), on=on
    )


def _attribute(name: str, text: str, asked: Asked, known: Known, on: dt.date) -> Attribute:
    return Attribute(name, *_said(name, text, asked, known, on))


def _said(name: str, text: str, asked: Asked, known: Known, on: dt.date) -> Said:
    if name in NAMES:
        former = known.former.get(name, ())
        return names.compare(text, known.text(name), former, plain=asked.read_from == "mrz")
    if name in NUMBERS:
        return _numbers(name, text, known)
    if name == "birth_date":
        return dates.compare(text, known.birth)
    if name in DATES:
        return _card_date(name, text, known)
    if name in CODES:
        return _codes(name, text, known)
    if name == "age_over":
        return dates.is_of_age(text, known, on)
    return PLACES[name](text, known, on)


def _numbers(name: str, text: str, known: Known) -> Said:
    claim = FORMATS[name].compact(text) if name in FORMATS else text.strip()
    if not claim:
        return "unknown", "unreadable"
    here = known.text(name)
    if claim == here:
        return "match", ""
    if claim in known.former.get(name, ()):
        return "close", "former_value"
    if not here:
        return "unknown", "not_in_register"
    return ("close", "one_digit") if names.edited(claim, here) else ("mismatch", "")


def _card_date(name: str, text: str, known: Known) -> Said:
    here = dates.of(known.values.get(name))
    said = dates.compare(text, here)
    parts = dates.read(text)
    if said[0] == "mismatch" and parts is not None:
        return "mismatch", "replaced" if parts < here else "newer_than_register"
    return said


def _codes(name: str, text: str, known: Known) -> Said:
    here = known.text(name)
    listed: Any = getattr(codes, name)
    claim = listed.from_text(text[:60])
    if not here or here == "0":
        return "unknown", "not_in_register"
    if claim is None:
        return "unknown", "unreadable"
    return ("match", "") if claim == here else ("mismatch", "")


def _is_named(told: tuple[Attribute, ...]) -> bool:
    said = {one.name: one for one in told}
    name, birth = said.get("full_name"), said.get("birth_date")
    born = birth is not None and birth.verdict == "match"
    if name is not None:
        slip = name.reason in ("one_word", "one_letter")
        return name.verdict in ("match", "close") or (slip and born)
    more = [one for one in told if one.name not in ("birth_date", "sex", "age_over")]
    return born and any(one.verdict == "match" for one in more)


def _result(told: tuple[Attribute, ...]) -> Result:
    verdicts = {one.verdict for one in told}
    if "mismatch" in verdicts:
        return "mismatch"
    return "close" if "close" in verdicts else "confirmed"


def _with_value(one: Attribute, known: Known) -> Attribute:
    """Told only where it is not what was claimed."""
    if one.verdict == "match" or one.name in ("age_over", "lived_in"):
        return one
    column = "permanent_unit" if one.name in ("commune", "address") else one.name
    value = (
        "-".join(f"{n:02d}" for n in known.birth if n)
        if column == "birth_date"
        else known.text(column)
    )
    return replace(one, value=value or None)


def _card(asked: Asked, known: Known, on: dt.date) -> str:
    """The state of the card that was shown, or of the last one that the register knows."""
    if known.text("life_status") == "2":
        return "holder_dead"
    if known.text("card_status") == "lost":
        return "lost"
    issued = known.values.get("card_issued")
    shown = dates.read(asked.claims["card_issued"]) if asked.claims.get("card_issued") else None
    if issued is not None and shown is not None and shown != dates.of(issued):
        return "replaced" if shown < dates.of(issued) else "newer_than_register"
    expires = known.values.get("card_expires")
    if expires is not None and expires < on:
        return "expired"
    return "valid" if issued is not None or expires is not None else "unknown"


def _number(asked: Asked, known: Known) -> str:
    """Of a number that the person no longer bears: it was established anew."""
    if not asked.number:
        return "old"
    if asked.number != known.text("personal_number"):
        return "reestablished"
    return "cancelled" if known.text("number_status") == "cancelled" else "in_force"


def warm() -> None:
    """Compile and load what the first answer would otherwise wait for."""
    known = Known({"full_name": "Nguyễn Văn Mẫu", "birth_year": 1990, "birth_month": 1, "birth_day": 2,
                   "permanent_unit": "07204"})  # fmt: skip
    claims = {
        "full_name": "nguyen vam mau",
        "birth_date": "2/1/1990",
        "address": "Trần Nguyên Hãn, Bắc Giang",
    }
    compare(Asked("924090000001", claims=claims), known, on=dt.date(2024, 6, 21))
