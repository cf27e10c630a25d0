"""How the text of one cell becomes a standard value: a reader per kind of field.

A reader is a pure function `(raw, dialect) -> Reading`, applied to distinct texts only. `dialect` is what was found out
about the whole column: a legacy encoding for words, an order of day and month for dates, "" for neither.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from inspect import signature
from types import ModuleType
from typing import NamedTuple

from dancu.engine.ports import Context
from dancu.engine.spec import SectorSpec
from dancu.formats import FORMATS, bank_account
from dancu.formats.errors import FormatError
from dancu.lib.legacy_encodings import ENCODINGS, decode
from dancu.lib.repair import repair, repair_steps
from dancu.lib.text import fold, key
from dancu.reference.codes import LISTS, EthnicList
from dancu.reference.events import stated_kinds
from dancu.reference.fields import Field
from dancu.reference.ids import bank_keys, banks
from dancu.reference.names import known_surnames


class Reading(NamedTuple):
    """A standard value (NULL when there is none), why there is none, and the repairs made."""

    value: str | int | None = None
    issue: str | None = None
    fix: str | None = None


Reader = Callable[[str, str], Reading]

LONGEST = 500
"""Letters of a cell that may be a name, a number, a date or a place; a longer one is not looked into, so that no
pattern can be made to work for long. Nothing is cut off: the cell stays beside as it was given."""
_LONGEST_AMOUNT = 15
"""Digits of an amount of money; more are a slip, and beyond 18 no column could hold them."""

_SEPARATORS = re.compile(r"[\s.\-–/]")
_PLACEHOLDERS = frozenset(
    [
        "khong ro",
        "khong co",
        "chua ro",
        "chua co",
        "khong",
        "ko",
        "khong biet",
        "chua xac dinh",
        "chua cap nhat",
        "n a",
        "na",
        "null",
        "none",
        "x",
        "xx",
        "xxx",
    ]
)

_UNKNOWN = frozenset(("chua co thong tin", "khong ro", "khong xac dinh"))
"""Values of the code lists that say that nothing is known."""


def reader_of(field: Field, context: Context, spec: SectorSpec) -> Reader:
    """The reader of a field's cells in one source; dates and addresses have kernels of their own."""
    odd = {fold(k): v for k, v in spec.lookups.get(field.field, {}).items()}
    reader = _kind(field, context, spec)
    issue = _issue_of_length(field)
    return _with_lookups(_bounded(reader, issue) if issue else reader, odd)


def _issue_of_length(field: Field) -> str:
    """What the field already says of a cell that is too long to be one; "" where a text may have any length."""
    if field.format.startswith("codes."):
        return "not_in_list"
    if field.type == "money":
        return "not_a_number"
    if not field.format:
        return ""
    reasons = FORMATS[field.format].REASONS
    return next(r for r in ("length", "shape", "fields", "not_found", "not_a_date") if r in reasons)


def _bounded(reader: Reader, issue: str) -> Reader:
    return lambda raw, dialect: (
        reader(raw, dialect) if len(raw) <= LONGEST else Reading(issue=issue)
    )


def _kind(field: Field, context: Context, spec: SectorSpec) -> Reader:
    if field.field in OWN_READERS:
        return OWN_READERS[field.field]
    if field.format.startswith("codes."):
        return _code_reader(field.format.removeprefix("codes."), spec)
    if field.format == "person_name":
        return read_name
    if field.type == "money":
        return read_money
    if field.format:
        return _format_reader(field, test_people=context.test_people)
    return read_text


def _with_lookups(reader: Reader, odd: Mapping[str, str]) -> Reader:
    if not odd:
        return reader
    return lambda raw, dialect: reader(odd.get(fold(raw), raw), dialect)


def decoded(raw: str, dialect: str) -> tuple[str, list[str]]:
    """The text in Unicode, and what was done to it."""
    return (decode(raw, dialect), [dialect]) if dialect in ENCODINGS else (raw, [])


def is_placeholder(text: str) -> bool:
    """Words and strokes that stand for «nothing known»."""
    folded = fold(text)
    return not folded or folded in _PLACEHOLDERS


def read_text(raw: str, dialect: str) -> Reading:
    """Plain text without a format of its own."""
    text = repair(decoded(raw, dialect)[0])
    return Reading() if is_placeholder(text) else Reading(text)


