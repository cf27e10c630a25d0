"""Indicators: kept sums, facts and records say the same; any unit of any era; targets, ranking, pages."""

from __future__ import annotations

import datetime as dt
import random
import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape
from tests.web import lives
from tests.web.lives import UNITS, actors, owner

from dancu.engine.report.cells import Months
from dancu.engine.report.indicators import Asked
from dancu.platform.reports import counting, definitions, eras, indicator_sums, registry
from dancu.platform.reports import indicators as register_indicators
from dancu.reference import units
from dancu.sectors.public_services import acting, dossiers
from dancu.sectors.public_services.acting import Actor, Ask
from dancu.sectors.public_services.figures import counting as service_counting
from dancu.sectors.public_services.figures.counting import Wanted
from dancu.sectors.public_services.indicators import INDICATORS

__all__ = ["actors", "owner"]


def _histories(rng: random.Random, actors: Any, *, n: int) -> None:
    for _ in range(n):
        day = dt.datetime(2024, 11, 1, 8, 0) + dt.timedelta(days=rng.randrange(300))
        one = lives.file(rng, units=UNITS, at=dossiers.aware(day))
        lives.live(rng, one, actors, units=UNITS)


PERIODS = (
    Asked(dt.date(2024, 11, 1), dt.date(2025, 9, 30)),
    Asked(dt.date(2024, 12, 15), dt.date(2025, 6, 14)),
    Asked(dt.date(2025, 6, 20), dt.date(2025, 7, 10)),
    Asked(dt.date(2025, 3, 5), dt.date(2025, 3, 20)),
)
ERAS = (None, dt.date(2024, 6, 21), dt.date(2025, 3, 1), dt.date(2026, 11, 1))


def _by_facts(code: str, asked: Asked, of: dt.date | None, monkeypatch: Any) -> dict[str, Any]:
    with monkeypatch.context() as slow:
        slow.setattr(registry, "sums", dict)
        return counting.figures(code, asked, of=of, using="owner")


