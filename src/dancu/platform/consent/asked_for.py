"""Subjects' requests as they are read: the request, its last step, whether it is late. The database decides which."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils import timezone

from dancu.platform.consent import states
from dancu.platform.register.parts import Row, ask

PAGE = 200


@dataclass(frozen=True)
class Request:
    """A request as it stands. `n`: how many steps there were; `late`: a last day has passed before it was met."""

    request_no: int
    receipt: UUID
    citizen_id: str
    kind: str
    purposes: tuple[str, ...]
    consent_no: int | None
    fields: Mapping[str, str]
    words: str
    channel: str
    given_by: str
    relation: str
    recorded_by: str
    received_at: dt.datetime
    respond_by: dt.date
    first_due: dt.date
    law: str
    state: str
    n: int
    due_on: dt.date
    changed_at: dt.datetime | None
    responded_at: dt.datetime | None
    decided_at: dt.datetime | None
    extended: bool

    @property
    def is_open(self) -> bool:
        """Whether somebody must still do something."""
        return self.state in states.REQUEST.open

    def late(self, today: dt.date) -> bool:
        """For ever so once it was: the first answer or the end came, or has not yet come, after its last day."""
        answered = timezone.localdate(self.responded_at) if self.responded_at else today
        decided = timezone.localdate(self.decided_at) if self.decided_at else today
        return answered > self.respond_by or decided > self.due_on


def find(request_no: int) -> Request | None:
    """One request that this log-in may see."""
    found = rows("r.request_no = %s", request_no)
    return found[0] if found else None


def by_receipt(receipt: UUID) -> Request | None:
    """The request with this receipt, if this log-in may see it."""
    found = rows("r.receipt = %s::uuid", str(receipt))
    return found[0] if found else None


def of_citizen(*, citizen_id: str | UUID) -> list[Request]:
    """Every request about a person, the newest first."""
    return rows("r.citizen_id IN (SELECT consent.same(%s::uuid))", str(citizen_id))


def listed(*, only_open: bool = True, kind: str = "") -> list[Request]:
    """The queue of this log-in: what is due first stands first."""
    where: list[str] = ["true"]
    given_values: list[Any] = []
    if only_open:
        where.append("coalesce(s.state_after, 'new') = ANY (%s)")
        given_values.append(list(states.REQUEST.open))
    if kind:
        where.append("r.kind = %s")
        given_values.append(kind)
    return rows(" AND ".join(where), *given_values, order="now_due, r.request_no")


def steps(request_no: int) -> list[Row]:
    """What was done, in order."""
    return ask("SELECT * FROM consent.request_step WHERE request_no = %s ORDER BY n", request_no)


def task_of(request_no: int) -> Row | None:
    """The task behind a correction: its number, state, and how many fixes there were since."""
    found = ask("SELECT * FROM consent.task_state(%s) LIMIT 1", request_no)
    return found[0] if found else None


def rows(condition: str, *given_values: Any, order: str = "r.request_no DESC") -> list[Request]:
    """Requests for which the SQL condition over `r` (the request) and `s` (its last step) holds."""
    found = ask(
        "SELECT r.*, coalesce(s.state_after, 'new') AS state, coalesce(s.n, 0) AS n, s.at AS changed_at,"
        " coalesce(s.due_on, r.due_on) AS now_due, f.at AS responded_at, d.at AS decided_at,"
        " EXISTS (SELECT 1 FROM consent.request_step x WHERE x.request_no = r.request_no AND x.action = 'extend')"
        " AS extended"
        " FROM consent.request r"
        " LEFT JOIN LATERAL (SELECT x.* FROM consent.request_step x WHERE x.request_no = r.request_no"
        "  ORDER BY x.n DESC LIMIT 1) s ON true"
        " LEFT JOIN LATERAL (SELECT x.at FROM consent.request_step x WHERE x.request_no = r.request_no"
        "  ORDER BY x.n LIMIT 1) f ON true"
        " LEFT JOIN LATERAL (SELECT x.at FROM consent.request_step x WHERE x.request_no = r.request_no"
        "  AND x.state_after NOT IN ('new', 'working') ORDER BY x.n LIMIT 1) d ON true"
        f" WHERE {condition} ORDER BY {order} LIMIT {PAGE}",
        *given_values,
    )
    return [_request(row) for row in found]


def _request(row: Row) -> Request:
    return Request(
        row["request_no"], row["receipt"], str(row["citizen_id"]), row["kind"], tuple(row["purposes"]),
        row["consent_no"], row["fields"], row["words"], row["channel"], str(row["given_by"]), row["relation"],
        row["recorded_by"], row["received_at"], row["respond_by"], row["due_on"], row["law"], row["state"], row["n"],
        row["now_due"], row["changed_at"], row["responded_at"],
        row["decided_at"], row["extended"],
    )  # fmt: skip
