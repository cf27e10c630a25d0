"""Figures of public services: three ways to count say the same, units of their time, folding, speed of one change."""

from __future__ import annotations

import datetime as dt
import random
import threading
import time
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from django.db import connections, transaction
from tests.web import lives
from tests.web.lives import UNITS, actors, owner

from dancu.engine.report.indicators import Asked, counted
from dancu.sectors.public_services import acting, dossiers
from dancu.sectors.public_services.acting import Actor, Ask
from dancu.sectors.public_services.figures import counting, folding
from dancu.sectors.public_services.figures.counting import Wanted
from dancu.sectors.public_services.figures.targets import distances
from dancu.sectors.public_services.indicators import COUNTERS, INDICATORS, by_code

__all__ = ["actors", "owner"]


def _ask(connection: Any, sql: str, given: Any = ()) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, list(given))
        return cursor.fetchall()


def _histories(rng: random.Random, actors: Any, *, n: int = 40) -> None:
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


@pytest.mark.parametrize("seed", range(3))
def test_kept_sums_a_recount_and_the_facts_say_the_same_and_folding_moves_nothing(
    owner: Any, actors: Any, seed: int
) -> None:
    rng = random.Random(seed)
    _histories(rng, actors)
    for round_ in range(2):
        for asked in PERIODS:
            wanted = Wanted(INDICATORS, asked, "24")
            kept, cold = counting.count(wanted), counting.count(wanted, source="dossiers")
            assert kept.rows == cold.rows and (kept.rows or asked is PERIODS[-1])
            for indicator in INDICATORS:
                rows = _ask(owner, *counted(indicator, asked, by=("procedure",)))
                facts = {p: (int(n), int(d)) for p, n, d in rows}
                told: dict[str, tuple[int, int]] = {}
                for unit in ("24", "?"):
                    for procedure in kept.of(unit):
                        a, b = told.get(procedure, (0, 0))
                        n, d = kept.pair(indicator.code, unit, procedure)
                        told[procedure] = (a + n, b + d)
                assert {p: v for p, v in told.items() if v != (0, 0)} == {
                    p: v for p, v in facts.items() if v != (0, 0)
                }, indicator.code
        if round_ == 0:
            assert folding.fold_all(owner, most=7) > 0
            assert _ask(owner, "SELECT count(*) FROM services.delta")[0][0] == 0
            one = lives.file(rng, units=UNITS, at=dossiers.aware(dt.datetime(2025, 5, 5, 9)))
            lives.live(rng, one, actors, units=UNITS)


def test_the_columns_of_the_kept_sums_are_the_counters(owner: Any) -> None:
    found = _ask(
        owner,
        "SELECT column_name FROM information_schema.columns WHERE table_schema = 'services' AND table_name = 'kept'"
        " ORDER BY ordinal_position",
    )
    assert [name for (name,) in found][5:] == list(COUNTERS)


def _filed(unit: str, at: dt.datetime, *, channel: int = 2, procedure: str = "1.004222") -> Any:
    filing = acting.Filing(procedure, unit, unit, channel, None, "NGUYỄN VĂN A", {})
    return acting.do_file(filing=filing, by=lives.SYSTEM, at=dossiers.aware(at))


def _accepted(officer: Actor, unit: str, at: dt.datetime, **more: Any) -> Any:
    one = _filed(unit, at, **more)
    return acting.do_act(
        dossier_no=one.dossier_no,
        by=officer,
        ask=Ask("accept", one.version_no),
        at=dossiers.aware(at),
    )


JUNE, JULY = (
    Asked(dt.date(2025, 6, 1), dt.date(2025, 6, 30)),
    Asked(dt.date(2025, 6, 1), dt.date(2025, 7, 31)),
)


def _received(asked: Asked) -> dict[str, int]:
    found = counting.count(Wanted((by_code("dossiers_received"),), asked, "24"))
    return {u: found.pair("dossiers_received", u)[0] for u in found.units()}


