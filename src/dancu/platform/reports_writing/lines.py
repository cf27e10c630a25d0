"""What a report says, as data: its sections, the templates of its sentences, its annexes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from dancu.reference.loader import rows


@dataclass(frozen=True)
class Line:
    """A sentence: `about` names what it tells when there is nothing to tell it from; `noun`: what is counted."""

    key: str
    section: str
    about: str
    noun: str
    template: str


@dataclass(frozen=True)
class Table:
    """An annex: one indicator by units of a level; without an indicator it is filled by an app (`report_parts.py`)."""

    code: str
    section: str
    title_vi: str
    title_en: str
    indicator: str
    level: str
    of_vi: str
    hit_vi: str


@cache
def lines() -> tuple[Line, ...]:
    """All sentences in their order."""
    return tuple(
        Line(r["key"], r["section"], r["about_vi"], r["noun"], r["template"])
        for r in rows("report/lines.csv")
    )


@cache
def tables() -> tuple[Table, ...]:
    """All annexes in their order."""
    return tuple(Table(**r) for r in rows("report/annexes.csv"))


def sections() -> tuple[tuple[str, str, str], ...]:
    """(number, Vietnamese, English) of each section, as in `2.1`."""
    return tuple(
        (r["section"], r["title_vi"], r["title_en"]) for r in rows("domain/report_structure.csv")
    )
