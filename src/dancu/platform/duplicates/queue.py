"""The queue as this log-in sees it: filters, order, neighbours, how many are left. No name, no number of anybody."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from dancu.platform.register.parts import Row, ask

PAGE = 50
KINDS = {
    "da-ghep": "d.joined",
    "nghi": "NOT d.joined AND coalesce(d.blocked_by, 'rival') = 'rival'",
    "mau-thuan": "NOT d.joined AND d.blocked_by <> 'rival'",
}
"""Kind of doubt -> condition: joined but not surely; perhaps one person; likely, but something forbids it."""
BANDS = {
    "cao": "d.probability >= 0.85",
    "vua": "d.probability >= 0.5 AND d.probability < 0.85",
    "thap": "d.probability < 0.5",
}
STATES = {
    "": "coalesce(j.verdict, '') <> 'unsure' AND w.proposal_no IS NULL",
    "chua-ro": "j.verdict = 'unsure' AND w.proposal_no IS NULL",
    "cho-duyet": "w.proposal_no IS NOT NULL",
    "tat-ca": "TRUE",
}
"""What was done so far -> condition: nothing, «not clear», waiting for a second officer, all of these."""

_FROM = (
    " FROM register.duplicate d"
    " LEFT JOIN LATERAL (SELECT verdict FROM register.judgement g WHERE g.record_a = d.record_a"
    " AND g.record_b = d.record_b ORDER BY judgement_no DESC LIMIT 1) j ON TRUE"
    " LEFT JOIN LATERAL (SELECT proposal_no FROM register.proposal p WHERE p.duplicate_no = d.duplicate_no"
    " AND p.outcome IS NULL AND p.expires_at > now() LIMIT 1) w ON TRUE WHERE d.settled_at IS NULL"
)
_COLUMNS = (
    "d.duplicate_no, d.record_a, d.record_b, d.score, d.probability, d.joined, d.blocked_by, d.unit_a, d.unit_b,"
    " d.opened_at, j.verdict, w.proposal_no"
)
_ORDER = " ORDER BY d.probability DESC, d.duplicate_no"


@dataclass(frozen=True)
class Filters:
    """What the address asks for; a word it does not know counts as none."""

    unit: str = ""
    kind: str = ""
    band: str = ""
    state: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Filters:
        """From the query of an address."""
        unit = query.get("xa", "")
        kind, band, state = (query.get(k, "") for k in ("loai", "muc", "tt"))
        return cls(
            unit if unit.isdecimal() and len(unit) == 5 else "",
            kind if kind in KINDS else "",
            band if band in BANDS else "",
            state if state in STATES else "",
        )

    @property
    def query(self) -> str:
        """The same as a query, without what is not asked."""
        given = {"xa": self.unit, "loai": self.kind, "muc": self.band, "tt": self.state}
        return urlencode({k: v for k, v in given.items() if v})

    def condition(self) -> tuple[str, list[Any]]:
        """SQL over the row `d`, and its values."""
        parts, given = [STATES[self.state]], list[Any]()
        if self.unit:
            parts.append("(d.unit_a = %s OR d.unit_b = %s)")
            given += [self.unit, self.unit]
        parts += [KINDS[self.kind]] if self.kind else []
        parts += [BANDS[self.band]] if self.band else []
        return "".join(f" AND ({part})" for part in parts), given


def count(filters: Filters) -> int:
    """How many pairs are left."""
    condition, given = filters.condition()
    return int(ask(f"SELECT count(*) AS n{_FROM}{condition}", *given)[0]["n"])


def pairs(filters: Filters, *, first: int = 0, most: int = PAGE) -> list[Row]:
    """Some pairs in order, the likeliest first."""
    condition, given = filters.condition()
    return ask(
        f"SELECT {_COLUMNS}{_FROM}{condition}{_ORDER} LIMIT %s OFFSET %s", *given, most, first
    )


def find(number: int) -> Row | None:
    """One open pair, if the log-in may see it."""
    found = ask(f"SELECT {_COLUMNS}{_FROM} AND d.duplicate_no = %s", number)
    return found[0] if found else None


def neighbours(row: Row | None, filters: Filters) -> tuple[int | None, int | None]:
    """The pair before and the one after this one; after none, the first."""
    if row is None:
        first = pairs(filters, most=1)
        return None, first[0]["duplicate_no"] if first else None
    before = _beside(row, filters, "<", "ASC", "DESC")
    return before, _beside(row, filters, ">", "DESC", "ASC")


def _beside(row: Row, filters: Filters, side: str, likely: str, number: str) -> int | None:
    condition, given = filters.condition()
    found = ask(
        f"SELECT d.duplicate_no{_FROM}{condition} AND (-d.probability, d.duplicate_no) {side} (%s, %s)"
        f" ORDER BY d.probability {likely}, d.duplicate_no {number} LIMIT 1",
        *given, -row["probability"], row["duplicate_no"],
    )  # fmt: skip
    return int(found[0]["duplicate_no"]) if found else None


def judged_since(by: str, since: dt.datetime) -> int:
    """Conclusions of this officer since then that still count."""
    return int(
        ask(
            "SELECT count(DISTINCT event_no) AS n FROM register.judgement"
            " WHERE by = %s AND at >= %s AND verdict <> 'withdrawn'", by, since,
        )[0]["n"]
    )  # fmt: skip


def settled(number: int) -> Row | None:
    """A pair that was in the queue and is settled, if the log-in may see it."""
    found = ask(
        "SELECT duplicate_no, settled_at, settled_by FROM register.duplicate"
        " WHERE duplicate_no = %s AND settled_at IS NOT NULL", number,
    )  # fmt: skip
    return found[0] if found else None
