"""What is past its time goes, provably; what is not stays; every table says how long it is kept."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable
from typing import Any

import psycopg
from django.urls import reverse
from tests.web.register import RegisterSite

from dancu.platform.keeping import services
from dancu.reference import retention

NOW = dt.datetime(2026, 6, 1, 3, 0, tzinfo=dt.UTC)
OTHERS = ("procrastinate", "django")


def test_every_table_says_how_long_it_is_kept_and_by_which_law(register_site: RegisterSite) -> None:
    there = {
        row[0]
        for row in register_site.ask(
            "SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE c.relkind IN ('r', 'p') AND n.nspname !~ '^(pg_|information_schema)'"
        )
        if not row[0].removeprefix("public.").startswith(OTHERS)
    }
    rules = retention.rules(on=NOW.date())
    assert sorted(there - rules.keys()) == [], sorted(there - rules.keys())
    assert sorted(rules.keys() - there) == []
    assert all(rule.law for rule in rules.values())


def test_a_table_of_the_ledger_is_never_purged_behind_its_back(register_site: RegisterSite) -> None:
    """A row deleted without its salt would be found as tampering."""
    ours = {
        row[0] if "." in row[0] else f"public.{row[0]}": row[1].partition(".")[0]
        for row in register_site.ask("SELECT table_name, name FROM ledger.kind")
    }
    rules = retention.rules(on=NOW.date())
    assert {t for t in ours if rules[t].do == "delete"} == set()
    assert {t: rules[t].kind for t in ours if rules[t].do == "erase"} == {
        t: kind for t, kind in ours.items() if rules[t].do == "erase"
    }


def test_a_line_past_the_time_of_its_purpose_is_erased_and_its_leaf_stays(
    register_site: RegisterSite,
) -> None:
    citizen = register_site.citizen(register_site.communes[0], 2)
    years = retention.years_of_purposes()["residence"]
    when = {"old": f"{years} years 2 days", "young": f"{years - 1} years"}
    for by, age in when.items():
        register_site.ask(
            "INSERT INTO register.access_log (citizen_id, by, purpose, at)"
            " VALUES (%s, %s, 'residence', %s::timestamptz - %s::interval) RETURNING 1", citizen, by, NOW, age,
        )  # fmt: skip
    key = register_site.ask("SELECT receipt::text FROM register.access_log WHERE by = 'old'")[0][0]
    assert [d.rows for d in services.due(at=NOW) if d.purpose == "residence"] == [1]
    assert services.purge(by="test", at=NOW)["register.access_log"] == 1
    left = register_site.ask("SELECT by FROM register.access_log WHERE by IN ('old', 'young')")
    assert left == [("young",)]
    leaf = register_site.ask("SELECT salt, commitment FROM ledger.entry WHERE key = %s", key)
    assert leaf[0][0] is None and leaf[0][1] is not None
    (told,) = register_site.ask(
        "SELECT p.count, p.erasure_no IS NOT NULL, p.law <> '' FROM keeping.purge p"
        " WHERE table_name = 'register.access_log'"
    )
    assert told == (1, True, True)
    entries = register_site.ask(
        "SELECT count(*) FROM (SELECT kind_no FROM ledger.entry UNION ALL SELECT kind_no FROM ledger.pending) e"
        " JOIN ledger.kind k USING (kind_no) WHERE k.name = 'purge.1'"
    )
    assert entries == [(len(register_site.ask("SELECT FROM keeping.purge")),)]
    assert services.purge(by="test", at=NOW) == {}


def test_of_deleted_rows_a_digest_stays_by_which_a_backup_shows_them(
    register_site: RegisterSite,
) -> None:
    register_site.ask(
        "INSERT INTO edge.served (at, request, route, status, subject, persons, numbers, receipts, sealed)"
        " SELECT %s::timestamptz - d * interval '1 day', gen_random_uuid(), 'x', 200, '{}', '{}', 1, '{}', false"
        " FROM unnest(ARRAY[34, 36, 40]) d RETURNING 1", NOW,
    )  # fmt: skip
    with psycopg.connect(register_site.dsn) as con:
        con.execute("SET timezone = 'UTC'")
        old = con.execute("SELECT t::text FROM edge.served t ORDER BY at LIMIT 2").fetchall()
    before = [row[0] for row in old]
    assert services.purge(by="test", at=NOW)["edge.served"] == 2
    (found,) = register_site.ask(
        "SELECT salt, digest FROM keeping.purge WHERE table_name = 'edge.served' ORDER BY purge_no DESC LIMIT 1"
    )
    text = "\n".join(sorted(before)).encode()
    assert hashlib.sha256(bytes(found[0]) + text).digest() == bytes(found[1])


def test_the_auditor_reads_periods_and_purges(
    register_site: RegisterSite, client_as: Callable[..., Any]
) -> None:
    shown = client_as("auditor").get(reverse("keeping:rules")).content.decode()
    assert "register.access_log" in shown and "91/2025" in shown
    assert client_as("commune_police").get(reverse("keeping:rules")).status_code == 403
