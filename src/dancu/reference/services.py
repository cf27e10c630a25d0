"""Public services as data valid in time: procedures and their versions, statuses and channels of a dossier, limits.

Sources: `services/procedures.csv` (the 25 essential services of Decision 06/QĐ-TTg and some others; time limits and
fees of rows with confidence low are general knowledge), `services/dossier_statuses.csv` and
`services/submission_channels.csv` (codes of the national exchange).

>>> get("3.000347", on=date(2024, 6, 21)).group, get("3.000347", on=date(2025, 6, 21)).group
('other', 'police')
>>> len({p.essential_id for p in procedures(on=date(2024, 6, 21)) if p.essential_id})
25
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from datetime import date
from functools import cache

from dancu.reference import service_words, working_time
from dancu.reference.errors import ReferenceDataError
from dancu.reference.loader import day, in_force, rows
from dancu.reference.service_codes import LocalCode, local_codes, meant
from dancu.reference.service_parts import (
    Bundle,
    Field,
    Part,
    Step,
    bundles,
    fields,
    parts,
    steps,
)

__all__ = [
    "IN_PERSON", "ONLINE", "POSTAL", "Bundle", "Field", "LocalCode", "Part", "Procedure", "Status", "Step", "bundles",
    "channels", "fields", "find", "find_by_words", "get", "local_codes", "meant", "most_supplements", "parts",
    "procedures", "statuses", "steps", "versions",
]  # fmt: skip

IN_PERSON, ONLINE, POSTAL = 1, 2, 3


@dataclass(frozen=True, slots=True)
class Procedure:
    """An administrative procedure in one version. `limit` in `limit_unit` (day or hour of work; 0 days: the same day).

    `level`: commune, district or province, where it is handled. `event_kind`: what a finished dossier tells the
    register, '' for nothing. `result_kind`: document, card or data.
    """

    code: str
    version: int
    national_code: str
    essential_id: str
    name_vi: str
    name_en: str
    group: str
    lead_agency: str
    level: str
    limit: int
    limit_unit: str
    online_level: str
    result_kind: str
    fee: int
    event_kind: str
    valid_from: date | None
    valid_to: date | None
    law: str
    confidence: str

    def due(self, received: dt.datetime) -> dt.datetime:
        """When the result is due for a dossier received at this local moment."""
        if self.limit_unit == "hour":
            return working_time.after(received, minutes=60 * self.limit)
        return working_time.end_of_day_after(received, days=self.limit)


@dataclass(frozen=True, slots=True)
class Status:
    """One of the ten official statuses of a dossier; `received`: it counts as received."""

    code: int
    name_vi: str
    name_en: str
    code_name: str
    received: bool


@cache
def _every() -> tuple[Procedure, ...]:
    return tuple(
        Procedure(
            r["procedure_code"], int(r["version"]), r["national_code"], r["essential_id"], r["name_vi"], r["name_en"],
            r["group"], r["lead_agency"], r["level"], int(r["limit"]), r["limit_unit"], r["online_level"],
            r["result_kind"], int(r["fee_dong"]), r["event_kind"], day(r["valid_from"]), day(r["valid_to"]),
            r["law"], r["confidence"],
        )
        for r in rows("services/procedures.csv")
    )  # fmt: skip


@cache
def procedures(*, on: date) -> tuple[Procedure, ...]:
    """The procedures in force on the day, in the order of the table."""
    return in_force(_every(), on=on, period=lambda p: (p.valid_from, p.valid_to))


def versions(code: str) -> tuple[Procedure, ...]:
    """Every version of the procedure under this code (ours or the national one), the oldest first."""
    return tuple(p for p in _every() if code and code in (p.code, p.national_code))


def find(code: str, *, on: date) -> Procedure | None:
    """The procedure in force under this code (ours or the national one), if there is one."""
    return next((p for p in procedures(on=on) if code and code in (p.code, p.national_code)), None)


def get(code: str, *, on: date) -> Procedure:
    """The procedure in force under this code; ReferenceDataError when there is none."""
    found = find(code, on=on)
    if found is None:
        raise ReferenceDataError(
            f"Không có thủ tục mã {code} có hiệu lực ngày {on:%d/%m/%Y}. (No such procedure on that day.)"
        )
    return found


def find_by_words(text: str, *, on: date) -> tuple[Procedure, ...]:
    """The procedures that plain words ask for, the likeliest first; a code finds its procedure.

    >>> find_by_words("con moi de can lam giay to gi", on=date(2024, 6, 21))[0].name_vi
    'Đăng ký khai sinh'
    """
    local = meant(text, on=on)
    if exact := find(local.procedure if local else text.strip(), on=on):
        return (exact,)
    known = {p.code: p for p in procedures(on=on)}
    words = service_words.synonyms()
    named = [(p.code, (p.name_vi, *words.get(p.code, ()))) for p in known.values()]
    return tuple(known[code] for code in service_words.ranked(text, named))


@cache
def statuses() -> dict[int, Status]:
    """Code -> status, in the order of the codes."""
    found = (
        Status(int(r["code"]), r["name_vi"], r["name_en"], r["code_name"], r["counts_as_received"] == "yes")
        for r in rows("services/dossier_statuses.csv")
    )  # fmt: skip
    return {status.code: status for status in found}


@cache
def channels() -> dict[int, tuple[str, str]]:
    """Code -> Vietnamese and English name of the way a dossier came in."""
    table = rows("services/submission_channels.csv")
    return {int(r["code"]): (r["name_vi"], r["name_en"]) for r in table}


def most_supplements(*, on: date) -> int | None:
    """How often an applicant may be asked for more papers on the day; None: as often as needed."""
    for r in in_force(
        rows("services/supplement_limits.csv"), on=on, period=lambda r: (day(r["valid_from"]), day(r["valid_to"]))
    ):  # fmt: skip
        return int(r["most"]) if r["most"] else None
    raise ReferenceDataError(f"supplement_limits.csv: {on:%d/%m/%Y}")
