"""What a report says, before it has a form: sections of sentences, annexes, marks, and the figures inside them.

The web page, the editor's document, the printed page, the sheets, the open data and the frozen snapshot are all made
from this one structure, so that none of them can print another digit than the others. Pure data; nothing is counted.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Literal

from dancu.engine.report.indicators import Asked, Comparison, Figure

Aspect = Literal["value", "numerator", "denominator", "points", "percent", "gap", "target", "rank"]
"""Which number of a figure is printed: itself, a part of it, its change, its distance to a target."""
State = Literal["counted", "no_data", "typed", "edited"]
"""Made from figures; nothing to count it from; a person's own words; made from figures and changed by a person."""
Weight = Literal["error", "question", "note"]
ColumnKind = Literal["words", "text", "count", "share", "mean", "gap", "rank"]
"""`words`: sentences, read from the left in a wide column."""
NO_DATA = "chưa có dữ liệu"
_ALPHABET = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "23456789ABCDEFGHJKLMNPQRSTUVWXYZ")


@dataclass(frozen=True)
class Target:
    """A target that a figure is held against: the number, strict or not, whose it is."""

    value: Decimal
    comparison: Comparison
    owner: str


@dataclass(frozen=True)
class FigureRef:
    """A number on the page and what it stands for. `printed`: as it stands there, without its unit of measure.

    `before`: the figure of the same days a year earlier; `target`: of a distance the one it is to, of a value one of
    its targets when it reaches none of them.
    """

    code: str
    version: int
    unit: str
    asked: Asked
    figure: Figure
    printed: str
    short_code: str
    aspect: Aspect = "value"
    before: Figure | None = None
    target: Target | None = None


Part = str | FigureRef


@dataclass(frozen=True)
class Mark:
    """What a check says of a place of the report. `where`: a sentence's key, or an annex and unit as `A3/07204`."""

    where: str
    weight: Weight
    why: str
    text_vi: str
    text_en: str


@dataclass(frozen=True)
class Sentence:
    """A sentence of a section. `key` is stable from one report to the next: an edit is kept under it.

    `typed`: numbers that a person wrote and no figure stands behind.
    """

    key: str
    parts: tuple[Part, ...]
    state: State = "counted"
    typed: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """As it is read."""
        return "".join(part if isinstance(part, str) else part.printed for part in self.parts)

    @property
    def figures(self) -> tuple[FigureRef, ...]:
        """The figures in it, in their order."""
        return tuple(part for part in self.parts if not isinstance(part, str))


@dataclass(frozen=True)
class Section:
    """`number` as in `2.1`; sections of sections stand in `sections`."""

    number: str
    title_vi: str
    title_en: str
    sentences: tuple[Sentence, ...] = ()
    annexes: tuple[str, ...] = ()
    sections: tuple[Section, ...] = ()

    @property
    def all_sentences(self) -> Iterator[Sentence]:
        """Its own and those of the sections in it."""
        yield from self.sentences
        for section in self.sections:
            yield from section.all_sentences


@dataclass(frozen=True)
class Column:
    """A column of an annex; `key` for machines."""

    key: str
    head_vi: str
    head_en: str
    kind: ColumnKind


@dataclass(frozen=True)
class Cell:
    """What stands in a table: its text, the number behind it, the figure it belongs to."""

    text: str
    number: Decimal | None = None
    ref: FigureRef | None = None


@dataclass(frozen=True)
class Row:
    """A line of an annex: `unit` a code of the tree of the report's day ('' where it is no unit)."""

    unit: str
    label: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Annex:
    """A table, unit × columns. `total`: the line of the whole; `rows` empty: there is no data, `note` says why.

    `indicator`: the figure the table is of ('' where it is of several or none); `head_…`: what its lines are.
    """

    code: str
    title_vi: str
    title_en: str
    section: str
    columns: tuple[Column, ...] = ()
    rows: tuple[Row, ...] = ()
    total: Row | None = None
    note: str = ""
    indicator: str = ""
    head_vi: str = "Đơn vị"
    head_en: str = "Unit"


@dataclass(frozen=True)
class Layout:
    """What an official paper has around its text. Empty `number`: not issued, a draft."""

    authority: str
    issuer: str
    number: str
    place: str
    day: dt.date
    title: str
    about: str
    recipients: tuple[str, ...]
    signed_for: str
    signer_title: str
    signer: str = ""


@dataclass(frozen=True)
class Report:
    """A whole report of a unit over a period. `tree_day`: of which day the units are; `key` names it for ever."""

    key: str
    unit: str
    unit_name: str
    asked: Asked
    tree_day: dt.date
    layout: Layout
    sections: tuple[Section, ...]
    annexes: tuple[Annex, ...]
    marks: tuple[Mark, ...] = field(default=())

    @property
    def sentences(self) -> Iterator[Sentence]:
        """Every sentence, in the order of reading."""
        for section in self.sections:
            yield from section.all_sentences

    @property
    def printed(self) -> Iterator[FigureRef]:
        """Every number printed, in text and tables; a figure comes as often as it is printed."""
        for sentence in self.sentences:
            yield from sentence.figures
        for annex in self.annexes:
            for row in (*annex.rows, *((annex.total,) if annex.total else ())):
                yield from (cell.ref for cell in row.cells if cell.ref is not None)

    @property
    def figures(self) -> dict[str, FigureRef]:
        """Each figure once, by its short code."""
        found: dict[str, FigureRef] = {}
        for ref in self.printed:
            found.setdefault(ref.short_code, ref)
        return found

    def marked(self, *marks: Mark) -> Report:
        """The same with further marks."""
        return replace(self, marks=(*self.marks, *marks))


def short_code(code: str, version: int, unit: str, asked: Asked) -> str:
    """Eight letters and digits without 0, 1, I and O, the same for the same question for ever.

    >>> import datetime as dt
    >>> short_code("online_rate_all", 1, "24", Asked(dt.date(2024, 1, 1), dt.date(2024, 6, 21)))
    'S7QC28PS'
    """
    known = asked.known.astimezone(dt.UTC).isoformat() if asked.known else ""
    said = "|".join((code, str(version), unit, str(asked.first), str(asked.last), known))
    return (
        base64.b32encode(hashlib.sha256(said.encode()).digest())[:8].decode().translate(_ALPHABET)
    )
