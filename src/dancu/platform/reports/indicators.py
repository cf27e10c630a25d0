"""The register's own indicators: citizens kept, their errors, the checks, events of life.

Names, meaning, owner and law: `reference/data/report/indicators.csv`. What the register held and when it held it so is
in `person` (since `recorded_from`) and `person_history`; the `unit_code` of what it held at a moment is a code of the
day that the register had then (`reports.coded_on`). The same cells in less time: `indicator_sums`. Of each list, how
many of its persons the residents' list has too: a person's row names the lists that its records are from, and its
history what it named before, so that this is known of every moment; to whom a single record belonged is not.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dancu.engine.report.indicators import Basis, Indicator, Measure, UnitKind
from dancu.reference.loader import rows

_TODAY = "(SELECT s.value::date FROM access.setting s WHERE s.name = 'register_day')"
RESIDENTS = "population"
"""The list that the others are held against: the base of the national population database."""
_THEN = "(SELECT reports.coded_on({known}))"
_BORN, _GONE = (
    "coalesce({0}birth_earliest, DATE '1900-01-01')",
    "coalesce({0}death_date, CASE WHEN {0}life_status = '2' THEN DATE '1900-01-01' END)",
)
_NOW_ROWS = (
    f"SELECT p.person_id, p.citizen_id, p.unit_code, {_BORN.format('p.')} AS since, {_GONE.format('p.')} AS until,"
    " tstzrange(p.recorded_from, NULL) AS held FROM register.person p"
)
_OLD_ROWS = (
    "SELECT h.person_id, h.citizen_id, h.row ->> 'unit_code',"
    " coalesce((h.row ->> 'birth_earliest')::date, DATE '1900-01-01'),"
    " coalesce((h.row ->> 'death_date')::date, CASE WHEN h.row ->> 'life_status' = '2' THEN DATE '1900-01-01' END),"
    " h.recorded FROM register.person_history h"
)
_KEPT = f"({_NOW_ROWS} UNION ALL {_OLD_ROWS})"
_BAD = (
    "(SELECT f.subject_id AS person_id, range_agg(tstzrange(f.opened_at, f.closed_at)) AS spans"
    " FROM register.finding f WHERE f.level = 'person' GROUP BY f.subject_id)"
)


def _kept(hit: str, held: str, source: str) -> str:
    return (
        f"SELECT k.citizen_id::text AS subject, k.unit_code, k.since, k.until, {hit} AS hit, NULL::numeric AS amount,"
        f" lower({held}) AS known_from, upper({held}) AS known_to FROM {source}"
    )


_CITIZENS = _kept("true", "k.held", f"{_KEPT} AS k")
_CLEAN = (
    _kept("true", "k.held", f"{_KEPT} AS k LEFT JOIN {_BAD} AS bad USING (person_id) WHERE bad.person_id IS NULL")
    + " UNION ALL "
    + _kept(
        "part.hit", "part.span",
        f"{_KEPT} AS k JOIN {_BAD} AS bad USING (person_id) CROSS JOIN LATERAL ("
        "SELECT unnest(tstzmultirange(k.held) - bad.spans) AS span, true AS hit UNION ALL"
        " SELECT unnest(tstzmultirange(k.held) * bad.spans), false) AS part",
    )
)  # fmt: skip
_DAYS = (
    "SELECT DISTINCT d.on_day, lead(d.on_day, 1, now.day) OVER (ORDER BY d.on_day) AS until"
    " FROM (SELECT DISTINCT s.on_day FROM register.score_day s) AS d,"
    f" (SELECT {_TODAY} AS day) AS now WHERE d.on_day < now.day"
)
_CHECKED = (
    "SELECT c.rule_id AS subject, c.unit_code, c.since, c.until, verdict.hit, NULL::numeric AS amount,"
    " NULL::timestamptz AS known_from, NULL::timestamptz AS known_to, verdict.checks, c.since AS coded_on FROM ("
    f"SELECT n.rule_id, n.unit_code, {_TODAY} AS since, NULL::date AS until, n.evaluated - n.failed AS passed,"
    " n.evaluated FROM register.score n WHERE n.level = 'person' UNION ALL"
    " SELECT s.rule_id, s.scope_code, days.on_day, days.until, s.passed, s.evaluated FROM register.score_day s"
    f" JOIN ({_DAYS}) AS days USING (on_day) WHERE s.scope = 'commune' AND s.field <> '*' AND s.rule_id <> '*'"
    ") AS c CROSS JOIN LATERAL (VALUES (true, c.passed), (false, c.evaluated - c.passed)) AS verdict(hit, checks)"
    " WHERE verdict.checks > 0"
)


def _events(kind: str) -> str:
    """Where the person was when the register knew of it."""
    known = "greatest(e.recorded_on::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh', lower(k.held))"
    return (
        "SELECT e.event_id AS subject, k.unit_code, e.valid_on AS since, NULL::date AS until, true AS hit,"
        f" NULL::numeric AS amount, {known} AS known_from, upper(k.held) AS known_to FROM register.life_event e"
        f" JOIN {_KEPT} AS k ON k.person_id = e.person_id WHERE e.kind = '{kind}' AND e.valid_on IS NOT NULL"
        f" AND (upper(k.held) IS NULL OR {known} < upper(k.held))"
    )


def _in_list(name: str) -> str:
    """Living persons who stand in a list; in the numerator those whom the residents' list has too."""
    return (
        f"SELECT k.citizen_id::text AS subject, k.unit_code, k.since, k.until, k.hit, NULL::numeric AS amount,"
        " lower(k.held) AS known_from, upper(k.held) AS known_to FROM ("
        f"SELECT p.citizen_id, p.unit_code, {_BORN.format('p.')} AS since, {_GONE.format('p.')} AS until,"
        f" '{RESIDENTS}' = ANY (p.sources) AS hit, tstzrange(p.recorded_from, NULL) AS held"
        f" FROM register.person p WHERE '{name}' = ANY (p.sources) UNION ALL"
        " SELECT h.citizen_id, h.row ->> 'unit_code', coalesce((h.row ->> 'birth_earliest')::date, DATE '1900-01-01'),"
        " coalesce((h.row ->> 'death_date')::date, CASE WHEN h.row ->> 'life_status' = '2' THEN DATE '1900-01-01' END),"
        f" jsonb_exists(h.row -> 'sources', '{RESIDENTS}'), h.recorded"
        f" FROM register.person_history h WHERE jsonb_exists(h.row -> 'sources', '{name}')) AS k"
    )