def test_a_dossier_counts_where_its_unit_is_on_the_last_day(owner: Any, actors: Any) -> None:
    for code in (*UNITS, "99999"):
        _accepted(actors[0], code, dt.datetime(2025, 6, 2, 9, 0))
    _accepted(actors[0], "07207", dt.datetime(2025, 7, 2, 9, 0))
    # In June: 07204 had ended in 2024 and counts for its heir; old Bắc Ninh is another province; 99999 is nothing.
    assert _received(JUNE) == {"24": 5, "224": 1, "213": 3, "07207": 2, "07549": 1, "?": 2}
    # At the end of July there are no districts: what one handled is in the province and in a line of its own.
    assert _received(JULY) == {
        "24": 7, "07210": 3, "07525": 1, "09169": 1, "213@2025-01-01": 1, "?": 1,
    }  # fmt: skip


def test_the_year_before_is_counted_in_the_units_of_this_year(owner: Any, actors: Any) -> None:
    """The ward of July 2025 is beside what its parts did in July 2024, whatever the code meant then."""
    for code in ("07204", "07207", "07210"):
        _accepted(actors[0], code, dt.datetime(2024, 7, 2, 9, 0))
    received, now = by_code("dossiers_received"), Asked(dt.date(2025, 7, 1), dt.date(2025, 7, 31))
    before = counting.one(
        (received,), now.year_before(), root="24", unit="07210", on=now.last
    ).figure(received.code, "07210")
    assert before.numerator == 3


def test_a_dossier_handed_over_counts_where_it_is_now(owner: Any, actors: Any) -> None:
    one = _accepted(actors[0], "07207", dt.datetime(2025, 6, 2, 9, 0))
    ask = Ask("transfer", one.version_no, reason="Sai thẩm quyền", data={"unit": "07549"})
    acting.do_act(
        dossier_no=one.dossier_no,
        by=actors[0],
        ask=ask,
        at=dossiers.aware(dt.datetime(2025, 6, 3, 9, 0)),
    )
    assert {u for u, n in _received(JUNE).items() if n} == {"24", "224", "07549"}


def test_one_action_moves_every_figure_that_has_it_within_a_second(owner: Any, actors: Any) -> None:
    day = dt.datetime(2025, 6, 2, 9, 0)
    wanted = Wanted(INDICATORS, JUNE, "24")
    before, one = counting.count(wanted), _filed("07549", day, procedure="BG.ES12")
    start = time.monotonic()
    acting.do_act(
        dossier_no=one.dossier_no,
        by=actors[0],
        ask=Ask("accept", one.version_no),
        at=dossiers.aware(day),
    )
    after = counting.count(wanted)
    assert time.monotonic() - start < 1.0
    for unit in ("07549", "224", "24"):
        for code in (
            "online_rate_all",
            "online_rate_essential_25",
            "online_rate_others",
            "dossiers_received",
        ):
            a, b = (found.figure(code, unit) for found in (before, after))
            assert (b.numerator - a.numerator, b.denominator - a.denominator) == (1, 1), (
                unit,
                code,
            )
        assert before.figure("online_rate_police", unit) == after.figure("online_rate_police", unit)


