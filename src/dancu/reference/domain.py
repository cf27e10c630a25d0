"""Tables about the work itself: requirements, terms, laws, error groups, the formula."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from dancu.reference.loader import day, in_force, rows


@dataclass(frozen=True, slots=True)
class Requirement:
    """One statement of the seed article and what the system must do about it."""

    req_id: str
    kind: str
    quote_vi: str
    statement_en: str
    seed_value: str
    unit: str
    system_must: str
    note: str


@dataclass(frozen=True, slots=True)
class Term:
    """A Vietnamese term with its English and its name in the code."""

    area: str
    term_vi: str
    term_en: str
    code_name: str
    note: str


@dataclass(frozen=True, slots=True)
class LegalInstrument:
    """A law or decree; `effective_to` is its last day, None while in force."""

    ref: str
    effective_from: date | None
    effective_to: date | None
    title_en: str
    used_for: str
    confidence: str


@dataclass(frozen=True, slots=True)
class ErrorGroup:
    """One of the eight official error groups (letter 4856/BCA-TTDLQG, second-hand)."""

    group: int
    name_vi: str
    name_en: str
    dimension: str
    population_examples: str
    typical_evidence_to_fix: str


@dataclass(frozen=True, slots=True)
class Dimension:
    """A dimension of quality: đúng, đủ, sạch, sống, thống nhất (and dùng chung)."""

    dimension: str
    term_vi: str
    term_en: str
    meaning: str
    proposed_measure: str
    source: str


@dataclass(frozen=True, slots=True)
class FormulaLevel:
    """One level of the index: rule, criterion at a field, field, database."""

    level: str
    formula: str
    note: str


@cache
def requirements() -> tuple[Requirement, ...]:
    """The 62 rows of the seed, in order."""
    return tuple(
        Requirement(
            r["req_id"],
            r["kind"],
            r["quote_vi"],
            r["statement_en"],
            r["seed_value"],
            r["unit"],
            r["system_must"],
            r["arithmetic_or_reading_note"],
        )
        for r in rows("domain/seed_requirements.csv")
    )


@cache
def glossary() -> tuple[Term, ...]:
    """All terms, in the order of the file."""
    return tuple(Term(**r) for r in rows("domain/glossary.csv"))


@cache
def legal_instruments() -> tuple[LegalInstrument, ...]:
    """All laws we know, in force or not."""
    return tuple(
        LegalInstrument(
            r["ref"],
            day(r["effective_from"]),
            day(r["effective_to"].split(" ")[0]),
            r["title_en"],
            r["used_for"],
            r["confidence"],
        )
        for r in rows("domain/legal_instruments.csv")
    )


def laws_in_force(*, on: date) -> tuple[LegalInstrument, ...]:
    """The instruments in force on the day; those without a known first day are left out."""
    known = (law for law in legal_instruments() if law.effective_from is not None)
    return in_force(known, on=on, period=lambda law: (law.effective_from, law.effective_to))


@cache
def error_groups() -> tuple[ErrorGroup, ...]:
    """The eight groups, 1 to 8."""
    return tuple(
        ErrorGroup(
            int(r["group"]),
            r["name_vi"],
            r["name_en"],
            r["dimension"],
            r["population_examples"],
            r["typical_evidence_to_fix"],
        )
        for r in rows("domain/data_quality_error_groups.csv")
    )


@cache
def dimensions() -> tuple[Dimension, ...]:
    """The dimensions in their official order; the first five are scored."""
    fields = ("dimension", "term_vi", "term_en", "meaning", "proposed_measure", "source")
    return tuple(
        Dimension(*(r[f] for f in fields)) for r in rows("domain/data_quality_dimensions.csv")
    )


@cache
def formula() -> tuple[FormulaLevel, ...]:
    """The roll-up of the index from rules to a database."""
    return tuple(FormulaLevel(**r) for r in rows("domain/data_quality_formula.csv"))
