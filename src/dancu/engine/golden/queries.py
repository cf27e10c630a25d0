"""The survivorship of `survivorship.csv` as SQL: plain aggregates over packed keys, the same on every engine.

A record's claim on a group is one BIGINT: whether it has a value, then the criteria in their order, then its place.
The largest claim of a person wins; nothing is sorted, and no window runs over values.
"""

from __future__ import annotations

from collections.abc import Mapping

from dancu.engine.golden.survivorship import (
    BITS,
    PLACE_BITS,
    Group,
    groups,
    person_columns,
    record_only_columns,
)
from dancu.engine.intake.spec import SectorSpec
from dancu.reference.fields import citizen_columns, mandatory_fields

_PLACE = (1 << PLACE_BITS) - 1
_CRITERIA = sum(BITS.values()) + PLACE_BITS
_FIRST_DAY = "DATE '1900-01-01'"


def sizes() -> str:
    """record_id, person_id, n_records, place (1 for the smallest record_id) of every record."""
    return (
        "SELECT record_id, person_id,"
        " count(*) OVER (PARTITION BY person_id) AS n_records,"
        " row_number() OVER (PARTITION BY person_id ORDER BY record_id) AS place FROM links"
    )


def day(sources: Mapping[str, SectorSpec]) -> str:
    """The day on which a record spoke: an event's own day, a row's update, else the day of its list."""
    events = [name for name, spec in sources.items() if spec.subject == "event"]
    usual = "coalesce(updated_on, list_date)"
    if not events:
        return usual
    listed = ", ".join(f"'{name}'" for name in sorted(events))
    of_event = "coalesce(event_date, registered_on, updated_on, list_date)"
    return f"CASE WHEN source IN ({listed}) THEN {of_event} ELSE {usual} END"


def _several(sources: Mapping[str, SectorSpec], part: int, parts: int) -> str:
    """The records of persons with two or more, of one part of the persons.

    A record that speaks of a day after the asked one counts as the oldest: it may be a slip.
    """
    columns = ", ".join(f"s.{c}" for c in person_columns())
    spoke = f"CAST({day(sources)} AS DATE)"
    days = f"CASE WHEN {spoke} <= s.on_date THEN greatest(0, {spoke} - {_FIRST_DAY}) ELSE 0 END"
    return (
        f"SELECT z.person_id, z.n_records, z.place, s.record_id, s.source, s.on_date,"
        f" {days} AS day_number, {columns}"
        f" FROM _golden_sizes z JOIN standard s ON s.record_id = z.record_id"
        f" WHERE z.n_records > 1 AND z.place <= {_PLACE} AND z.person_id % {parts} = {part}"
    )


def agreement(part: int, parts: int) -> str:
    """How many records of the person say the same in each group; only where three or more speak."""
    leaders = ", ".join(f"s.{g.leader}" for g in groups())
    counted = ", ".join(
        f"CAST(count(CASE WHEN b.{g.leader} = a.{g.leader} THEN 1 END) AS INTEGER) AS n_{g.name}"
        for g in groups()
    )
    return (
        f"WITH many AS (SELECT z.person_id, z.record_id, {leaders} FROM _golden_sizes z"
        f" JOIN standard s ON s.record_id = z.record_id"
        f" WHERE z.n_records > 2 AND z.place <= {_PLACE} AND z.person_id % {parts} = {part})"
        f" SELECT a.record_id, {counted} FROM many a JOIN many b ON b.person_id = a.person_id"
        " GROUP BY a.record_id"
    )


def claims(sources: Mapping[str, SectorSpec], part: int, parts: int) -> str:
    """The records of one part with their claim on each group: `k_<group>`, NULL where they say nothing."""
    keys = ", ".join(f"{_claim(g, sources)} AS k_{g.name}" for g in groups())
    return (
        f"SELECT r.*, {keys} FROM ({_several(sources, part, parts)}) r"
        " LEFT JOIN _golden_agreement a ON a.record_id = r.record_id"
    )


def _claim(group: Group, sources: Mapping[str, SectorSpec]) -> str:
    parts = {
        "trust": _trust(group.leader, sources),
        "agreement": f"least(63, coalesce(a.n_{group.name}, 1))",
        "date": "coalesce(r.day_number, 0)",
    }
    packed = " + ".join(f"CAST({parts[c]} AS BIGINT) * {1 << group.shift(c)}" for c in group.order)
    key = f"{packed} + {_PLACE} - r.place"
    others = [f"r.{m}" for m in group.members if m != group.leader]
    others += [f"r.{group.issue()}"] if group.issue() else []
    some = " OR ".join(f"{c} IS NOT NULL" for c in others)
    speaks = f" WHEN {some} THEN {key}" if others else ""
    return f"CASE WHEN r.{group.leader} IS NOT NULL THEN {1 << _CRITERIA} + {key}{speaks} END"


def _trust(field: str, sources: Mapping[str, SectorSpec]) -> str:
    levels = {name: round(spec.trust_in(_declared(field))) for name, spec in sources.items()}
    if not levels:
        return "50"
    whens = " ".join(f"WHEN '{name}' THEN {level}" for name, level in sorted(levels.items()))
    return f"CASE r.source {whens} ELSE 50 END"


def _declared(field: str) -> str:
    return "birth_date" if field == "birth_year" else field


def won() -> str:
    """For each person and group the winning claim `k_<group>`; groups with a class are settled in `settled`."""
    keys = ", ".join(f"max(k_{g.name}) AS k_{g.name}" for g in groups())
    return f"SELECT person_id, {keys} FROM _golden_claims GROUP BY person_id"