def test_folding_beside_writers_loses_nothing(site: str) -> None:
    """Four connections add dossiers in small transactions, some undone, while two others fold; then it is counted."""
    del site
    dsn = connections["owner"].settings_dict
    address = psycopg.conninfo.make_conninfo(
        host=dsn["HOST"],
        port=dsn["PORT"] or None,
        dbname=dsn["NAME"],
        user=dsn["USER"],
        password=dsn["PASSWORD"],
    )
    stop, wrong = threading.Event(), []

    def write(n: int) -> None:
        with psycopg.connect(address) as con:
            for k in range(60):
                con.execute(
                    "INSERT INTO services.dossier (code, procedure, version, procedure_group, place, unit_code,"
                    " channel, applicant_name, status, filed_at, accepted_at) SELECT %s || i, 'BG.XD01', 1, 'other',"
                    " '07204', '07204', 1 + i %% 3, 'THỬ', 2, d, d FROM generate_series(1, 3) i,"
                    " (VALUES (timestamptz '2023-03-05 09:00+07')) v(d)", [f"FOLD-{n}-{k}-"],
                )  # fmt: skip
                con.execute(
                    "UPDATE services.dossier SET channel = 2 WHERE code = %s", [f"FOLD-{n}-{k}-1"]
                )
                (con.rollback if k % 5 == 0 else con.commit)()

    def fold() -> None:
        with psycopg.connect(address, autocommit=True) as con:
            while not stop.is_set():
                con.execute("SELECT services.fold(50)")
                (n,) = con.execute(
                    "SELECT coalesce(sum(n), 0) FROM services.figure WHERE month = '2023-03-01' AND figure = 'received'"
                ).fetchone()
                if n % 3 or n > 720:
                    wrong.append(n)

    writers = [threading.Thread(target=write, args=(n,)) for n in range(4)]
    folders = [threading.Thread(target=fold) for _ in range(2)]
    for thread in (*folders, *writers):
        thread.start()
    for thread in writers:
        thread.join()
    stop.set()
    for thread in folders:
        thread.join()
    with psycopg.connect(address, autocommit=True) as con:
        figures = dict(con.execute(
            "SELECT channel, sum(n)::int FROM services.figure WHERE month = '2023-03-01' AND figure = 'received'"
            " GROUP BY channel"
        ).fetchall())  # fmt: skip
        rows = dict(con.execute(
            "SELECT channel, count(*) FROM services.dossier WHERE code LIKE 'FOLD-%' GROUP BY channel"
        ).fetchall())  # fmt: skip
        con.execute("DELETE FROM services.dossier WHERE code LIKE 'FOLD-%'")
        con.execute("DELETE FROM services.kept WHERE month = '2023-03-01'")
        con.execute("DELETE FROM services.delta WHERE month = '2023-03-01'")
    assert wrong == [] and figures == rows and sum(rows.values()) == 4 * 48 * 3


def test_a_page_may_read_sums_and_not_fold_or_write_them(site: str) -> None:
    del site
    with connections["default"].cursor() as cursor:
        for statement in (
            "SELECT services.fold(1)", "DELETE FROM services.delta", "UPDATE services.kept SET received = 0",
        ):  # fmt: skip
            with pytest.raises(Exception, match="permission denied"), transaction.atomic():
                cursor.execute(statement)


LICENCES = """
INSERT INTO services.dossier (code, procedure, version, essential, procedure_group, place, unit_code, channel,
    applicant_name, status, filed_at, accepted_at)
SELECT 'LIC-' || n, '3.000347', 1, 'ES20', 'other', '07204', '24', CASE WHEN n <= 3535 THEN 2 ELSE 1 END, 'THỬ', 2, d, d
FROM generate_series(1, 6556) n, LATERAL (SELECT timestamptz '2024-01-02 09:00+07' + n * interval '30 minutes') v(d)
"""


def test_the_driving_licences_of_the_review_are_counted_from_records(owner: Any) -> None:
    _ask(owner, LICENCES + " RETURNING 1")
    asked = Asked(dt.date(2024, 1, 1), dt.date(2024, 6, 30))
    rate = by_code("online_rate_driving_licence")
    for source in ("kept", "dossiers"):
        found = counting.count(Wanted((rate,), asked, "24"), source=source).figure(rate.code, "24")  # type: ignore[arg-type]
        assert (found.numerator, found.denominator, found.value) == (3535, 6556, Decimal("53.92"))
    gaps = {
        g.target.target_id: (g.convert, g.fresh)
        for g in distances(found, rate.code, on=dt.date(2024, 6, 21))
    }
    assert gaps == {"T01": (399, 997), "T02": (1055, 3515)}


def test_whatever_belongs_to_no_unit_of_the_day_stands_together(owner: Any) -> None:
    """A code of what was another province, and one that never was a unit: none of their dossiers is lost."""
    asked = Asked(dt.date(2025, 1, 1), dt.date(2025, 12, 31))
    with owner.cursor() as cursor:
        cursor.execute("DELETE FROM services.kept; DELETE FROM services.delta")
        for code, n in (("09175", 3), ("x", 4), ("07204", 5)):
            values = [code, "1.004222", 1, 2, dt.date(2025, 2, 1), n, *[0] * (len(COUNTERS) - 1)]
            marks = ", ".join(["%s"] * len(values))
            cursor.execute(f"INSERT INTO services.kept VALUES ({marks})", values)
    found = counting.count(Wanted((by_code("dossiers_received"),), asked, "24"))
    assert found.figure("dossiers_received", "?").numerator == 3 + 4
    assert found.figure("dossiers_received", "?", "1.004222").numerator == 3 + 4
