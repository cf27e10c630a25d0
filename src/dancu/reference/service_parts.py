"""What a procedure is made of on a day: parts of the dossier, steps, fields of the form, and linked procedures.

Sources: `services/parts.csv`, `steps.csv`, `fields.csv`, `bundles.csv`; each row tells its law and how sure it is
(high, medium, low: general knowledge that must be compared with the published procedure).

>>> [part.code for part in parts("1.004222", on=date(2024, 6, 21)) if part.proved_by.startswith("register:")]
['identity', 'family_tie']
>>> sum(step.hours for step in steps("1.004222", on=date(2024, 6, 21)))
Decimal('56')
>>> [bundle.procedures for bundle in bundles(on=date(2024, 7, 1))]
[('BG.ES12', '1.004222', 'BG.BH06'), ('BG.ES13', 'BG.CT05', 'BG.TC07')]
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Protocol, TypeVar

from dancu.reference.loader import Row, day, rows, valid_on

HOURS_OF_A_DAY = 8
"""How many hours the internal steps count for a day of a limit (a limit of 0 days is one day)."""
FORM, REGISTER, RESULT = "form", "register:", "result:"
"""What proves a part: the form that was filled, a field of the register, the signed result of another procedure."""


@dataclass(frozen=True, slots=True)
class Part:
    """A paper of the dossier. `proved_by`: `form`, `register:<field>`, `result:<procedure>` or '' (the paper itself).

    `upload`: the applicant may upload it. `kind`: required or optional. A part that is proved is never asked for.
    """

    procedure: str
    number: int
    code: str
    name_vi: str
    name_en: str
    kind: str
    proved_by: str
    upload: bool
    valid_from: date | None
    valid_to: date | None
    law: str
    confidence: str

    @property
    def required(self) -> bool:
        """Whether the dossier cannot do without it."""
        return self.kind == "required"

    @property
    def register_field(self) -> str:
        """The field of the register that proves it, '' if none does."""
        return self.proved_by.removeprefix(REGISTER) if self.proved_by.startswith(REGISTER) else ""

    @property
    def result_of(self) -> str:
        """The procedure whose stored result proves it, '' if none does."""
        return self.proved_by.removeprefix(RESULT) if self.proved_by.startswith(RESULT) else ""


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the handling. `who`: officer or leader; `hours` of work: the steps add up to the limit."""

    procedure: str
    number: int
    name_vi: str
    name_en: str
    who: str
    hours: Decimal
    valid_from: date | None
    valid_to: date | None
    law: str
    confidence: str

    @property
    def name(self) -> str:
        """The Vietnamese name."""
        return self.name_vi


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the form. `kind`: text, date, choice, number (a quantity), person (number and name of another).

    `source`: the field of the applicant's own record that it is filled from, '' if none; `choices` of a choice.
    """

    procedure: str
    number: int
    name: str
    label_vi: str
    label_en: str
    kind: str
    required: bool
    source: str
    choices: tuple[str, ...]
    hint: str
    valid_from: date | None
    valid_to: date | None
    law: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Bundle:
    """Procedures that are filed for at once; `procedure` is the linked service itself, `procedures` what it opens."""

    code: str
    name_vi: str
    name_en: str
    procedure: str
    procedures: tuple[str, ...]
    valid_from: date | None
    valid_to: date | None
    law: str
    confidence: str

    @property
    def name(self) -> str:
        """The Vietnamese name."""
        return self.name_vi


def parts(procedure: str, *, on: date) -> tuple[Part, ...]:
    """The parts of the dossier on the day, in their order; none for an unknown procedure."""
    return _now(_parts().get(procedure, ()), on)


def steps(procedure: str, *, on: date) -> tuple[Step, ...]:
    """The steps of the handling on the day, in their order."""
    return _now(_steps().get(procedure, ()), on)


def fields(procedure: str, *, on: date) -> tuple[Field, ...]:
    """The fields of the form on the day, in their order."""
    return _now(_fields().get(procedure, ()), on)


def bundles(*, on: date) -> tuple[Bundle, ...]:
    """The linked services in force on the day."""
    return _now(_bundles(), on)


def days_of_change(procedure: str) -> tuple[date, ...]:
    """The days on which a part, a step or a field of the procedure comes or goes, the first day of each state."""
    items: list[_Dated] = [
        *_parts().get(procedure, ()), *_steps().get(procedure, ()), *_fields().get(procedure, ()),
    ]  # fmt: skip
    begun = {item.valid_from for item in items if item.valid_from}
    ended = {date.fromordinal(item.valid_to.toordinal() + 1) for item in items if item.valid_to}
    return tuple(sorted(begun | ended))


class _Dated(Protocol):
    @property
    def valid_from(self) -> date | None: ...

    @property
    def valid_to(self) -> date | None: ...


T = TypeVar("T", bound=_Dated)


def _now(items: tuple[T, ...], on: date) -> tuple[T, ...]:
    return tuple(item for item in items if valid_on(item.valid_from, item.valid_to, on=on))


@cache
def _parts() -> dict[str, tuple[Part, ...]]:
    found: dict[str, list[Part]] = defaultdict(list)
    for r in rows("services/parts.csv"):
        code = r["procedure_code"]
        found[code].append(
            Part(
                code, int(r["number"]), r["part_code"], r["name_vi"], r["name_en"], r["kind"], r["proved_by"],
                r["upload"] == "yes", *_validity(r),
            )
        )  # fmt: skip
    return {code: tuple(items) for code, items in found.items()}


@cache
def _steps() -> dict[str, tuple[Step, ...]]:
    found: dict[str, list[Step]] = defaultdict(list)
    for r in rows("services/steps.csv"):
        code = r["procedure_code"]
        hours = Decimal(r["hours"])
        step = Step(
            code, int(r["number"]), r["name_vi"], r["name_en"], r["who"], hours, *_validity(r)
        )
        found[code].append(step)
    return {code: tuple(items) for code, items in found.items()}


@cache
def _fields() -> dict[str, tuple[Field, ...]]:
    found: dict[str, list[Field]] = defaultdict(list)
    for r in rows("services/fields.csv"):
        code = r["procedure_code"]
        choices = tuple(r["choices"].split("|")) if r["choices"] else ()
        found[code].append(
            Field(
                code, int(r["number"]), r["field"], r["label_vi"], r["label_en"], r["kind"], r["required"] == "yes",
                r["source"], choices, r["hint"], *_validity(r),
            )
        )  # fmt: skip
    return {code: tuple(items) for code, items in found.items()}


@cache
def _bundles() -> tuple[Bundle, ...]:
    return tuple(
        Bundle(
            r["bundle_code"], r["name_vi"], r["name_en"], r["procedure_code"], tuple(r["procedures"].split()),
            *_validity(r),
        )
        for r in rows("services/bundles.csv")
    )  # fmt: skip


def _validity(r: Row) -> tuple[date | None, date | None, str, str]:
    return day(r["valid_from"]), day(r["valid_to"]), r["law"], r["confidence"]