def _of_list(one: Mapping[str, str]) -> Indicator:
    """The figure of one list; its words are those of all lists with the name, owner and law of this one."""
    told = {
        name: words.format(list_vi=one["name_vi"], list_en=one["name_en"], owner=one["owner"], law=one["law"])
        for name, words in _words("matched_*").items()
    }  # fmt: skip
    return _made(
        f"matched_{one['list']}",
        _in_list(one["list"]),
        "stock",
        "share",
        opens=_PERSON,
        version=1,
        told=told,
    )


def _words(code: str) -> dict[str, Any]:
    return dict(next(r for r in rows("report/indicators.csv") if r["code"] == code))


def _made(
    code: str,
    facts: str,
    basis: Basis,
    measure: Measure,
    unit_kind: UnitKind = "person",
    weight: str = "",
    opens: str = "",
    version: int = 2,
    unit_day: str = _THEN,
    told: dict[str, Any] | None = None,
) -> Indicator:
    words = (told or _words(code)) | {"code": code}
    return Indicator(
        version=version, basis=basis, unit_kind=unit_kind, measure=measure, facts=facts, unit_day=unit_day,
        weight=weight, opens=opens, better="high" if measure == "share" else "neither", **words,
    )  # fmt: skip


_PERSON = "register:person"
MATCHED = {f"matched_{one['list']}": one for one in rows("report/matched_lists.csv")}
"""Indicator -> the list whose persons it counts, in the order of the report."""
EVENTS = {
    "births_recorded": "birth", "deaths_recorded": "death", "moves_recorded": "move",
    "card_events_recorded": "card_issued",
}  # fmt: skip
"""Indicator -> kind of event of life."""
INDICATORS = (
    _made("citizen_records", _CITIZENS, "stock", "count", opens=_PERSON),
    _made("clean_records_rate", _CLEAN, "stock", "share", opens=_PERSON),
    _made("quality_checks_passed", _CHECKED, "stock", "share", "occurrence", "checks", version=1, unit_day="coded_on"),
    *(
        _made(code, _events(kind), "flow", "count", "occurrence")
        for code, kind in EVENTS.items()
    ),
    *map(_of_list, MATCHED.values()),
)  # fmt: skip
