"""The winners' values as one row a person, and the values that lost: what `queries` claims is settled here.

A winner is told by its seat (person and place in one number). Each group fetches its columns by one join with the
seats that say something in it: measured at half the cost of an aggregate for each of 160 columns.
"""

from __future__ import annotations

from dancu.engine.golden.survivorship import (
    BITS,
    HAS_VALUE,
    LAST_PLACE,
    Group,
    groups,
    person_columns,
    record_only_columns,
)
from dancu.reference.fields import citizen_columns, mandatory_fields


def won() -> str:
    """For each person what it is made of, and the winning claim `k_<group>` on each group."""
    keys = ", ".join(f"max(k_{g.name}) AS k_{g.name}" for g in groups())
    return (
        "SELECT person_id, CAST(count(*) AS INTEGER) AS n_records, bit_or(bit) AS bits,"
        f" max(on_date) AS on_date, {keys} FROM _golden_claims GROUP BY person_id"
    )


def sets() -> str:
    """The few different sets of sources that persons are made of: bits, n_sources, sources."""
    return (
        "SELECT w.bits, CAST(count(*) AS INTEGER) AS n_sources,"
        " array_agg(o.source ORDER BY o.source) AS sources FROM (SELECT DISTINCT bits FROM _golden_won) w"
        " JOIN _golden_origins o ON (w.bits & o.bit) <> 0 GROUP BY w.bits"
    )


def settled() -> str:
    """`won` with its sources; where a group has a class, the record of the best quality in the winning class.

    `s_<group>` is the winner's seat.
    """
    joins = " ".join(_best_in_class(g) for g in groups() if g.same)
    keys = {g.name: _settled_key(g) for g in groups()}
    columns = [f"{key} AS k_{name}" for name, key in keys.items()]
    columns += [
        f"w.person_id * {LAST_PLACE + 1} + {LAST_PLACE} - ({key} & {LAST_PLACE}) AS s_{name}"
        for name, key in keys.items()
    ]
    return (
        "SELECT w.person_id, w.n_records, o.n_sources, o.sources, w.on_date,"
        f" {', '.join(columns)} FROM _golden_won w JOIN _golden_sets o ON o.bits = w.bits {joins}"
    )


def _settled_key(group: Group) -> str:
    key = f"w.k_{group.name}"
    return f"coalesce(c_{group.name}.k, {key})" if group.same else key


def _best_in_class(group: Group) -> str:
    name, key, step = group.name, f"k_{group.name}", f"CAST({2 * HAS_VALUE} AS BIGINT)"
    return (
        f"LEFT JOIN (SELECT r.person_id, max(r.q_{name} * {step} + r.{key}) % {step} AS k"
        f" FROM _golden_claims r JOIN (SELECT c.person_id, c.c_{name} AS class FROM _golden_claims c"
        f" JOIN _golden_won w ON w.person_id = c.person_id AND w.{key} = c.{key}) t"
        f" ON t.person_id = r.person_id AND t.class = r.c_{name}"
        f" GROUP BY r.person_id) c_{name} ON c_{name}.person_id = w.person_id"
    )


def merged() -> str:
    """The golden persons of several records: each group's columns from the record that won it."""
    owner = {c: g.name for g in groups() for c in g.columns()}
    columns = [f"j_{owner[c]}.{c}" for c in person_columns()]
    origins = [f"j_{g.name}.{f}_from" for g in groups() for f in g.survivors()]
    joins = " ".join(
        f"LEFT JOIN ({_speakers(g)}) j_{g.name} ON j_{g.name}.seat = w.s_{g.name}" for g in groups()
    )
    return (
        "SELECT w.person_id, w.n_records, w.n_sources, w.sources, w.on_date,"
        f" {', '.join([*columns, *origins])} FROM _golden_settled w {joins}"
    )


def _speakers(group: Group) -> str:
    """The seats that say something in a group: for most groups few of all."""
    columns = [*group.columns(), *(f"{_origin('', f)} AS {f}_from" for f in group.survivors())]
    says = [*group.members, *([group.issue()] if group.issue() else [])]
    some = " OR ".join(f"{c} IS NOT NULL" for c in says)
    return f"SELECT seat, {', '.join(columns)} FROM _golden_several WHERE {some}"


def _origin(row: str, field: str) -> str:
    return f"CASE WHEN {row}{field} IS NOT NULL THEN {row}record_id END"


def single() -> str:
    """The golden persons of one record: its own values."""
    head = "z.person_id, 1 AS n_records, 1 AS n_sources, ARRAY[s.source] AS sources, s.on_date"
    origins = [f"{_origin('s.', f)} AS {f}_from" for g in groups() for f in g.survivors()]
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


def lost() -> str:
    """The few records that say other than the golden person, with their claims and the winning ones (`w_<group>`)."""
    keys = ", ".join(f"k.k_{g.name}, w.k_{g.name} AS w_{g.name}" for g in groups())
    some = " OR ".join(f"({_differs(f)})" for g in groups() for f in g.survivors())
    # Found first on the columns compared alone: a wide row goes through the joins only where something was lost.
    found = (
        "SELECT r.record_id FROM _golden_several r"
        f" JOIN _golden_merged g ON g.person_id = r.person_id WHERE {some}"
    )
    return (
        f"SELECT r.*, {keys} FROM _golden_several r JOIN ({found}) f ON f.record_id = r.record_id"
        " JOIN _golden_claims k ON k.record_id = r.record_id"
        " JOIN _golden_settled w ON w.person_id = r.person_id"
    )


def _differs(field: str) -> str:
    other = f"g.{field} IS NOT NULL AND r.{field} <> g.{field}"
    issue = _issue(field)
    if not issue:
        return other
    return f"{other} OR g.{field} IS NOT NULL AND r.{field} IS NULL AND r.{issue} IS NOT NULL"


def _issue(field: str) -> str:
    return f"{field}_issue" if f"{field}_issue" in citizen_columns() else ""


def contested() -> str:
    """Every value that lost, with the reason: what the winner has more of."""
    return " UNION ALL ".join(_loser(g, f) for g in groups() for f in g.survivors())


def _loser(group: Group, field: str) -> str:
    value, issue = f"CAST(r.{field} AS VARCHAR)", _issue(field)
    if issue:
        value = f"coalesce({value}, r.{issue})"
    return (
        f"SELECT r.person_id, '{field}' AS field, {value} AS value, r.record_id,"
        f" {_reason(group, field)} AS reason, CAST(g.{field} AS VARCHAR) AS winner"
        " FROM _golden_lost r JOIN _golden_merged g ON g.person_id = r.person_id"
        f" WHERE r.k_{group.name} <> r.w_{group.name} AND ({_differs(field)})"
    )


def _reason(group: Group, field: str) -> str:
    whens = [f"WHEN r.{field} IS NULL THEN 'invalid'"]
    if group.same:
        less = f"{group.quality_of('r')} < {group.quality_of('g')}"
        whens.append(f"WHEN r.{group.same} = g.{group.same} AND {less} THEN 'complete'")
    for criterion in group.order:
        shift, mask = group.shift(criterion), (1 << BITS[criterion]) - 1
        own, winning = (f"(r.{key}_{group.name} >> {shift}) & {mask}" for key in "kw")
        reason = {"trusted": "trust", "fits": "invalid"}.get(criterion, criterion)
        whens.append(f"WHEN ({own}) <> ({winning}) THEN '{reason}'")
    return f"CASE {' '.join(whens)} ELSE 'tie' END"
