"""The report of the review at full size: from cold and from kept sums, every indicator for 24 months, plain SQL.

``--scale 1`` is the story `bac-giang-2024`: 870,022 dossiers of two half-years taken in from a portal's lists through
the import, the books of direction recorded as a clerk would, and 2,034,961 rows of persons with findings, events of
life and former states put in by SQL (narrower rows than a living register's, of its indexes those that figures use),
into a PostgreSQL of its own with default settings and no fsync. "Cold" counts every figure from records; "kept" lets
public services and the register use their kept sums. Both write the same report (asserted). Fifteen tables,
indicator × unit, stand beside those of SQL written by hand below: equal in numerator, denominator and in the sum of
the hashes of the records behind them. Memory: this process and, as the share that is theirs, the server's.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import resource
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bench.harness import Bench

ROOT = "24"
SEED = 7


def filled(dsn: str, scale: float) -> dict[str, Any]:
    """Migrates and puts the records of the story in."""
    _ready(dsn)
    from dancu.platform.access import territory
    from dancu.platform.reports import indicator_sums
    from dancu.province import story, story_dossiers, story_loading
    from dancu.sectors.direction import sample
    from dancu.site import database
    from dancu.store.postgres import connect

    database.migrate()
    territory.set_register_day(story.DAY)
    wanted = story.by_id(scale=scale)["F23"].numerator
    with connect(dsn) as con:
        people_s, _ = _timed(lambda: people(con, wanted))
    with tempfile.TemporaryDirectory(prefix="bench-") as tmp:
        making_s, _ = _timed(lambda: story_dossiers.make(scale, SEED, Path(tmp)))
        with story_loading.known_since(dsn, story_loading.KNOWN):
            import_s, taken = _timed(
                lambda: story_loading.dossiers(dsn, Path(tmp), progress=lambda _w, _s: None)
            )
    assert not taken.bad, taken.reasons
    sample.make()
    people_fold_s, _ = _timed(lambda: indicator_sums.fold(enough=-1))
    with connect(dsn, autocommit=True) as con:
        fold_s, _ = _timed(lambda: con.execute("SELECT services.fold(2147483647)"))
        con.execute("VACUUM (ANALYZE)")
    return {"people": wanted, "dossiers": taken.added, "people_s": round(people_s, 1), "lists_s": round(making_s, 1),
            "import_s": round(import_s, 1), "fold_s": round(fold_s, 1),
            "people_fold_s": round(people_fold_s, 1)}  # fmt: skip


def told(dsn: str, scale: float) -> dict[str, Any]:
    """Reports, months, and the tables beside plain SQL."""
    _ready(dsn)
    from django.db import connections

    from dancu.engine.report.content_json import to_json
    from dancu.platform.reports import counting, eras, registry
    from dancu.province import story

    with _watched() as memory:
        codes = list(registry.indicators())
        found: dict[str, Any] = {"indicators": len(codes)}
        with _from_records():
            found["cold_s"], cold = _least(_written, 2)
        found["kept_s"], kept = _least(_written, 3)
        assert to_json(cold) == to_json(kept), "kept sums and records write different reports"
        found["then_s"], then = _least(lambda: _written(eras.end_of(story.DAY)), 1)
        found["then_same"] = [r.printed for r in then.printed] == [r.printed for r in kept.printed]
        found["numbers"], found["annexes"] = len(list(kept.printed)), len(kept.annexes)
        found["months_s"], months = _least(
            lambda: counting.months(codes, last=story.DAY, n=24, using="owner"), 2
        )
        found["cells"] = sum(len(each) for each in months.values())
        found |= _files(kept)
        found |= _beside(dsn)
        found |= _as_printed(scale)
    connections.close_all()
    found["own_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    found["server_mb"] = memory["most"] // 1024
    found["memory_gb"] = round((found["own_mb"] + found["server_mb"]) / 1024, 2)
    return found


def _ready(dsn: str) -> None:
    os.environ |= {"DANCU_DATABASE": "none", "DANCU_SECRET_KEY": "bench",
                   "DJANGO_SETTINGS_MODULE": "dancu.site.settings"}  # fmt: skip
    import django

    django.setup()
    from dancu.site import addresses

    addresses.point(dsn)


def _written(known: dt.datetime | None = None) -> Any:
    """Sentences and annexes of the province's half-year, as known now or at a moment."""
    from dancu.engine.report.indicators import Asked
    from dancu.platform.reports_writing import writing
    from dancu.platform.reports_writing.gathering import Order
    from dancu.province import story

    asked = Asked(dt.date(2024, 1, 1), story.DAY, known)
    return writing.content(Order(ROOT, asked, story.DAY), using="owner")


