"""Dossiers of half a year for reports: four units, three services, two years, made and taken away."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connections

from dancu.engine.report.indicators import Asked

DAY = dt.date(2024, 6, 21)
HALF = Asked(dt.date(2024, 1, 1), DAY)
AT = dt.datetime(2024, 6, 21, 9, 0, tzinfo=dt.UTC)
MADE = """
INSERT INTO services.dossier (code, procedure, version, essential, procedure_group, place, unit_code, channel,
    applicant_name, status, filed_at, accepted_at, due_at, ended_at, minutes, on_time, saved_papers, electronic_result)
SELECT 'REP-' || y || '-' || p.code || '-' || u.unit || '-' || n, p.code, 1, p.service, p.grp, u.unit, u.unit,
    CASE WHEN n <= p.most * u.share / 100 - 10 * y THEN 2 ELSE 1 END, 'NGUYỄN VĂN BÍ MẬT', 9, d, d,
    d + interval '7 days', d + interval '5 days', 900 + n, n % 20 > 0, n % 2, n % 3 > 0
FROM (VALUES ('1.004222', 'ES03', 'police', 119), ('BG.ES12', 'ES12', 'other', 95), ('3.000347', 'ES20', 'other', 64))
        AS p(code, service, grp, most),
    (VALUES ('07204', 100, 120), ('07207', 90, 120), ('07549', 50, 120), ('07615', 60, 3)) AS u(unit, share, many),
    generate_series(1, 120) n, generate_series(0, 1) y,
    LATERAL (SELECT timestamptz '2024-01-02 09:00+07' + n * interval '1 day' - y * interval '1 year') v(d)
WHERE n <= u.many
"""


@contextmanager
def dossiers() -> Iterator[None]:
    """There and no others (of modules before), and folded; gone afterwards."""
    given: Any = connections["owner"].settings_dict
    address = psycopg.conninfo.make_conninfo(
        host=given["HOST"], port=given["PORT"] or None, dbname=given["NAME"], user=given["USER"],
        password=given["PASSWORD"],
    )  # fmt: skip
    with psycopg.connect(address, autocommit=True) as con:
        con.execute("SET session_replication_role = replica")
        con.execute("TRUNCATE services.dossier, services.kept, services.delta CASCADE")
        con.execute("SET session_replication_role = origin")
        con.execute(MADE)
        con.execute("SELECT services.fold(300)")
        yield
        con.execute("DELETE FROM services.dossier WHERE code LIKE 'REP-%'")
        con.execute("TRUNCATE services.kept, services.delta")
