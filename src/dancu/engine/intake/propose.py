"""A mapping for a file nobody has described: from its headings, else from what its cells hold.

A person looks at the proposal, corrects it, and saves it (`dump_mapping`); it is then given to
`read(mapping=…)`. Nothing here is applied silently.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc
import yaml

from dancu.engine.intake.headings import Assignment
from dancu.formats import FORMATS
from dancu.lib.text import fold
from dancu.reference.fields import raw_roles

_SAMPLE: Final = 300
_LEAST_SHARE: Final = 0.7
_LEAST_CELLS: Final = 3
_DIGITS: Final = re.compile(r"\d{12}")
_SEXES: Final = {"nam", "nu", "male", "female"}
_ETHNIC: Final[frozenset[str]] = frozenset(
    ("kinh", "tay", "nung", "dao", "hoa", "muong", "thai", "mong", "khmer", "san diu", "san chay")
)
_DATE: Final = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{4}|\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class ColumnProposal:
    """One column: the role proposed (or None), how sure, why, and a few cells to look at.

    `basis`: "heading", "contents" or "". `confidence`: 0 to 1; for contents the share of cells that
    are lawful in the format.
    """

    heading: str
    role: str | None
    confidence: float
    basis: str
    samples: tuple[str, ...]


@dataclass(frozen=True)
class Proposal:
    """A mapping to look at, for one sheet; `sources`: (source, score) pairs, best first."""

    sheet: str
    header_row: int
    columns: tuple[ColumnProposal, ...]
    sources: tuple[tuple[str, float], ...] = ()

    def mapping(self, *, at_least: float = 0.0) -> dict[str, str]:
        """Heading -> role of the columns proposed with that confidence."""
        return {c.heading: c.role for c in self.columns if c.role and c.confidence >= at_least}


def propose_columns(
    table: pa.Table, names: Sequence[str], given: Assignment
) -> tuple[ColumnProposal, ...]:
    """A proposal per column: what its heading says, else what most of its cells are."""
    samples = [_sample(column) for column in table.columns]
    taken = {role for role, _ in given.values()}
    guesses = {
        at: guess
        for at, cells in enumerate(samples)
        if at not in given and (guess := guess_role(cells, taken)) is not None
    }
    best: dict[str, int] = {}
    for at in sorted(guesses, key=lambda at: (-guesses[at][1], at)):
        best.setdefault(guesses[at][0], at)
    proposals = []
    for at, cells in enumerate(samples):
        role, confidence, basis = None, 0.0, ""
        if at in given:
            (role, confidence), basis = given[at], "heading"
        elif at in guesses and best[guesses[at][0]] == at:
            (role, confidence), basis = guesses[at], "contents"
        shown = tuple(dict.fromkeys(cells))[:3]
        proposals.append(ColumnProposal(names[at], role, round(confidence, 2), basis, shown))
    return tuple(proposals)


def guess_role(cells: Sequence[str], taken: set[str]) -> tuple[str, float] | None:
    """The first untaken role whose form most cells have, with the share that has it."""
    if len(cells) < _LEAST_CELLS:
        return None
    for role, holds in _TESTS:
        share = sum(map(holds, cells)) / len(cells)
        if role not in taken and share >= _LEAST_SHARE:
            return role, share * 0.9
    return None


def dump_mapping(proposal: Proposal) -> str:
    """The proposal as YAML to correct and save; cells are not written, they are personal data."""
    lines = [
        f"# Trang «{proposal.sheet}», dòng tiêu đề {proposal.header_row}.",
        "# Sửa tên trường bên phải rồi lưu; dùng lại bằng --mapping. Tên trường: reference/data/fields.csv.",
    ]
    for column in proposal.columns:
        entry = yaml.safe_dump(
            {column.heading: column.role}, allow_unicode=True, width=1000
        ).strip()
        basis = {"heading": "theo tiêu đề", "contents": "theo nội dung"}.get(
            column.basis, "chưa rõ"
        )
        lines.append(f"{entry}  # {basis}, {column.confidence:.0%}")
    return "\n".join(lines) + "\n"


def load_mapping(text: str) -> dict[str, str]:
    """Heading -> role from saved YAML; columns left empty are not in it. ValueError for a wrong role."""
    data = yaml.safe_load(text)
    if not isinstance(data, Mapping):
        raise ValueError("mapping: cần các dòng «tiêu đề: trường»")
    mapping = {str(heading): str(role) for heading, role in data.items() if role}
    wrong = sorted(set(mapping.values()) - set(raw_roles()))
    if wrong:
        raise ValueError(f"mapping: trường không có: {', '.join(wrong)}")
    return mapping


def _sample(column: pa.ChunkedArray) -> list[str]:
    return [
        cell.strip()
        for cell in pc.drop_null(column.slice(0, 5000))[:_SAMPLE].to_pylist()
        if cell.strip()
    ]


def _valid(name: str) -> Callable[[str], bool]:
    return lambda text: bool(FORMATS[name].is_valid(text))


def _personal(text: str) -> bool:
    return _DIGITS.fullmatch(text) is not None and text[0] in "0789"


def _birth_date(text: str) -> bool:
    return _DATE.match(text) is not None and _valid("partial_date")(text)


def _name(text: str) -> bool:
    words = text.split()
    return (
        2 <= len(words) <= 6 and not any(c.isdigit() for c in text) and _valid("person_name")(text)
    )


def _address(text: str) -> bool:
    return text.count(",") >= 2 and any(char.isalpha() for char in text)


_TESTS: Final[tuple[tuple[str, Callable[[str], bool]], ...]] = (
    ("personal_number", _personal),
    ("bhyt_card", _valid("bhyt_card")),
    ("sex", lambda text: fold(text) in _SEXES),
    ("birth_date", _birth_date),
    ("plate", _valid("plate")),
    ("phone", _valid("phone")),
    ("bhxh_number", _valid("bhxh_number")),
    ("old_number", _valid("old_number")),
    ("ethnic", lambda text: fold(text) in _ETHNIC),
    ("address", _address),
    ("full_name", _name),
)