@contextlib.contextmanager
def _from_records() -> Iterator[None]:
    """No kept sums: no whole month of dossiers and no person, but every record within the period read."""
    from django.db import connections

    from dancu.platform.reports import indicator_sums as persons
    from dancu.sectors.public_services.figures import counting, indicator_sums

    given = indicator_sums.whole_months
    for module in (counting, indicator_sums):
        vars(module)["whole_months"] = lambda _first, _last: (dt.date.max, dt.date.min)
    with connections["owner"].cursor() as cursor:
        cursor.execute("DELETE FROM reports.people_anchor")
    try:
        yield
    finally:
        for module in (counting, indicator_sums):
            vars(module)["whole_months"] = given
        persons.fold(enough=-1)


def _files(report: Any) -> dict[str, Any]:
    """The forms of the report that is written already."""
    from dancu.platform.reports_writing import as_docx, as_pdf, as_tables

    at = dt.datetime(2024, 6, 21, 9, tzinfo=dt.UTC)
    forms = {
        "pdf_s": lambda: as_pdf.pdf(report, at=at),
        "docx_s": lambda: as_docx.docx(report, at=at),
        "xlsx_s": lambda: as_tables.xlsx(report),
    }
    return {name: round(_timed(make)[0], 2) for name, make in forms.items()}


def _as_printed(scale: float) -> dict[str, Any]:
    """Figures of the story from records against its data; at scale 1 these are the printed ones."""
    from dancu.engine.report.indicators import Asked
    from dancu.platform.reports import counting
    from dancu.province import story

    right = 0
    every = story.figures(scale=scale)
    for one in every:
        asked = Asked(one.first, one.last)
        figure = counting.figures(one.indicator, asked, units=[ROOT], of=story.DAY, using="owner")[
            ROOT
        ]
        same = int(figure.numerator) == one.numerator and (
            not one.is_share or int(figure.denominator) == one.denominator
        )
        assert same, (one, figure)
        right += one.agrees
    return {"story": len(every), "as_printed": right}


# --- the same tables by hand ---

_D = "SELECT unit_code AS unit, {top} AS top, {bottom} AS bottom, {mark} AS mark FROM services.dossier WHERE {which} GROUP BY 1"  # noqa: E501
_IN = "accepted_at >= '2024-01-01 00:00+07' AND accepted_at < '2024-06-22 00:00+07'"
_OUT = "accepted_at IS NOT NULL AND ended_at >= '2024-01-01 00:00+07' AND ended_at < '2024-06-22 00:00+07'"
_H = "coalesce(sum(hashtextextended({0}, 0)::numeric) FILTER (WHERE {1}), 0)"
_POLICE = (
    "BG.ES06",
    "BG.ES02",
    "1.013079",
    "1.004222",
    "1.004194",
    "BG.ES05",
    "BG.ES09",
    "BG.ES01",
    "BG.ES08",
)
_REST = ("BG.CT09", "BG.HT04", "BG.XD01")


def _dossiers(hit: str, which: str = "true", *, among: str = _IN, top: str = "") -> str:
    return _D.format(
        top=top or f"count(*) FILTER (WHERE {hit})", bottom="count(*)", mark=_H.format("dossier_no::text", hit),
        which=f"{among} AND {which}",
    )  # fmt: skip


def by_hand() -> dict[str, str]:
    """Fifteen tables as somebody would write them who knows the tables and nothing of indicators."""
    police = f"procedure IN {_POLICE}"
    living = (
        "SELECT unit_code AS unit, {top} AS top, count(*) AS bottom, {mark} AS mark FROM register.person p"
        " WHERE coalesce(birth_earliest, '1900-01-01') <= '2024-06-21' AND (death_date IS NULL OR death_date >"
        " '2024-06-21') AND NOT (death_date IS NULL AND life_status IS NOT DISTINCT FROM '2') GROUP BY 1"
    )
    clean = (
        "NOT EXISTS (SELECT 1 FROM register.finding f WHERE f.level = 'person' AND f.subject_id = p.person_id"
        " AND f.closed_at IS NULL)"
    )
    event = (
        "SELECT p.unit_code AS unit, count(*) AS top, count(*) AS bottom, {mark} AS mark FROM register.life_event e"
        " JOIN register.person p USING (person_id) WHERE e.kind = '{kind}' AND e.valid_on BETWEEN '2024-01-01' AND"
        " '2024-06-21' GROUP BY 1"
    )
    return {
        "online_rate_all": _dossiers("channel = 2"),
        "online_rate_essential_25": _dossiers("channel = 2", f"procedure NOT IN {_REST}"),
        "online_rate_police": _dossiers("channel = 2", police),
        "online_rate_others": _dossiers("channel = 2", f"NOT {police}"),
        "online_rate_driving_licence": _dossiers("channel = 2", "procedure = '3.000347'"),
        "dossiers_received": _dossiers("true"),
        "asked_twice_rate": _dossiers("supplements > 1"),
        "identified_rate": _dossiers("applicant IS NOT NULL"),
        "on_time_rate": _dossiers("on_time", among=_OUT),
        "mean_handling_time": _dossiers("true", among=_OUT, top="sum(minutes)"),
        "citizen_records": living.format(
            top="count(*)", mark=_H.format("citizen_id::text", "true")
        ),
        "clean_records_rate": living.format(
            top=f"count(*) FILTER (WHERE {clean})", mark=_H.format("citizen_id::text", clean)
        ),
        "births_recorded": event.format(kind="birth", mark=_H.format("event_id", "true")),
        "deaths_recorded": event.format(kind="death", mark=_H.format("event_id", "true")),
        "moves_recorded": event.format(kind="move", mark=_H.format("event_id", "true")),
    }


