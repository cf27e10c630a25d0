"""What was found, for pages: the last comparison of each day, and its gaps. No row of a person is here to be read."""

from __future__ import annotations

from dataclasses import fields

from django.db import connection

from dancu.platform.completeness.reconciling import Gap, Run

DAYS = 60
_RUN = ", ".join(field.name for field in fields(Run))


def days(*, most: int = DAYS) -> list[Run]:
    """The last comparison of each of the newest days."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT DISTINCT ON (on_day) {_RUN} FROM completeness.run ORDER BY on_day DESC, run_no DESC LIMIT %s",
            [most],
        )
        return [Run(*row) for row in cursor.fetchall()]


def gaps(*, most: int = 500) -> list[Gap]:
    """Those of the last comparison of each shown day, the newest first."""
    runs = [run.run_no for run in days()]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT kind, at, request::text, route, persons, receipt::text FROM completeness.gap"
            " WHERE run_no = ANY (%s) ORDER BY run_no DESC, gap_no DESC LIMIT %s", [runs, most],
        )  # fmt: skip
        return [Gap(*row) for row in cursor.fetchall()]
