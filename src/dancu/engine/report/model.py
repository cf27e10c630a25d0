"""What leaves the report stage: files as bytes, and the few numbers that a terminal shows."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class OutFile:
    """A file to write: `path` relative to the run or output folder, with forward slashes."""

    path: str
    data: bytes


@dataclass(frozen=True)
class Score:
    """An index in points of 100, with the checks passed and evaluated behind it."""

    score: float
    passed: int
    evaluated: int
    colour: str


@dataclass(frozen=True)
class Place:
    """A commune in the summary: its score, target, and how many records to put right to reach it.

    `identifier_records`: how many before every identifier is 100, as the formula demands.
    """

    code: str
    name: str
    score: float
    colour: str
    target: float | None
    records_to_fix: int | None
    identifier_records: int
    worklist: str | None


@dataclass(frozen=True)
class Summary:
    """The numbers of a run; `province` and `register` map a criterion (and `*`, the index) to its score.

    `findings` are those of persons, `record_findings` those of the lists' own rows (what `dancu clean` is about).
    """

    on: str
    province_name: str
    province: dict[str, Score]
    register: dict[str, Score]
    worst: tuple[Place, ...]
    files: int
    files_refused: int
    rows_in: int
    rows_kept: int
    rows_rejected: int
    records: int
    persons: int
    duplicates_joined: int
    findings: int
    findings_by_group: dict[str, int]
    persons_with_findings: int
    communes: int
    communes_on_target: int
    records_to_fix: int
    persons_without_unit: int = 0
    record_findings: int = 0
    colours: dict[str, int] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """Plain data, for `--json`."""
        return asdict(self)