def _beside(dsn: str) -> dict[str, Any]:
    """Both ways to the fifteen tables, equal for every unit."""
    from dancu.engine.report.indicators import Asked
    from dancu.platform.reports import counting
    from dancu.province import story
    from dancu.store.postgres import connect

    asked, tables = Asked(dt.date(2024, 1, 1), story.DAY), by_hand()
    ours_s, ours = _least(lambda: counting.many(tables, asked, of=story.DAY, using="owner"), 2)
    with connect(dsn) as con:
        plain_s, theirs = _least(
            lambda: {c: con.execute(sql.encode()).fetchall() for c, sql in tables.items()}, 2
        )
        units_compared = 0
        for code, rows in theirs.items():
            plain = _up(rows)
            mine = {u: (int(f.numerator), int(f.denominator)) for u, f in ours[code].items()}
            assert mine == plain, (code, set(mine.items()) ^ set(plain.items()))
            assert _mark(con, code, asked) == sum(row[3] for row in rows), code
            units_compared += len(mine)
    return {
        "tables": len(tables), "tables_s": round(ours_s, 2), "plain_s": round(plain_s, 2), "compared": units_compared,
    }  # fmt: skip


def _up(rows: list[Any]) -> dict[str, tuple[int, int]]:
    """Communes, districts and the province from the lines of each code."""
    from dancu.province import story
    from dancu.reference import units

    tree = units.on(story.DAY)
    found: dict[str, tuple[int, int]] = {}
    for code, top, bottom, _ in rows:
        unit = tree.get(code)
        for name in dict.fromkeys(
            u for u in (code, unit.district_code, unit.province_code or code) if u
        ):
            a, b = found.get(name, (0, 0))
            found[name] = (a + int(top or 0), b + bottom)
    return found


def _mark(con: Any, code: str, asked: Any) -> Any:
    """The sum of the hashes of the records in the numerator, by the query that opens a figure."""
    from dancu.engine.report.indicators import records
    from dancu.platform.reports import registry

    indicator = registry.get(code)
    sql, given = records(indicator, asked, hit=True)
    sql = sql.replace(indicator.facts, indicator.facts.replace("%", "%%"))
    sql = sql.removesuffix(" ORDER BY since, subject")
    query = f"SELECT coalesce(sum(hashtextextended(subject, 0)::numeric), 0) FROM ({sql}) AS opened"
    return con.execute(query.encode(), given).fetchone()[0]


# --- the records of people ---

