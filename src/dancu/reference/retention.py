"""How long rows of a table are kept, what becomes of them then, and by which law: valid in time.

>>> import datetime as dt
>>> found = rules(on=dt.date(2026, 1, 1))
>>> found["edge.served"].do, found["edge.served"].days
('delete', 35)
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from dancu.reference.errors import ReferenceDataError
from dancu.reference.loader import Row, day, rows, valid_on

DOINGS = ("none", "keep", "delete", "erase")
"""No personal data; kept as long as the law wants the register; row deleted; row deleted and its salt in the ledger."""
_NAME = re.compile(r"[a-z_]+\.[a-z_0-9]+")
_COLUMN = re.compile(r"[a-z_]*")


@dataclass(frozen=True, slots=True)
class Keeping:
    """The rule of a table. `column`: the moment from which the period runs; `only`: which rows (SQL over `t`).

    `kind`: that of the ledger, for `erase`. `by_purpose`: each row's period is that of its purpose.
    """

    table: str
    what_vi: str
    do: str
    days: int
    column: str
    only: str
    kind: str
    law: str
    by_purpose: bool


def rules(*, on: dt.date) -> dict[str, Keeping]:
    """Table (with its schema) → its rule of a day."""
    return {row["table"]: _keeping(row) for row in rows("retention.csv") if _holds(row, on)}


def years_of_purposes() -> dict[str, int]:
    """Purpose → years its lines stay in the access log: the longest that any law of its history asks for."""
    found: dict[str, int] = {}
    for row in rows("purposes.csv"):
        found[row["purpose"]] = max(found.get(row["purpose"], 0), int(row["retention_years"]))
    return found


def _holds(row: Row, on: dt.date) -> bool:
    return valid_on(day(row["valid_from"]), day(row["valid_to"]), on=on)


def _keeping(row: Row) -> Keeping:
    days = row["days"]
    plain = _NAME.fullmatch(row["table"]) and _COLUMN.fullmatch(row["column"])
    acts = row["do"] in ("delete", "erase")
    if not plain or row["do"] not in DOINGS or bool(days) != acts or acts != bool(row["column"]):
        raise ReferenceDataError(f"retention.csv: {row['table']}: {row}")
    by_purpose = days == "purpose"
    return Keeping(
        row["table"], row["what_vi"], row["do"], 0 if by_purpose or not days else int(days), row["column"],
        row["only"], row["kind"], row["law"], by_purpose,
    )  # fmt: skip
