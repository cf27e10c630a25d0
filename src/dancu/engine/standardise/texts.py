"""Expressions for the raw text of a field, each said once and understood twice.

`sql(roles)` is the expression over a list's raw table `r` (and its file `f`), None where these roles can give
nothing; `read(cells)` is the same text for one record. `cells` are trimmed: a role that is missing or blank is
not in them. NULL and None propagate alike, so that a list and a record never part ways.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Set
from dataclasses import dataclass
from typing import Protocol

Cells = Mapping[str, str]

BLANKS = (
    "\u0020\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u202f\u205f\u3000"
)
"""What DuckDB's `trim` takes off: Unicode's space separators, and neither tabs nor line ends."""

_NO_DIGIT = re.compile("[^0-9]")


class Expression(Protocol):
    """A text, or nothing."""

    def sql(self, roles: Set[str]) -> str | None:
        """SQL that gives the text; None where it would always be NULL."""

    def read(self, cells: Cells) -> str | None:
        """The text for one record."""


class Condition(Protocol):
    """A condition; one that cannot be told does not hold."""

    def sql(self, roles: Set[str]) -> str | None:
        """SQL that is TRUE where it holds; None where it never does."""

    def holds(self, cells: Cells) -> bool:
        """Whether it holds for one record."""


def trimmed(cells: Mapping[str, str | None]) -> dict[str, str]:
    """The cells that say anything, without blanks around them."""
    bare = {role: text.strip(BLANKS) for role, text in cells.items() if text}
    return {role: text for role, text in bare.items() if text}


@dataclass(frozen=True)
class Cell:
    """The cell of one role."""

    role: str

    def sql(self, roles: Set[str]) -> str | None:
        return f"nullif(trim(r.{self.role}), '')" if self.role in roles else None

    def read(self, cells: Cells) -> str | None:
        return cells.get(self.role)


@dataclass(frozen=True)
class Text:
    """A text that is always the same."""

    text: str

    def sql(self, roles: Set[str]) -> str | None:
        return f"'{self.text}'"

    def read(self, cells: Cells) -> str | None:
        return self.text


class First:
    """The first part that says anything."""

    def __init__(self, *parts: Expression) -> None:
        self._parts = parts

    def sql(self, roles: Set[str]) -> str | None:
        found = _present(self._parts, roles)
        if len(found) > 1:
            return f"coalesce({', '.join(found)})"
        return found[0] if found else None

    def read(self, cells: Cells) -> str | None:
        for part in self._parts:
            if (text := part.read(cells)) is not None:
                return text
        return None


class Glued:
    """All parts in a row; nothing where one of them is nothing."""

    def __init__(self, *parts: Expression) -> None:
        self._parts = parts

    def sql(self, roles: Set[str]) -> str | None:
        found = _present(self._parts, roles)
        return f"({' || '.join(found)})" if len(found) == len(self._parts) else None

    def read(self, cells: Cells) -> str | None:
        texts = []
        for part in self._parts:
            if (text := part.read(cells)) is None:
                return None
            texts.append(text)
        return "".join(texts)


class Joined:
    """The parts that say anything, with `between` between them."""

    def __init__(self, between: str, *parts: Expression) -> None:
        self._between, self._parts = between, parts

    def sql(self, roles: Set[str]) -> str | None:
        found = ", ".join(_present(self._parts, roles))
        return f"nullif(concat_ws('{self._between}', {found}), '')" if found else None

    def read(self, cells: Cells) -> str | None:
        texts = [text for part in self._parts if (text := part.read(cells)) is not None]
        return self._between.join(texts) or None


@dataclass(frozen=True)
class Without:
    """The part with blanks for a sign that means something further on."""

    sign: str
    part: Expression

    def sql(self, roles: Set[str]) -> str | None:
        found = self.part.sql(roles)
        return found and f"replace({found}, '{self.sign}', ' ')"

    def read(self, cells: Cells) -> str | None:
        text = self.part.read(cells)
        return text and text.replace(self.sign, " ")


@dataclass(frozen=True)
class When:
    """`then` where the test holds, else `otherwise` (nothing, if not said)."""

    test: Condition
    then: Expression
    otherwise: Expression | None = None

    def sql(self, roles: Set[str]) -> str | None:
        test, then = self.test.sql(roles), self.then.sql(roles)
        otherwise = self.otherwise.sql(roles) if self.otherwise else None
        if test is None or (then is None and otherwise is None):
            return otherwise
        return f"CASE WHEN {test} THEN {then or 'NULL'} ELSE {otherwise or 'NULL'} END"

    def read(self, cells: Cells) -> str | None:
        if self.test.holds(cells):
            return self.then.read(cells)
        return self.otherwise.read(cells) if self.otherwise else None


@dataclass(frozen=True)
class Filled:
    """The cell says something."""

    cell: Cell

    def sql(self, roles: Set[str]) -> str | None:
        found = self.cell.sql(roles)
        return found and f"{found} IS NOT NULL"

    def holds(self, cells: Cells) -> bool:
        return self.cell.role in cells


@dataclass(frozen=True)
class Longer:
    """The cell has more than so many letters."""

    cell: Cell
    letters: int

    def sql(self, roles: Set[str]) -> str | None:
        found = self.cell.sql(roles)
        return found and f"length({found}) > {self.letters}"

    def holds(self, cells: Cells) -> bool:
        return len(cells.get(self.cell.role, "")) > self.letters


@dataclass(frozen=True)
class OldNumber:
    """The cell looks like an identity number of nine digits (`wanted`), or is filled and does not."""

    cell: Cell
    wanted: bool

    def sql(self, roles: Set[str]) -> str | None:
        found = self.cell.sql(roles)
        if found is None:
            return None
        digits = f"regexp_replace({found}, '[^0-9]', '', 'g')"
        test = f"(length({digits}) = 9 AND length({found}) <= 13)"
        return test if self.wanted else f"NOT {test}"

    def holds(self, cells: Cells) -> bool:
        text = cells.get(self.cell.role)
        if text is None:
            return False
        return (len(text) <= 13 and len(_NO_DIGIT.sub("", text)) == 9) is self.wanted


@dataclass(frozen=True)
class OnlyTicked:
    """The list ticks one sex only, so that an empty cell is the other.

    That is found out about a whole list; a record entered by itself says nothing by what it leaves out.
    """

    tick: str
    other: str

    def sql(self, roles: Set[str]) -> str | None:
        if self.tick not in roles:
            return None
        has, others = f"f.mapping LIKE '%\"{self.tick}\"%'", (self.other, "sex")
        none = " AND ".join(f"f.mapping NOT LIKE '%\"{role}\"%'" for role in others)
        return f"(NOT f.entered AND {has} AND {none})"

    def holds(self, cells: Cells) -> bool:
        return False


def _present(parts: tuple[Expression, ...], roles: Set[str]) -> list[str]:
    return [found for part in parts if (found := part.sql(roles)) is not None]
