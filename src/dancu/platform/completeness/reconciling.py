"""A day's comparison: every answer that the edge saw to be about a person, against the lines of the access log.

A request without a line, a line about somebody else than the answer shows, a receipt that no line bears: each is a
gap, which names the view, the moment and the number of the request, never a person. Runs as the owner, any number
of times; the rows of before stay.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connections, transaction
from django.utils.translation import gettext_lazy as _

from dancu.platform.completeness.lists import EARLIER, LINKED, LISTS
from dancu.store.condition import AUDIT, audit_word

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
MOST = 10_000
"""Gaps kept one by one; beyond, they are in the count."""
WORDS = {
    "unlogged": _("Không có dòng nhật ký"),
    "other_person": _("Dòng nhật ký về người khác"),
    "partly": _("Có người trong câu trả lời không được ghi"),
    "sealed": _("Tệp đưa ra mà không ghi nhật ký"),
    "receipt": _("Biên nhận không có dòng nhật ký"),
}
_SQL = (Path(__file__).parent / "compare.sql").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Gap:
    """An answer without its line."""

    kind: str
    at: dt.datetime | None
    request: str | None
    route: str
    persons: int
    receipt: str | None = None

    @property
    def word(self) -> str:
        """What is missing, for people."""
        return str(WORDS[self.kind])


@dataclass(frozen=True)
class Run:
    """What a comparison found. `unseen`: lines of requests of which the edge saw nothing that shows a person."""

    run_no: int
    on_day: dt.date
    answers: int
    persons: int
    lists: int
    sealed: int
    lines: int
    unseen: int
    receipts: int
    gaps: int
    database_audit: str


def reconcile(*, by: str, on: dt.date) -> tuple[Run, list[Gap]]:
    """Compare one day (Vietnam's), keep what was found, tell the auditor of gaps; all in one transaction."""
    begin = dt.datetime.combine(on, dt.time(), ZONE)
    end = begin + dt.timedelta(days=1)
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        figures, gaps = _compare(cursor, begin, end)
        held, unknown = _receipts(cursor)
        gaps += unknown
        told = {
            **figures,
            "receipts": held,
            "gaps": len(gaps),
            "database_audit": audit_setting(cursor),
        }
        run = _keep(cursor, by, on, told, gaps)
        if gaps:
            _alarm(cursor, run, gaps)
    return run, gaps


def audit_setting(cursor: Any) -> str:
    """Whether the database itself notes what its owner reads: `pgaudit`, `statements` or `off`."""
    cursor.execute(AUDIT)
    return audit_word(*cursor.fetchone())


def _compare(cursor: Any, begin: dt.datetime, end: dt.datetime) -> tuple[dict[str, int], list[Gap]]:
    given = {
        "begin": begin,
        "end": end,
        "lists": list(LISTS),
        "linked": list(LINKED),
        "earlier": list(EARLIER),
    }
    cursor.execute("DROP TABLE IF EXISTS pg_temp.compared")
    cursor.execute("CREATE TEMP TABLE compared ON COMMIT DROP AS " + _SQL, given)
    cursor.execute(
        "SELECT count(*) FILTER (WHERE kind IN ('logged', 'unlogged', 'other_person', 'partly', 'receipt')),"
        " coalesce(sum(persons) FILTER (WHERE kind NOT IN ('list', 'sealed', 'file')), 0),"
        " count(*) FILTER (WHERE kind = 'list'), count(*) FILTER (WHERE kind IN ('sealed', 'file')) FROM compared"
    )
    answers, persons, lists, sealed = cursor.fetchone()
    cursor.execute(
        "SELECT count(*), count(*) FILTER (WHERE l.served IS NOT NULL AND NOT EXISTS"
        " (SELECT FROM compared c WHERE c.request = l.served)) FROM register.access_log l"
        " WHERE l.at >= %(begin)s AND l.at < %(end)s", given,
    )  # fmt: skip
    lines, unseen = cursor.fetchone()
    cursor.execute(
        "SELECT kind, at, request::text, route, persons FROM compared"
        " WHERE kind = ANY (%s) ORDER BY at, request", [list(WORDS)],
    )  # fmt: skip
    gaps = [Gap(*row) for row in cursor.fetchall()]
    figures = {"answers": answers, "persons": int(persons), "lists": lists, "sealed": sealed,
               "lines": lines, "unseen": unseen}  # fmt: skip
    return figures, gaps


def _receipts(cursor: Any) -> tuple[int, list[Gap]]:
    """All that partners ever told, as long as the log is kept: a line taken away later is missed too."""
    cursor.execute(
        "SELECT h.partner, h.receipt::text, l.access_no FROM completeness.held h LEFT JOIN register.access_log l"
        " ON l.receipt = h.receipt AND l.partner = h.partner"
    )
    rows = cursor.fetchall()
    missing = [
        Gap("receipt", None, None, f"partner:{p}", 1, r) for p, r, line in rows if line is None
    ]
    return len(rows), missing


def _keep(cursor: Any, by: str, on: dt.date, told: dict[str, Any], gaps: list[Gap]) -> Run:
    names = ", ".join(told)
    marks = ", ".join(f"%({name})s" for name in told)
    cursor.execute(
        f"INSERT INTO completeness.run (by, on_day, {names}) VALUES (%(by)s, %(on)s, {marks}) RETURNING run_no",
        {"by": by, "on": on, **told},
    )
    run = Run(cursor.fetchone()[0], on, **told)
    cursor.executemany(
        "INSERT INTO completeness.gap (run_no, kind, at, request, route, persons, receipt)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s)",
        [(run.run_no, g.kind, g.at, g.request, g.route, g.persons, g.receipt) for g in gaps[:MOST]],
    )
    return run


def _alarm(cursor: Any, run: Run, gaps: list[Gap]) -> None:
    """A notice for the auditor: views and counts."""
    views = sorted({gap.route for gap in gaps})
    cursor.execute(
        "INSERT INTO access_notice (at, for_role, kind, subject, detail) VALUES (now(), 'auditor', 'log_gap', %s,"
        " jsonb_build_object('kind', 'log_gap', 'target', %s::text, 'reason', %s::text))",
        ["Đối chiếu nhật ký", f"{run.on_day:%d/%m/%Y}",
         f"{run.gaps} câu trả lời không có dòng nhật ký: {', '.join(views[:5])}"],
    )  # fmt: skip