@pytest.mark.parametrize("seed", range(2))
def test_an_indicators_faster_way_says_what_its_facts_say_in_every_era(
    owner: Any, actors: Any, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    _histories(random.Random(seed), actors, n=40)
    counted_any = 0
    for asked in PERIODS:
        for of in ERAS:
            fast = counting.many([i.code for i in INDICATORS], asked, of=of, using="owner")
            for indicator in INDICATORS:
                assert fast[indicator.code] == _by_facts(indicator.code, asked, of, monkeypatch)
                counted_any += len(fast[indicator.code])
    assert counted_any > 500


def test_months_say_what_each_month_says_alone(
    owner: Any, actors: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    _histories(random.Random(5), actors, n=40)
    codes = [i.code for i in INDICATORS]
    span = Months.up_to(dt.date(2025, 9, 30), 12)
    fast = counting.months(codes, last=dt.date(2025, 9, 30), n=12, using="owner")
    with monkeypatch.context() as slow:
        slow.setattr(registry, "sums", dict)
        assert fast == counting.months(codes, last=dt.date(2025, 9, 30), n=12, using="owner")
    for month in range(1, 13):
        alone = counting.many(codes, Asked(span.day(month), span.last(month)), using="owner")
        for code in codes:
            in_month = {u: f for (u, m), f in fast[code].items() if m == span.day(month)}
            assert in_month == alone[code]


def _accept(officer: Actor, unit: str, at: dt.datetime, *, channel: int = 2) -> Any:
    filing = acting.Filing("1.004222", unit, unit, channel, None, "NGUYỄN VĂN A", {})
    one = acting.do_file(filing=filing, by=lives.SYSTEM, at=dossiers.aware(at))
    return acting.do_act(
        dossier_no=one.dossier_no,
        by=officer,
        ask=Ask("accept", one.version_no),
        at=dossiers.aware(at),
    )


def test_a_figure_opens_to_as_many_records_as_it_counts(owner: Any, actors: Any) -> None:
    for channel, code in enumerate((*UNITS, "99999", *UNITS)):
        _accept(actors[0], code, dt.datetime(2025, 6, 2, 9), channel=channel % 3 + 1)
    asked, of = PERIODS[0], dt.date(2025, 9, 30)
    found = counting.figures("online_rate_all", asked, of=of, using="owner")
    assert set(found) == {"24", "07210", "07525", "09169", "213@2025-01-01", "?"}
    for unit, figure in found.items():
        opened = counting.records("online_rate_all", asked, unit=unit, of=of, using="owner")
        assert (len(opened), sum(r.hit for r in opened)) == (figure.denominator, figure.numerator)
        inside = counting.count_records(
            "online_rate_all", asked, unit=unit, hit=True, of=of, using="owner"
        )
        assert inside == figure.numerator


def _own(register_site: Any, code: str, asked: Asked, **more: Any) -> dict[str, Any]:
    del register_site
    return counting.figures(code, asked, using="owner", **more)


JUNE_2024 = Asked(dt.date(2024, 1, 1), dt.date(2024, 6, 21))


def test_the_registers_own_figures_are_those_of_plain_sql(register_site: Any) -> None:
    living = (
        "coalesce(birth_earliest, '1900-01-01') <= '2024-06-21' AND life_status IS DISTINCT FROM '2'"
        " AND (death_date IS NULL OR death_date > '2024-06-21')"
    )
    plain = dict(
        register_site.ask(
            f"SELECT unit_code, count(*) FROM register.person WHERE {living} GROUP BY 1"
        )
    )
    found = _own(register_site, "citizen_records", JUNE_2024)
    assert {u: int(f.numerator) for u, f in found.items() if len(u) == 5} == {
        u: n for u, n in plain.items() if len(u) == 5
    }
    bad = dict(register_site.ask(
        f"SELECT unit_code, count(*) FROM register.person p WHERE {living} AND EXISTS (SELECT 1 FROM register.finding f"
        " WHERE f.level = 'person' AND f.subject_id = p.person_id AND f.closed_at IS NULL) GROUP BY 1"
    ))  # fmt: skip
    clean = _own(register_site, "clean_records_rate", JUNE_2024)
    assert {
        u: int(f.denominator - f.numerator) for u, f in clean.items() if u in plain and len(u) == 5
    } == {u: bad.get(u, 0) for u in plain if len(u) == 5}
    checks = register_site.ask(
        "SELECT sum(evaluated - failed), sum(evaluated) FROM register.score WHERE level = 'person'"
    )[0]
    whole = _own(register_site, "quality_checks_passed", JUNE_2024, by="all")["*"]
    assert (whole.numerator, whole.denominator) == checks
    births = _own(register_site, "births_recorded", JUNE_2024, by="all")["*"]
    assert (
        births.numerator
        == register_site.ask(
            "SELECT count(*) FROM register.life_event WHERE kind = 'birth'"
            " AND valid_on BETWEEN '2024-01-01' AND '2024-06-21'"
        )[0][0]
    )
    assert births.numerator > 0


def test_months_of_a_stock_are_the_stock_at_each_months_end(register_site: Any) -> None:
    del register_site
    codes = [i.code for i in register_indicators.INDICATORS]
    span = Months.up_to(dt.date(2024, 6, 30), 24)
    found = counting.months(codes, last=dt.date(2024, 6, 30), n=24, using="owner")
    for month in (1, 13, 24):
        for code in codes:
            alone = counting.figures(code, Asked(span.day(month), span.last(month)), using="owner")
            in_month = {u: f for (u, m), f in found[code].items() if m == span.day(month)}
            assert {u: f for u, f in in_month.items() if f.denominator} == alone, (code, month)


def test_what_was_known_then_is_not_what_is_known_now(register_site: Any) -> None:
    """A correction of today changes what is said now of June, and not what was said then."""
    before = dt.datetime.now(dt.UTC)
    unit = register_site.communes[0]
    now = _own(register_site, "citizen_records", JUNE_2024)[unit].numerator
    person = register_site.ask(
        "SELECT person_id FROM register.person WHERE unit_code = %s AND life_status IS DISTINCT"
        " FROM '2' AND death_date IS NULL AND birth_earliest < '2024-01-01' LIMIT 1",
        unit,
    )[0][0]
    register_site.do(
        "WITH old AS (SELECT to_jsonb(p) AS row, p.* FROM register.person p WHERE person_id = %s), kept AS ("
        "INSERT INTO register.person_history (person_id, citizen_id, recorded, row) SELECT person_id, citizen_id,"
        " tstzrange(recorded_from, now()), row FROM old)"
        " UPDATE register.person SET death_date = '2024-03-01', recorded_from = now() WHERE person_id = %s",
        person, person,
    )  # fmt: skip
    assert _own(register_site, "citizen_records", JUNE_2024)[unit].numerator == now - 1
    then, of = eras.stated(JUNE_2024, "then", today=dt.date(2026, 11, 1), at=before)
    assert _own(register_site, "citizen_records", then, of=of)[unit].numerator == now
    restated, of = eras.stated(JUNE_2024, "restated", today=dt.date(2026, 11, 1), at=before)
    whole = _own(register_site, "citizen_records", restated, of=of)
    assert whole["24"].numerator == _own(register_site, "citizen_records", then)["24"].numerator
    assert not set(whole) & {u.code for u in units.on(dt.date(2024, 6, 21)).districts}


_PERSONS = ("citizen_records", "clean_records_rate", *register_indicators.MATCHED)
_KEEP = (
    "INSERT INTO register.person_history (person_id, citizen_id, recorded, row) SELECT person_id, citizen_id,"
    " tstzrange(recorded_from, clock_timestamp()), to_jsonb(p) FROM register.person p WHERE person_id = %s"
)
_CHANGES = {
    "dies": (_KEEP, "UPDATE register.person SET death_date = '2024-04-01', recorded_from = clock_timestamp()"
             " WHERE person_id = %s"),
    "moves": (_KEEP, "UPDATE register.person SET unit_code = (SELECT max(unit_code) FROM register.person"
              " WHERE unit_code <> '?'), recorded_from = clock_timestamp() WHERE person_id = %s"),
    "has no unit": (_KEEP, "UPDATE register.person SET unit_code = NULL, recorded_from = clock_timestamp()"
                    " WHERE person_id = %s"),
    "stands in a list more": (_KEEP, "UPDATE register.person SET sources = array_append(array_remove(sources, 'tax'),"
                              " 'tax'), recorded_from = clock_timestamp() WHERE person_id = %s"),
    "is no resident": (_KEEP, "UPDATE register.person SET sources = array_remove(sources, 'population'),"
                       " recorded_from = clock_timestamp() WHERE person_id = %s"),
    "is another's double": (_KEEP, "DELETE FROM register.person WHERE person_id = %s"),
    "comes": ("CREATE TEMP TABLE come ON COMMIT DROP AS SELECT * FROM register.person WHERE person_id = %s",
              "UPDATE come SET person_id = person_id + 900000000 + (random() * 1e8)::int, citizen_id ="
              " gen_random_uuid(), recorded_from = clock_timestamp() WHERE person_id = %s",
              "INSERT INTO register.person SELECT * FROM come WHERE %s > 0"),
    "has an error": ("INSERT INTO register.finding (rule_id, level, subject_id, unit_code, opened_at) VALUES"
                     " ('COM-999', 'person', %s, '?', clock_timestamp()) ON CONFLICT DO NOTHING",),
    "is put right": ("UPDATE register.finding SET closed_at = clock_timestamp() WHERE level = 'person'"
                     " AND subject_id = %s AND closed_at IS NULL",),
}  # fmt: skip
"""What may become of a person -> the statements, as whoever records it writes them."""


def _at_random(site: Any, rng: random.Random, n: int) -> list[dt.datetime]:
    """So many changes; the moments after each."""
    moments = []
    for _ in range(n):
        ((one, _),) = site.ask("SELECT person_id, random() FROM register.person ORDER BY 2 LIMIT 1")
        with connections["owner"].cursor() as cursor:
            cursor.execute("BEGIN")
            for statement in _CHANGES[rng.choice(list(_CHANGES))]:
                cursor.execute(statement, [one])
            cursor.execute("COMMIT")
            cursor.execute("SELECT clock_timestamp()")
            moments.append(cursor.fetchone()[0])
    return moments


@pytest.mark.parametrize("seed", range(2))
def test_sums_of_persons_say_what_their_records_say_at_every_moment(
    register_site: Any, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Made at one moment, asked for now, for moments after it and for moments before it."""
    rng = random.Random(seed)
    early = _at_random(register_site, rng, 12)
    indicator_sums.fold(enough=-1)
    register_site.ask("SELECT pg_sleep(1.1)")  # sums are of a second before: these come after
    late = _at_random(register_site, rng, 12)
    for known in (None, *early[::3], early[-1], *late[::3], late[-1]):
        for last in (dt.date(2024, 6, 21), dt.date(2024, 2, 29)):
            asked = Asked(dt.date(2024, 1, 1), last, known)
            every = (*_PERSONS, *register_indicators.EVENTS)
            fast = counting.many(every, asked, using="owner")
            for code in every:
                assert _without_none(fast[code]) == _without_none(
                    _by_facts(code, asked, None, monkeypatch)
                ), (code, asked)
        codes = [*_PERSONS, *register_indicators.EVENTS]
        monthly = counting.months(
            codes, last=dt.date(2024, 6, 21), n=12, known=known, using="owner"
        )
        with monkeypatch.context() as slow:
            slow.setattr(registry, "sums", dict)
            slowly = counting.months(
                codes, last=dt.date(2024, 6, 21), n=12, known=known, using="owner"
            )
        for code in codes:
            assert _without_none(monthly[code]) == _without_none(slowly[code]), (code, known)


def _without_none(found: dict[Any, Any]) -> dict[Any, Any]:
    return {unit: figure for unit, figure in found.items() if figure.denominator}


_FILED = (
    "INSERT INTO services.dossier (code, procedure, version, essential, procedure_group, place, unit_code, channel,"
    " applicant_name, status, filed_at, accepted_at, minutes, supplements) SELECT 'THEN-' || gen_random_uuid(),"
    " '1.004222', 1, 'ES03', 'police', %(unit)s, %(unit)s, %(channel)s, 'THỬ', 2, d, d, NULL, 0"
    " FROM (VALUES (timestamptz '2024-12-01 09:00+07' + %(day)s * interval '1 day')) v(d)"
)
_ONE = " WHERE dossier_no = (SELECT dossier_no FROM services.dossier WHERE code ~ '^THEN' ORDER BY random() LIMIT 1)"
_DOSSIERS = {
    "is filed": _FILED,
    "ends": "UPDATE services.dossier SET status = 9, ended_at = accepted_at + interval '3 days', minutes = 900,"
            f" on_time = %(channel)s > 1, electronic_result = true{_ONE}",
    "goes elsewhere": f"UPDATE services.dossier SET unit_code = %(unit)s{_ONE}",
    "is asked for papers": f"UPDATE services.dossier SET supplements = supplements + 1, channel = %(channel)s{_ONE}",
    "was a mistake": f"DELETE FROM services.dossier{_ONE}",
}  # fmt: skip


def test_dossiers_counted_at_once_as_known_then_say_what_their_facts_say(
    register_site: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Filed, ended, moved, gone again: at every moment what was known at that moment."""
    rng, codes, moments = random.Random(1), [i.code for i in INDICATORS], []
    with connections["owner"].cursor() as cursor:
        for n in range(36):
            given = {
                "unit": rng.choice(UNITS),
                "channel": rng.randrange(1, 4),
                "day": rng.randrange(280),
            }
            what = "is filed" if n < 12 else rng.choice(list(_DOSSIERS))
            cursor.execute(_DOSSIERS[what], given)
            cursor.execute("SELECT clock_timestamp()")
            moments.append(cursor.fetchone()[0])
    counts = set()
    for known in moments[11::8]:
        for asked in (Asked(a.first, a.last, known) for a in PERIODS[:2]):
            fast = counting.many(codes, asked, using="owner")
            for code in codes:
                assert fast[code] == _by_facts(code, asked, None, monkeypatch), (code, asked)
            of = {u: int(f.numerator) for u, f in fast["dossiers_received"].items()}
            told = service_counting.count(Wanted(INDICATORS, asked, "24"), using="owner")
            here = [u for u in told.units() if u != "?"]
            assert {u: told.pair("dossiers_received", u)[0] for u in here} == {
                u: of[u] for u in here
            }
            counts.add(tuple(of.values()))
        months = counting.months(codes, last=dt.date(2025, 9, 30), n=12, known=known, using="owner")
        with monkeypatch.context() as slow:
            slow.setattr(registry, "sums", dict)
            assert months == counting.months(
                codes, last=dt.date(2025, 9, 30), n=12, known=known, using="owner"
            )
    assert len(counts) > 5


def test_without_sums_every_person_is_read(
    register_site: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    _at_random(register_site, random.Random(5), 6)
    with connections["owner"].cursor() as cursor:
        cursor.execute("DELETE FROM reports.people_anchor")
    for code in _PERSONS:
        fast = counting.figures(code, JUNE_2024, using="owner")
        assert _without_none(fast) == _without_none(_by_facts(code, JUNE_2024, None, monkeypatch))


def test_figures_of_persons_come_from_the_sums_that_are_kept(register_site: Any) -> None:
    del register_site
    indicator_sums.fold(enough=-1)
    before = counting.figures("citizen_records", JUNE_2024, using="owner", by="all")["*"]
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "UPDATE reports.people_sum SET records = records + 1000 WHERE ctid = (SELECT s.ctid"
            " FROM reports.people_sum s WHERE s.until IS NULL ORDER BY s.since LIMIT 1)"
        )
        wrong = counting.figures("citizen_records", JUNE_2024, using="owner", by="all")["*"]
        assert wrong.numerator == before.numerator + 1000
        indicator_sums.fold(enough=-1)
    assert counting.figures("citizen_records", JUNE_2024, using="owner", by="all")["*"] == before


def test_sums_that_much_was_recorded_since_are_made_anew(register_site: Any) -> None:
    indicator_sums.fold(enough=-1)
    assert not indicator_sums.fold(), "they are fresh"
    register_site.ask("SELECT pg_sleep(1.1)")
    _at_random(register_site, random.Random(7), 4)
    assert not indicator_sums.fold(enough=10)
    assert indicator_sums.fold(enough=0)


def test_every_indicator_has_a_page_that_says_what_it_means(client_as: Callable[..., Any]) -> None:
    client = client_as("task_force", unit="24")
    listed = client.get("/chi-tieu/").content.decode()
    for indicator in registry.indicators().values():
        assert f'href="/chi-tieu/{indicator.code}/"' in listed
        told = client.get(f"/chi-tieu/{indicator.code}/").content.decode()
        for words in (
            indicator.name_vi,
            indicator.meaning_vi,
            indicator.moved_by_vi,
            indicator.owner,
            indicator.law,
        ):
            assert words, f"{indicator.code} lacks words"
            assert escape(words) in told, (indicator.code, words)
        assert definitions.digest(indicator) in told
    one = client.get("/chi-tieu/online_rate_essential_25/").content.decode()
    assert "&gt; 70%" in one and "&gt; 60%" in one and "113.796 / 124.087" in one
    assert client.get("/chi-tieu/khong_co/").status_code == 404
    client.cookies["dancu-language"] = "en"
    assert (
        "How it is measured" in client.get("/chi-tieu/online_rate_essential_25/").content.decode()
    )
    nobody = client_as("clinic_clerk")
    assert nobody.get("/chi-tieu/online_rate_all/xep-hang/").status_code == 403


def test_pages_rank_units_and_open_records_of_the_own_territory(
    client_as: Callable[..., Any], register_site: Any
) -> None:
    client = client_as("task_force", unit="24")
    told = client.get(
        "/chi-tieu/clean_records_rate/xep-hang/?tu=2024-01-01&den=2024-06-21"
    ).content.decode()
    busy = register_site.communes[0]
    assert told.count('<th scope="row">') == 209
    assert "Không xếp hạng" in told and f'<span class="code muted">{busy}</span>' in told
    after = client.get(
        "/chi-tieu/clean_records_rate/xep-hang/?den=2024-06-21&don-vi-ngay=2025-07-01"
    ).content.decode()
    assert after.count('<th scope="row">') == 99
    query = f"?tu=2024-01-01&den=2024-06-21&don-vi={busy}"
    mine = (
        client_as("unit_head", unit=busy)
        .get(f"/chi-tieu/clean_records_rate/ban-ghi/{query}")
        .content.decode()
    )
    other = (
        client_as("unit_head", unit="07522")
        .get(f"/chi-tieu/clean_records_rate/ban-ghi/{query}")
        .content.decode()
    )
    assert re.search(r"/nguoi/[0-9a-f-]{36}/", mine) and not re.search(
        r"/nguoi/[0-9a-f-]{36}/", other
    )
    assert not re.search(r"<td[^>]*>\d\d/\d\d/\d{4}</td>", mine), (
        "a day of birth is not shown without a trace"
    )
    figure = re.search(r"Số liệu: <b>[^<]*</b> <span class=\"muted\">\(([^)]*)\)", mine)
    assert figure and figure[1] in other, "the sums are the same for both"


def test_every_indicator_unit_and_month_takes_one_statement_for_an_indicator(
    register_site: Any,
) -> None:
    del register_site
    codes = list(registry.indicators())
    counting.months(codes, last=dt.date(2024, 6, 21), n=24)
    alone = [code for code in codes if code not in registry.sums()]
    with CaptureQueriesContext(connections["default"]) as asked:
        start = time.perf_counter()
        counting.months(codes, last=dt.date(2024, 6, 21), n=24)
        took = time.perf_counter() - start
    ways = {id(registry.sums()[code]) for code in codes if code in registry.sums()}
    assert len(asked) == len(alone) + len(ways) and len(codes) >= 25
    assert took < 5
