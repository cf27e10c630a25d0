"""How a database is doing, in figures: asked by /healthz and /metrics. Numbers only, never a row of anybody.

The border it keeps: reads, on a connection of its own with short time limits, so that a sick database is told within
seconds and a healthy one is not held up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import psycopg

from dancu.store.register.loading import is_unfinished

_SECONDS = 3
Connection = psycopg.Connection[Any]


@dataclass(frozen=True)
class Condition:
    """What was found; `reachable` False: nothing else is known."""

    reachable: bool
    migrations: frozenset[tuple[str, str]] = frozenset()
    """(app, name) of the migrations applied."""
    unfinished: bool = False
    """A load of the register was cut off."""
    workers: int = 0
    """Workers whose heart has beaten within a minute."""
    job_waits: float = 0.0
    """Seconds that the oldest job has been due."""
    ledger_waits: float = 0.0
    """Seconds that the oldest entry of the ledger has waited for its place."""
    audit: str = ""
    """Whether the database itself notes what its owner reads: `pgaudit`, `statements` or `off`."""
    jobs: Mapping[str, int] = field(default_factory=dict)
    figures: Mapping[str, float | None] = field(default_factory=dict)


TOLD = {
    "dancu_events_total": "Number of the latest event taken into the register (an attempt undone leaves a gap).",
    "dancu_outbox_unsent": "Messages to other systems not yet sent.",
    "dancu_outbox_oldest_seconds": "Age of the oldest message not yet sent.",
    "dancu_writers_waiting": "Connections that wait for the register's writer lock.",
    "dancu_writer_lag_seconds": "How long the first of them has waited.",
    "dancu_database_bytes": "Size of the database on disk.",
    "dancu_database_connections": "Connections to the database.",
    "dancu_workers": "Workers alive.",
    "dancu_job_waits_seconds": "How long the oldest job has been due.",
    "dancu_ledger_entries": "Entries of the ledger that have a place in the tree.",
    "dancu_ledger_waits_seconds": "How long the oldest entry has waited for its place.",
    "dancu_ledger_head_age_seconds": "Age of the latest signed head.",
    "dancu_ledger_unstamped_heads": "Signed heads without a time stamp.",
    "dancu_ledger_handovers_failing": "Bundles for the second body that have been tried and not taken.",
    "dancu_ledger_findings": "What the last check of the whole ledger found not to hold.",
}
"""Figure -> what it means."""

_REGISTER = {
    "dancu_events_total": "SELECT coalesce(max(event_no), 0) FROM register.event",
    "dancu_outbox_unsent": "SELECT count(*) FROM register.outbox WHERE sent_at IS NULL",
    "dancu_outbox_oldest_seconds": "SELECT coalesce(extract(epoch FROM now() - at), 0) FROM (SELECT 1) one"
    " LEFT JOIN LATERAL (SELECT at FROM register.outbox WHERE sent_at IS NULL ORDER BY outbox_no LIMIT 1) o ON true",
}
_LEDGER_WAITS = "SELECT coalesce(extract(epoch FROM now() - min(at)), 0) FROM ledger.pending"
_LEDGER = {
    "dancu_ledger_entries": "SELECT size FROM ledger.tree",
    "dancu_ledger_waits_seconds": _LEDGER_WAITS,
    "dancu_ledger_head_age_seconds": "SELECT coalesce(extract(epoch FROM now() - max(at)), 0) FROM ledger.head",
    "dancu_ledger_unstamped_heads": "SELECT count(*) FROM ledger.head WHERE token IS NULL",
    "dancu_ledger_handovers_failing": "SELECT count(*) FROM ledger.handover WHERE done_at IS NULL AND tries > 0",
    "dancu_ledger_findings": "SELECT coalesce((SELECT jsonb_array_length(found) FROM ledger.check_run"
    " ORDER BY check_no DESC LIMIT 1), 0)",
}
_SERVER = {
    "dancu_writers_waiting": "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    " AND wait_event_type = 'Lock' AND wait_event = 'advisory'",
    "dancu_writer_lag_seconds": "SELECT coalesce(max(extract(epoch FROM clock_timestamp() - query_start)), 0)"
    " FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    " AND wait_event = 'advisory'",
    "dancu_database_bytes": "SELECT pg_database_size(current_database())",
    "dancu_database_connections": "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()",
}
_ALIVE = (
    "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - interval '1 minute'"
)
_WAITS = (
    "SELECT coalesce(max(extract(epoch FROM now() - coalesce(j.scheduled_at, e.at))), 0)"
    " FROM procrastinate_jobs j LEFT JOIN LATERAL (SELECT max(at) AS at FROM procrastinate_events"
    " WHERE job_id = j.id) e ON true WHERE j.status = 'todo' AND (j.scheduled_at IS NULL OR j.scheduled_at <= now())"
)
AUDIT = "SELECT current_setting('log_statement'), current_setting('pgaudit.log', true)"
_JOBS = "SELECT status::text, count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing', 'failed') GROUP BY 1"


def read(dsn: str, *, figures: bool = False) -> Condition:
    """Ask; never raises for a database that does not answer. `figures`: also those of a monitor."""
    try:
        with psycopg.connect(
            dsn, autocommit=True, connect_timeout=_SECONDS, application_name="dancu-condition",
            options=f"-c statement_timeout={_SECONDS * 1000} -c default_transaction_read_only=on",
        ) as con:  # fmt: skip
            return _read(con, figures)
    except psycopg.Error:
        return Condition(reachable=False)


def _read(con: Connection, figures: bool) -> Condition:
    queue = _has(con, "procrastinate_jobs")
    workers = int(_one(con, _ALIVE)) if queue else 0
    waits = float(_one(con, _WAITS)) if queue else 0.0
    return Condition(
        reachable=True,
        migrations=_migrations(con),
        unfinished=is_unfinished(con),
        workers=workers,
        job_waits=waits,
        ledger_waits=float(_one(con, _LEDGER_WAITS)) if _has(con, "ledger.pending") else 0.0,
        audit=audit_word(*con.execute(AUDIT).fetchone() or ("", None)),
        jobs=dict(con.execute(_JOBS).fetchall()) if queue and figures else {},
        figures=_figures(con, workers, waits) if figures else {},
    )


def audit_word(statements: str, audit: str | None) -> str:
    """What the two settings of `AUDIT` come to.

    >>> audit_word("all", "Write, READ"), audit_word("all", "write"), audit_word("mod", None)
    ('pgaudit', 'statements', 'off')
    """
    classes = {word.strip().lower() for word in (audit or "").split(",")}
    if classes & {"read", "all"}:
        return "pgaudit"
    return "statements" if statements == "all" else "off"


def _figures(con: Connection, workers: int, waits: float) -> dict[str, float | None]:
    queries = dict(_SERVER)
    if _has(con, "register.event"):
        queries |= _REGISTER
    if _has(con, "ledger.tree"):
        queries |= _LEDGER
    found: dict[str, float | None] = {name: float(_one(con, q)) for name, q in queries.items()}
    return found | {"dancu_workers": workers, "dancu_job_waits_seconds": waits}


def _migrations(con: Connection) -> frozenset[tuple[str, str]]:
    if not _has(con, "django_migrations"):
        return frozenset()
    return frozenset(con.execute("SELECT app, name FROM django_migrations").fetchall())


def _has(con: Connection, table: str) -> bool:
    return bool(_one(con, "SELECT to_regclass(%s) IS NOT NULL", table))


def _one(con: Connection, query: str, *given: Any) -> Any:
    row = con.execute(query.encode(), given or None).fetchone()
    return row[0] if row else None
