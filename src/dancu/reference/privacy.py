"""What the law on personal data asks, valid in time: periods of subjects' requests, parts of impact assessments.

>>> import datetime as dt
>>> deadline("restriction", on=dt.date(2026, 3, 2)).due(dt.date(2026, 3, 2))
datetime.date(2026, 3, 17)
>>> deadline("access", on=dt.date(2026, 2, 27)).respond(dt.date(2026, 2, 27))  # a Friday
datetime.date(2026, 3, 3)
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from dancu.reference.errors import ReferenceDataError
from dancu.reference.holidays import working_days_after
from dancu.reference.loader import Row, day, rows, valid_on


@dataclass(frozen=True, slots=True)
class Deadline:
    """How long a request of one kind may take: an answer that it was received, the doing, one extension."""

    kind: str
    name_vi: str
    name_en: str
    respond_working_days: int
    days: int
    extension_days: int
    law: str

    def respond(self, received: dt.date) -> dt.date:
        """The last day to tell the person what will be done; where the law names none, the last day of all."""
        if not self.respond_working_days:
            return self.due(received)
        return working_days_after(received, self.respond_working_days)

    def due(self, received: dt.date) -> dt.date:
        """The last day to do it."""
        return received + dt.timedelta(days=self.days)


def deadlines(*, on: dt.date) -> dict[str, Deadline]:
    """The kinds of requests of the day, in the order of the file."""
    return {r["kind"]: _deadline(r) for r in _valid("subject_request_deadlines.csv", on)}


def deadline(kind: str, *, on: dt.date) -> Deadline:
    """The periods of one kind on a day; raises ReferenceDataError."""
    found = deadlines(on=on).get(kind)
    if found is None:
        raise _unknown(kind, on)
    return found


def kind_name(kind: str, lang: str = "vi") -> str:
    """The words for a kind of request, whatever its day."""
    found = [r for r in rows("subject_request_deadlines.csv") if r["kind"] == kind]
    return found[-1][f"name_{lang}"] if found else kind


def _valid(path: str, on: dt.date) -> list[Row]:
    return [r for r in rows(path) if valid_on(day(r["valid_from"]), day(r["valid_to"]), on=on)]


def _deadline(row: Row) -> Deadline:
    return Deadline(
        row["kind"], row["name_vi"], row["name_en"], int(row["respond_working_days"]), int(row["days"]),
        int(row["extension_days"]), row["law"],
    )  # fmt: skip


def _unknown(what: str, on: dt.date) -> ReferenceDataError:
    return ReferenceDataError(
        f"Không có thời hạn «{what}» ngày {on:%d/%m/%Y} trong dữ liệu tham chiếu. Thêm dòng có hiệu lực ngày đó. "
        f"(No period {what} on that day.)"
    )


@dataclass(frozen=True, slots=True)
class Part:
    """One part of an impact assessment. `source`: what the system fills in, or `fill` for what an officer writes."""

    part: str
    title_vi: str
    title_en: str
    hint_vi: str
    hint_en: str
    source: str
    law: str


def assessment_parts(kind: str, *, on: dt.date) -> list[Part]:
    """What an assessment of `processing` or of a `transfer` abroad must hold on the day, in order."""
    return [
        Part(
            r["part"],
            r["title_vi"],
            r["title_en"],
            r["hint_vi"],
            r["hint_en"],
            r["source"],
            r["law"],
        )
        for r in _valid("impact_assessment_parts.csv", on)
        if r["kind"] == kind
    ]