def read_name(raw: str, dialect: str) -> Reading:
    """A person's name in its standard spelling; the repairs are named, a lost set of marks too."""
    module = FORMATS["person_name"]
    text, fixes = decoded(raw, dialect)
    try:
        name = module.validate(text)
    except FormatError as error:
        return Reading(issue=error.reason)
    if name != text:
        repaired, steps = repair_steps(text)
        fixes += steps
        if repaired != name:
            fixes.append("capitals")
    if lacks_marks(name):
        fixes.append("no_marks")
    return Reading(name, fix=",".join(fixes) or None)


def lacks_marks(name: str) -> bool:
    """Whether a name was surely typed without its marks: a surname or middle name that never stands so.

    >>> lacks_marks("Nguyen Van Hung"), lacks_marks("Mai Anh"), lacks_marks("Nguyễn Văn An")
    (True, False, False)
    """
    words = name.split(" ")
    return name.isascii() and (
        fold(words[0]) in _always_marked() or "Thi" in words[1:-1] or "Van" in words[1:-1]
    )


@cache
def _always_marked() -> frozenset[str]:
    """Folded surnames that are written with a mark wherever they are known."""
    marked = {fold(name) for name in known_surnames() if not name.isascii()}
    return frozenset(marked - {fold(name) for name in known_surnames() if name.isascii()})


def read_event(raw: str, dialect: str) -> Reading:
    """The kind of an event, as `lookups.event_kind` of the source translates it."""
    return Reading(raw) if raw in stated_kinds() else Reading(issue="not_in_list")


def read_bank(raw: str, dialect: str) -> Reading:
    """A bank's identification number, from its number or any of its names."""
    found = bank_keys().get(key(raw))
    return Reading(found) if found else Reading(raw if raw in banks() else None)


def read_bank_account(raw: str, dialect: str) -> Reading:
    """`account|bank`: the account with its bank's number before it."""
    account, _, bank = raw.partition("|")
    try:
        return Reading(bank_account.validate(account, bank=bank or None))
    except FormatError as error:
        return Reading(issue=error.reason)


def read_money(raw: str, dialect: str) -> Reading:
    """Whole đồng: `1.234.567 đ`, `360000`, `360,000.00`; anything else has the issue `not_a_number`."""
    text = re.sub(r"(?i)(đồng|dong|vnd|vnđ|đ)\.?$", "", raw.strip()).strip()
    text = re.sub(r"[.,]0{1,2}$", "", text) if re.search(r"[.,]0{1,2}$", text) else text
    digits = re.sub(r"[.,\s](?=\d{3}(\D|$))", "", text)
    if digits.isdecimal() and len(digits) <= _LONGEST_AMOUNT:
        return Reading(int(digits))
    return Reading(issue="not_a_number")


def _code_reader(name: str, spec: SectorSpec) -> Reader:
    codes = LISTS[name]
    unknown = {c.code for c in codes.codes if fold(c.name_vi) in _UNKNOWN}

    def read(raw: str, dialect: str) -> Reading:
        text, fixes = decoded(raw, dialect)
        text = repair(text)
        if isinstance(codes, EthnicList):
            found = codes.code(text, scheme="2008" if spec.ethnic_scheme == "2008" else "1979")
        else:
            found = codes.from_text(text)
        if found is None or found in unknown:
            return Reading(issue="placeholder" if found or is_placeholder(text) else "not_in_list")
        return Reading(found, fix=",".join(fixes) or None)

    return read


def _format_reader(field: Field, *, test_people: bool) -> Reader:
    module = FORMATS[field.format]
    extra = {"test_people": True} if test_people and _knows_test_people(module) else {}

    def read(raw: str, dialect: str) -> Reading:
        try:
            value = module.validate(raw, **extra)
        except FormatError as error:
            return Reading(issue=error.reason)
        fix = _written_otherwise(raw, value)
        if field.field == "personal_number" and fix is None and raw != value:
            fix = "separators"
        return Reading(value, fix=fix)

    return read


def _knows_test_people(module: ModuleType) -> bool:
    return "test_people" in signature(module.validate).parameters


def _written_otherwise(raw: str, value: str) -> str | None:
    """Blanks, dots and dashes are a way to write a number; other differences are repairs."""
    bare, wanted = _SEPARATORS.sub("", raw), _SEPARATORS.sub("", value)
    return None if bare.upper() == wanted.upper() else "characters"


OWN_READERS: dict[str, Reader] = {
    "event_kind": read_event,
    "bank_bin": read_bank,
    "bank_account": read_bank_account,
}