_INDEXES = (
    "SELECT indexrelid::regclass FROM pg_index WHERE indrelid = 'register.person'::regclass AND NOT indisprimary"
    " AND indexrelid <> 'register.person_recorded'::regclass"
)
_PEOPLE = """
INSERT INTO register.person (person_id, n_records, sources, full_name, personal_number, sex, birth_date, birth_year,
    birth_earliest, birth_latest, life_status, unit_code, permanent_unit, household_number, address_head, recorded_from)
SELECT n, 1, '{population}', 'NGƯỜI THỬ ' || n %% 5000, '924' || lpad(n::text, 9, '0'), (1 + n %% 2)::text, born,
    extract(year FROM born)::int, born, born, '1', unit, unit, 'H' || n / 4, 'Số 12, Tổ dân phố số 7',
    timestamptz '2024-06-15 08:00+07'
FROM (SELECT n, date '1934-01-01' + ((n * 48271) %% 32900)::int AS born,
             (%(units)s::text[])[1 + width_bucket(((n * 7919) %% 1000003) / 1000003.0, %(shares)s::float8[])] AS unit
      FROM generate_series(1, %(count)s::bigint) n) drawn
"""
_HISTORY = """
INSERT INTO register.person_history (person_id, citizen_id, recorded, row)
SELECT person_id, citizen_id, tstzrange('2024-05-01 08:00+07', recorded_from),
    jsonb_build_object('unit_code', unit_code, 'birth_earliest', birth_earliest, 'life_status', '1', 'death_date', NULL)
FROM register.person WHERE person_id % 40 = 0
"""
_FINDINGS = """
INSERT INTO register.finding (rule_id, level, subject_id, unit_code, opened_at, closed_at)
SELECT 'COM-005', 'person', person_id, unit_code, timestamptz '2024-06-15 08:00+07',
    CASE WHEN person_id % 3 = 0 THEN timestamptz '2024-06-20 08:00+07' END
FROM register.person WHERE person_id % 29 = 0
"""
_EVENTS = """
INSERT INTO register.life_event (event_id, kind, person_id, valid_on, recorded_on)
SELECT kind || person_id, kind, person_id, day, day + 5
FROM (SELECT person_id, (ARRAY['birth', 'death', 'move', 'card_issued'])[1 + person_id % 4] AS kind,
             date '2022-07-01' + (person_id * 31 % 714)::int AS day FROM register.person WHERE person_id % 15 < 2) drawn
"""
_SCORES = """
INSERT INTO register.score_count (rule_id, level, unit_code, evaluated, failed)
SELECT 'RULE-' || r, 'person', u, 9000 + r, r %% 60 FROM unnest(%(units)s::text[]) u, generate_series(1, 90) r
"""


def people(con: Any, count: int) -> None:
    """So many persons, one in 29 with a finding, one in 40 with a former state, and their events of life."""
    import numpy as np

    from dancu.province import places

    given = {
        "units": list(places.codes()),
        "shares": np.cumsum(places.shares())[:-1].tolist(),
        "count": count,
    }
    for (name,) in con.execute(_INDEXES).fetchall():
        con.execute(f"DROP INDEX {name}")
    for statement in (_PEOPLE, _HISTORY, _FINDINGS, _EVENTS, _SCORES):
        con.execute(statement, given if "%(" in statement else None)


# --- time and memory ---


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    start = time.perf_counter()
    made = work()
    return time.perf_counter() - start, made


def _least(work: Callable[[], Any], times: int) -> tuple[float, Any]:
    """The least wall time of several: noise only ever adds."""
    every = [_timed(work) for _ in range(times)]
    return round(min(wall for wall, _ in every), 2), every[-1][1]


@contextlib.contextmanager
def _watched() -> Iterator[dict[str, int]]:
    """The most that all processes of the server had at once, in kB, each page counted to who shares it in parts."""
    from django.db import connections

    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT current_setting('data_directory')")
        home = cursor.fetchone()[0]
    postmaster = (Path(home) / "postmaster.pid").read_text("utf-8").split()[0]
    memory, over = {"most": 0}, threading.Event()

    def look() -> None:
        while not over.wait(0.2):
            memory["most"] = max(memory["most"], _server_kb(postmaster))

    watcher = threading.Thread(target=look, daemon=True)
    watcher.start()
    try:
        yield memory
    finally:
        over.set()
        watcher.join()


def _server_kb(postmaster: str) -> int:
    children = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text("utf-8").split()
    total = 0
    for pid in (postmaster, *children):
        with contextlib.suppress(OSError):
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text("utf-8").splitlines()
            total += next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total


def main(scale: float = 1.0) -> None:
    """Fill, write both ways, count the months, compare with plain SQL."""
    from dancu.store import supervisor

    bench = Bench("report", scale)
    with supervisor.temporary() as server:
        given = {"dsn": server.dsn, "scale": scale}
        bench.call(filled, who="records", what="story bac-giang-2024", args=given)
        got = bench.call(told, who="dancu", what="report, months, tables", args=given).extra
    for what, goal, name in (
        ("the whole report with annexes from records, s", 10.0, "cold_s"),
        ("the same from kept sums, s", 2.0, "kept_s"),
        ("every indicator, every unit, 24 months, s", 5.0, "months_s"),
        ("as known on the day of the review, s", 10.0, "then_s"),
        ("memory of process and server, GB", 4.0, "memory_gb"),
    ):
        bench.goal(what, goal=goal, got=got[name], at_most=True)
    bench.goal("the same digits as known then", goal=1, got=int(got["then_same"]))
    bench.goal("tables equal to plain SQL to the record", goal=15, got=got["tables"])
    if scale == 1:
        bench.goal("figures of the review with the printed digits", goal=9, got=got["as_printed"])
    bench.finish()


if __name__ == "__main__":
    main()