def settled() -> str:
    """`won`, with the record of the best quality in the winning class where a group has one."""
    joins = " ".join(_best_in_class(g) for g in groups() if g.same)
    columns = ", ".join(
        f"coalesce(c_{g.name}.k, w.k_{g.name}) AS k_{g.name}" if g.same else f"w.k_{g.name}"
        for g in groups()
    )
    return f"SELECT w.person_id, {columns} FROM _golden_won w {joins}"


def _best_in_class(group: Group) -> str:
    step = 1 << (_CRITERIA + 1)
    key = f"k_{group.name}"
    return (
        f"LEFT JOIN (SELECT r.person_id, max({group.quality_of('r')} * CAST({step} AS BIGINT) + r.{key})"
        f" % CAST({step} AS BIGINT) AS k FROM _golden_claims r JOIN"
        f" (SELECT c.person_id, c.{group.same} AS class FROM _golden_claims c JOIN _golden_won w"
        f" ON w.person_id = c.person_id AND w.{key} = c.{key}) t"
        f" ON t.person_id = r.person_id AND t.class = r.{group.same}"
        f" GROUP BY r.person_id) c_{group.name} ON c_{group.name}.person_id = w.person_id"
    )


def merged() -> str:
    """The golden persons of several records: each group's columns from the record that won it."""
    owner = {c: g.name for g in groups() for c in g.columns()}
    chosen = [_picked(c, owner[c]) for c in person_columns()]
    origins = [_origin(f, g.name) for g in groups() for f in g.survivors()]
    head = (
        "r.person_id, CAST(count(*) AS INTEGER) AS n_records,"
        " CAST(count(DISTINCT r.source) AS INTEGER) AS n_sources,"
        " array_agg(DISTINCT r.source ORDER BY r.source) AS sources, max(r.on_date) AS on_date"
    )
    return (
        f"SELECT {', '.join([head, *chosen, *origins])} FROM _golden_claims r"
        " JOIN _golden_settled w ON w.person_id = r.person_id GROUP BY r.person_id"
    )


def _picked(column: str, group: str) -> str:
    return f"max(CASE WHEN r.k_{group} = w.k_{group} THEN r.{column} END) AS {column}"


def _origin(field: str, group: str) -> str:
    wins = f"r.k_{group} = w.k_{group} AND r.{field} IS NOT NULL"
    return f"max(CASE WHEN {wins} THEN r.record_id END) AS {field}_from"


def single() -> str:
    """The golden persons of one record: its own values."""
    head = "z.person_id, 1 AS n_records, 1 AS n_sources, ARRAY[s.source] AS sources, s.on_date"
    origins = [
        f"CASE WHEN s.{f} IS NOT NULL THEN s.record_id END AS {f}_from"
        for g in groups()
        for f in g.survivors()
    ]
    columns = [head, *(f"s.{c}" for c in person_columns()), *origins]
    rows = "_golden_sizes z JOIN standard s ON s.record_id = z.record_id WHERE z.n_records = 1"
    return shaped(f"SELECT {', '.join(columns)} FROM {rows}")


def shaped(inner: str) -> str:
    """`inner` in the column order of `golden`, with the register's promises and the record-only columns empty."""
    kinds = citizen_columns()
    empty = set(record_only_columns())
    shared = [f"CAST(NULL AS {kinds[c]}) AS {c}" if c in empty else f"g.{c}" for c in kinds]
    promised = ", ".join(f"'{f}'" for f in mandatory_fields())
    origins = [f"g.{f}_from" for g in groups() for f in g.survivors()]
    head = "g.person_id, g.n_records, g.n_sources, g.sources"
    rest = ", ".join([*shared, *origins])
    return (
        f"SELECT {head}, ARRAY[{promised}] AS expected_fields, g.on_date, {rest} FROM ({inner}) g"
    )


def contested() -> str:
    """Every value that lost, with the reason: what the winner has more of."""
    return " UNION ALL ".join(_lost(g, f) for g in groups() for f in g.survivors())


def _lost(group: Group, field: str) -> str:
    key = f"k_{group.name}"
    issue = f"{field}_issue" if f"{field}_issue" in citizen_columns() else ""
    value = f"CAST(r.{field} AS VARCHAR)"
    other = f"r.{field} IS NOT NULL AND r.{field} <> g.{field}"
    if issue:
        value = f"coalesce({value}, r.{issue})"
        other = f"({other} OR (r.{field} IS NULL AND r.{issue} IS NOT NULL))"
    return (
        f"SELECT r.person_id, '{field}' AS field, {value} AS value, r.record_id,"
        f" {_reason(group, field)} AS reason, CAST(g.{field} AS VARCHAR) AS winner"
        f" FROM _golden_claims r JOIN _golden_merged g ON g.person_id = r.person_id"
        f" JOIN _golden_settled w ON w.person_id = r.person_id"
        f" WHERE r.{key} <> w.{key} AND g.{field} IS NOT NULL AND {other}"
    )


def _reason(group: Group, field: str) -> str:
    key = f"k_{group.name}"
    whens = [f"WHEN r.{field} IS NULL THEN 'invalid'"]
    if group.same:
        less = f"{group.quality_of('r')} < {group.quality_of('g')}"
        whens.append(f"WHEN r.{group.same} = g.{group.same} AND {less} THEN 'complete'")
    for criterion in group.order:
        shift, mask = group.shift(criterion), (1 << BITS[criterion]) - 1
        part = f"((r.{key} >> {shift}) & {mask}) <> ((w.{key} >> {shift}) & {mask})"
        whens.append(f"WHEN {part} THEN '{criterion}'")
    return f"CASE {' '.join(whens)} ELSE 'tie' END"
