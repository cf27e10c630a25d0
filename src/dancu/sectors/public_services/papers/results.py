"""The document that a procedure ends with: heading, symbol, contents (`reference/data/services/results.csv`)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from dancu.reference import services
from dancu.reference.loader import day, in_force, rows
from dancu.sectors.public_services.dossiers import Dossier, local
from dancu.sectors.public_services.papers import wording


@dataclass(frozen=True)
class Result:
    """A row of the table; `procedure` '' for those without a row of their own. `fields`: name and label, in order."""

    procedure: str
    title_vi: str
    title_en: str
    symbol: str
    says_vi: str
    fields: tuple[tuple[str, str], ...]
    law: str


def of(dossier: Dossier) -> Result:
    """The document of the dossier's procedure as it was when the dossier was filed."""
    on = local(dossier.filed_at).date()
    table = in_force(_rows(), on=on, period=lambda r: (day(r["valid_from"]), day(r["valid_to"])))
    found = {r["procedure_code"]: r for r in table}
    row = found.get(dossier.procedure, found[""])
    return Result(
        row["procedure_code"], row["title_vi"], row["title_en"], row["symbol"], row["says_vi"],
        tuple(_split(part) for part in row["fields"].split("|")), row["law"],
    )  # fmt: skip


def laws(result: Result) -> list[str]:
    """The legal basis, one a line, without our notes about where we know it from."""
    known = result.law.split(" (kiến thức")[0].split("; dùng cho")[0]
    return [part.strip() for part in known.split(";") if part.strip()]


def pairs(result: Result, dossier: Dossier) -> list[tuple[str, str]]:
    """Label and value of what the document tells; of a field that the form does not have there is no line."""
    form = dossier.form
    known = {
        f.name: f for f in services.fields(dossier.procedure, on=local(dossier.filed_at).date())
    }
    told = []
    for name, label in result.fields:
        field = known.get(name)
        if field is None:
            continue
        parts = {"name": form.get(f"{name}_name"), "number": form.get(f"{name}_number")}
        given = form.get(name) or (parts if field.kind == "person" and any(parts.values()) else "")
        told.append((label, wording.value(field.source or name, given)))
    return told


def _split(part: str) -> tuple[str, str]:
    name, _, label = part.partition("=")
    return name, label


@cache
def _rows() -> tuple[dict[str, str], ...]:
    return tuple(rows("services/results.csv"))
