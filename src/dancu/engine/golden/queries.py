"""Who claims what: the survivorship of `survivorship.csv` as packed keys in SQL, the same on every engine.

A record's claim on a group is one BIGINT: whether it has a value, then the criteria in their order, then its place.
The largest claim of a person wins (`merge`); nothing is sorted, and no window runs over values.
"""

from __future__ import annotations

from collections.abc import Mapping

from dancu.engine.golden.survivorship import (
    FITS,
    HAS_VALUE,
    LAST_PLACE,
    TRUSTED,
    Group,
    groups,
    person_columns,
)
from dancu.engine.spec import SectorSpec

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


def origins(sources: Mapping[str, SectorSpec]) -> str:
    """source, bit (of a set of sources), t_<group> (its trust): looked up once a record, not decided 30 times."""
    trusts = ", ".join(f"{_trust(g.leader, sources)} AS t_{g.name}" for g in groups())
    return (
        "SELECT source, CAST(1 AS BIGINT) << CAST(row_number() OVER (ORDER BY source) - 1 AS INTEGER) AS bit,"
        f" {trusts} FROM (SELECT DISTINCT source FROM standard) s"
    )


def _trust(field: str, sources: Mapping[str, SectorSpec]) -> str:
    declared = "birth_date" if field == "birth_year" else field
    levels = {name: round(spec.trust_in(declared)) for name, spec in sources.items()}
    whens = " ".join(f"WHEN '{name}' THEN {level}" for name, level in sorted(levels.items()))
    return f"CASE source {whens} ELSE 50 END" if levels else "50"


def several(sources: Mapping[str, SectorSpec], part: int, parts: int) -> str:
    """The records of persons with two or more, of one part of the persons.

    A record that speaks of a day after the asked one counts as the oldest: it may be a slip.
    """
    columns = ", ".join(f"s.{c}" for c in person_columns())
    spoke = f"CAST({day(sources)} AS DATE)"
    days = f"CASE WHEN {spoke} <= s.on_date THEN greatest(0, {spoke} - {_FIRST_DAY}) ELSE 0 END"
    return (
        f"SELECT z.person_id, z.n_records, z.place, z.person_id * {LAST_PLACE + 1} + z.place AS seat,"
        f" s.record_id, s.source, s.on_date,"
        f" coalesce({days}, 0) AS day_number, {columns}"
        f" FROM _golden_sizes z JOIN standard s ON s.record_id = z.record_id"
        f" WHERE z.n_records > 1 AND z.place <= {LAST_PLACE} AND z.person_id % {parts} = {part}"
    )


def agreement() -> str:
    """How many records of the person say the same in each group; only where three or more speak."""
    counted = ", ".join(
        f"CAST(count(CASE WHEN b.{g.leader} = a.{g.leader} THEN 1 END) AS INTEGER) AS n_{g.name}"
        for g in groups()
    )
    return (
        f"SELECT a.record_id, {counted} FROM _golden_several a JOIN _golden_several b"
        " ON b.person_id = a.person_id WHERE a.n_records > 2 GROUP BY a.record_id"
    )


def claims() -> str:
    """Every record's claim on each group: `k_<group>`, NULL where it says nothing; class and quality where asked."""
    keys = [f"{_claim(g)} AS k_{g.name}" for g in groups()]
    for g in groups():
        keys += (
            [f"r.{g.same} AS c_{g.name}", f"{g.quality_of('r')} AS q_{g.name}"] if g.same else []
        )
    return (
        f"SELECT r.person_id, r.record_id, r.place, r.on_date, t.bit, {', '.join(keys)} FROM _golden_several r"
        " JOIN _golden_origins t ON t.source = r.source"
        " LEFT JOIN _golden_agreement a ON a.record_id = r.record_id"
    )


def _claim(group: Group) -> str:
    parts = {
        "fits": FITS.get(group.leader, "1"),
        "trusted": f"CASE WHEN t.t_{group.name} >= {TRUSTED} THEN 1 ELSE 0 END",
        "trust": f"t.t_{group.name}",
        "agreement": f"least(63, coalesce(a.n_{group.name}, 1))",
        "date": "r.day_number",
    }
    packed = " + ".join(f"CAST({parts[c]} AS BIGINT) * {1 << group.shift(c)}" for c in group.order)
    key = f"{packed} + {LAST_PLACE} - r.place"
    others = [f"r.{m}" for m in group.members if m != group.leader]
    others += [f"r.{group.issue()}"] if group.issue() else []
    some = " OR ".join(f"{c} IS NOT NULL" for c in others)
    speaks = f" WHEN {some} THEN {key}" if others else ""
    return f"CASE WHEN r.{group.leader} IS NOT NULL THEN {HAS_VALUE} + {key}{speaks} END"
