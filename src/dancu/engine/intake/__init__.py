"""Intake: bytes in, rows out. Opens nothing; `store.files` brings the bytes.

`read` gives one `SheetResult` per sheet, `read_arrow` does so for the answer of a query;
`propose_mapping` and `dump_mapping` serve files that no `sector.yml` describes.
"""

from dancu.engine.intake.errors import IntakeError
from dancu.engine.intake.propose import (
    ColumnProposal,
    Proposal,
    dump_mapping,
    load_mapping,
)
from dancu.engine.intake.reading import propose_mapping, read, read_arrow, read_grids
from dancu.engine.intake.recognise import Candidate
from dancu.engine.intake.result import SheetResult
from dancu.engine.spec import SectorSpec, SpecError, read_spec

__all__ = [
    "Candidate",
    "ColumnProposal",
    "IntakeError",
    "Proposal",
    "SectorSpec",
    "SheetResult",
    "SpecError",
    "dump_mapping",
    "load_mapping",
    "propose_mapping",
    "read",
    "read_arrow",
    "read_grids",
    "read_spec",
]
