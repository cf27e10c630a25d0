"""The tables of the living register, said once: citizens, their records, findings, scores, events, what is sent on.

The wide columns follow the dictionary of fields, so that a rule or a survivorship choice means the same here as in a
batch. A person's number in the engine (`person_id`) is the smallest record of the cluster; `citizen_id` is the
identifier that others may keep: it survives merges, splits and the loss of that record.
"""

from __future__ import annotations

from collections.abc import Iterator

from dancu.lib.text import strip_marks
from dancu.reference.fields import citizen_columns, fields
from dancu.store.register import unit_tables

SCHEMA = "register"
_TYPES = {
    "VARCHAR": "text",
    "DATE": "date",
    "BIGINT": "bigint",
    "INTEGER": "integer",
    "SMALLINT": "smallint",
    "TINYINT": "smallint",
    "BOOLEAN": "boolean",
    "DOUBLE": "double precision",
    "VARCHAR[]": "text[]",
}

Columns = dict[str, str]
"""Name -> PostgreSQL type, in order."""


def citizen() -> Columns:
    """The standard columns that records and persons share."""
    return {name: _TYPES[kind] for name, kind in citizen_columns().items()}


def standard() -> Columns:
    """`standard` as kept: what the source promises and the asked day stand elsewhere, once."""
    head = {"record_id": "bigint", "source": "text", "file_no": "integer", "row": "bigint"}
    return head | {"list_date": "date"} | citizen()


def person() -> Columns:
    """`persons` as kept, without the columns that are the same for everybody."""
    head = {"person_id": "bigint", "n_records": "integer", "n_sources": "integer"}
    origins = {
        f"{f.field}_from": "bigint" for f in fields().values() if f.survivorship and f.standard
    }
    return head | {"sources": "text[]"} | citizen() | origins | {"last_confirmed": "date"}


CONTESTED: Columns = {
    "person_id": "bigint",
    "field": "text",
    "value": "text",
    "record_id": "bigint",
    "reason": "text",
    "winner": "text",
}
LIFE_EVENT: Columns = {
    "event_id": "text",
    "kind": "text",
    "person_id": "bigint",
    "record_id": "bigint",
    "valid_on": "date",
    "recorded_on": "date",
    "payload": "text",
}

RESIDENCE: Columns = {
    "person_id": "bigint",
    "kind": "text",
    "unit_code": "text",
    "address_head": "text",
    "valid_from": "date",
    "valid_to": "date",
    "record_id": "bigint",
}

ACCESS_LOG_MORE: Columns = {
    "receipt": "uuid NOT NULL DEFAULT gen_random_uuid()",
    "partner": "text",
    "officer": "text",
    "channel": "text NOT NULL DEFAULT 'page'",
    "request_id": "uuid",
    "request_digest": "bytea",
    "hidden_until": "date",
    "outcome": "text",
}
"""What a line of the access log says since it is a receipt: the partner and the partner's own officer, the way in,
the partner's own number of the request (with what it asked), until when the law lets the line be hidden from the
person, and what was answered."""

SAME_VALUE = (
    "personal_number",
    "old_number",
    "bhxh_number",
    "bhyt_card",
    "driving_licence",
    "tax_code",
    "student_code",
    "bank_account",
    "phone",
    "household_number",
)
"""Columns by which a group rule, or an officer's search, goes from one person to another."""

RELATIVES = ("father_number", "mother_number", "spouse_number")
"""Columns that hold another person's `personal_number`."""


def tables() -> Iterator[str]:
    """CREATE statements without indexes: a first load fills the tables before they have any."""
    yield f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}"
    yield folded()
    yield from (f"CREATE TABLE {SCHEMA}.{name} ({body})" for name, body in _bodies().items())
    yield (
        f"CREATE VIEW {SCHEMA}.score AS SELECT rule_id, level, source, unit_code,"
        " sum(evaluated)::bigint AS evaluated, sum(failed)::bigint AS failed FROM ("
        f"SELECT rule_id, level, source, unit_code, evaluated, failed FROM {SCHEMA}.score_count"
        " UNION ALL SELECT rule_id, level, source, unit_code, evaluated, failed"
        f" FROM {SCHEMA}.score_delta) AS each_part GROUP BY rule_id, level, source, unit_code"
        " HAVING sum(evaluated) <> 0 OR sum(failed) <> 0"
    )


def folded() -> str:
    """The function register.folded: a name without marks and in small letters, as `name_key` is (lib.text.fold).

    Said with translate, since lower() of a database with the plain collation knows ASCII alone.
    """
    letters = [chr(c) for c in (*range(0xC0, 0x1B1), *range(0x1EA0, 0x1EFA))]
    plain = {c: strip_marks(c).lower() for c in letters}
    pairs = [(c, p) for c, p in plain.items() if p in tuple("adeiouy")]
    listed = ("".join(c for c, _ in pairs), "".join(p for _, p in pairs))
    return (
        f"CREATE OR REPLACE FUNCTION {SCHEMA}.folded(name text) RETURNS text LANGUAGE sql IMMUTABLE STRICT"
        f" PARALLEL SAFE AS $$ SELECT lower(translate(name, '{listed[0]}', '{listed[1]}')) $$"
    )


def _bodies() -> dict[str, str]:
    count = "rule_id text NOT NULL, level text NOT NULL, source text, unit_code text NOT NULL"
    return {
        "state": "one boolean PRIMARY KEY DEFAULT true CHECK (one), on_day date NOT NULL,"
        " test_people boolean NOT NULL, run text NOT NULL, loaded_at timestamptz NOT NULL DEFAULT now()",
        "source": "source text PRIMARY KEY, expected_fields text[] NOT NULL, spec jsonb NOT NULL",
        "file": "file_no integer NOT NULL, sheet text NOT NULL, name text NOT NULL, sha256 text NOT NULL,"
        " source text NOT NULL, list_date date NOT NULL, entered boolean NOT NULL DEFAULT false,"
        " PRIMARY KEY (file_no, sheet)",
        "event": "event_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, ce_source text NOT NULL,"
        " ce_id text NOT NULL, kind text NOT NULL, happened_at timestamptz, recorded_at timestamptz NOT NULL"
        " DEFAULT now(), recorded_by text NOT NULL, digest bytea NOT NULL, data jsonb NOT NULL, result jsonb,"
        " UNIQUE (ce_source, ce_id)",
        "record": "record_id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, source text NOT NULL,"
        " file_no integer NOT NULL, sheet text NOT NULL DEFAULT '', row bigint NOT NULL, cells json NOT NULL,"
        " event_no bigint, recorded_from timestamptz NOT NULL DEFAULT now()",
        "record_history": "record_id bigint NOT NULL, recorded tstzrange NOT NULL, cells json NOT NULL,"
        " standard jsonb NOT NULL, event_no bigint",
        "standard": f"{_listed(standard())}, person_id bigint NOT NULL",
        "person": f"{_listed(person())}, citizen_id uuid NOT NULL DEFAULT gen_random_uuid(),"
        " sort_key text, recorded_from timestamptz NOT NULL DEFAULT now(), event_no bigint",
        "person_history": "person_id bigint NOT NULL, citizen_id uuid NOT NULL, recorded tstzrange NOT NULL,"
        " row jsonb NOT NULL, event_no bigint,"
        " EXCLUDE USING gist (person_id WITH =, recorded WITH &&)",
        "merged": "person_id bigint PRIMARY KEY, citizen_id uuid NOT NULL, into_id uuid,"
        " at timestamptz NOT NULL DEFAULT now(), event_no bigint",
        "contested": _listed(CONTESTED),
        "life_event": _listed(LIFE_EVENT),
        "residence": _listed(RESIDENCE),
        "finding": "finding_no bigint GENERATED ALWAYS AS IDENTITY, rule_id text NOT NULL, level text NOT NULL,"
        " subject_id bigint NOT NULL, source text, unit_code text NOT NULL, group_key text,"
        " opened_at timestamptz NOT NULL DEFAULT now(), opened_by bigint, closed_at timestamptz, closed_by bigint",
        "score_count": f"{count}, evaluated bigint NOT NULL, failed bigint NOT NULL",
        "score_delta": "delta_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, event_no bigint,"
        f" at timestamptz NOT NULL DEFAULT now(), {count}, evaluated integer NOT NULL, failed integer NOT NULL",
        "outbox": "outbox_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, event_no bigint, kind text NOT NULL,"
        " data jsonb NOT NULL, at timestamptz NOT NULL DEFAULT now(), sent_at timestamptz",
        "judgement": "judgement_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, record_a bigint NOT NULL,"
        " record_b bigint NOT NULL, verdict text NOT NULL"
        " CHECK (verdict IN ('same', 'different', 'unsure', 'withdrawn')),"
        " by text NOT NULL, second_by text, reason text NOT NULL DEFAULT '', at timestamptz NOT NULL DEFAULT now(),"
        " event_no bigint, CHECK (record_a < record_b)",
        "duplicate": "duplicate_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, record_a bigint NOT NULL,"
        " record_b bigint NOT NULL, score double precision NOT NULL, probability double precision NOT NULL,"
        " joined boolean NOT NULL, blocked_by text, unit_a text NOT NULL, unit_b text NOT NULL,"
        " opened_at timestamptz NOT NULL DEFAULT now(), opened_by bigint, settled_at timestamptz,"
        " settled_by bigint, CHECK (record_a < record_b)",
        "access_log": "access_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
        " at timestamptz NOT NULL DEFAULT now(), citizen_id uuid NOT NULL, by text NOT NULL,"
        " role text NOT NULL DEFAULT '', unit_code text, purpose text NOT NULL, basis text"
        " NOT NULL DEFAULT '', fields text[] NOT NULL DEFAULT '{}', extraordinary text,"
        f" {_listed(ACCESS_LOG_MORE)}",
        **unit_tables.BODIES,
    }


def _listed(columns: Columns) -> str:
    return ", ".join(f"{name} {kind}" for name, kind in columns.items())


def indexes() -> Iterator[tuple[str, str]]:
    """(name, statement) of every index and constraint that is made once the tables are filled."""
    yield from _named("record", "place", "(file_no, sheet, row)")
    yield _key("standard", "record_id")
    yield from _named("standard", "person", "(person_id)")
    yield from _named("standard", "spouse", "(spouse_number) WHERE spouse_number IS NOT NULL")
    yield from _named(
        "standard", "number", "(personal_number, source) WHERE personal_number IS NOT NULL"
    )
    yield _key("person", "person_id")
    yield _unique("person", "citizen", "(citizen_id)")
    for column in (*SAME_VALUE, *RELATIVES):
        yield from _named("person", column, f"({column}) WHERE {column} IS NOT NULL")
    yield from _named("person", "name", "(name_key, birth_date) WHERE name_key IS NOT NULL")
    yield from _named("person", "words", "USING gin (name_key gin_trgm_ops)")
    # A commune's people in the order of lists, a page of all people in that order: what a search by name asks
    # of a row stands in the index itself.
    order = 'sort_key COLLATE "C", person_id'
    yield from _named("person", "list", f"(unit_code, {order}) INCLUDE (name_key, birth_year)")
    yield from _named("person", "order", f"({order}) INCLUDE (name_key, unit_code, birth_year)")
    # The year of birth among the words: a name with a year is one look into one index.
    said = "array_append(string_to_array(name_key, ' '), birth_year::text)"
    yield from _named("person", "said", f"USING gin ({said})")
    folded = f"string_to_array({SCHEMA}.folded(value), ' ')"
    other = "field = 'full_name' AND reason <> 'complete'"
    yield from _named("contested", "name", f"USING gin ({folded}) WHERE {other}")
    yield from _named("contested", "value", "(value) WHERE field <> 'full_name'")
    for table in ("contested", "life_event", "residence"):
        yield from _named(table, "person", "(person_id)")
    yield _key("finding", "finding_no")
    yield _unique("finding", "open", "(level, subject_id, rule_id) WHERE closed_at IS NULL")
    yield from _named("finding", "unit", "(unit_code, rule_id) WHERE closed_at IS NULL")
    yield (
        "residence_period",
        f"ALTER TABLE {SCHEMA}.residence ADD CONSTRAINT residence_period"
        " EXCLUDE USING gist (person_id WITH =, kind WITH =, daterange(valid_from, valid_to) WITH &&)",
    )
    yield _unique("duplicate", "open", "(record_a, record_b) WHERE settled_at IS NULL")
    yield from _named("duplicate", "other", "(record_b) WHERE settled_at IS NULL")
    yield from _named("duplicate", "unit_a", "(unit_a) WHERE settled_at IS NULL")
    yield from _named("duplicate", "unit_b", "(unit_b) WHERE settled_at IS NULL")
    yield from _named("score_delta", "unit", "(unit_code, rule_id)")
    yield from _named("score_delta", "event", "(event_no) WHERE event_no IS NOT NULL")
    yield from _named("finding", "opener", "(opened_by) WHERE opened_by IS NOT NULL")
    yield from _named("finding", "closer", "(closed_by) WHERE closed_by IS NOT NULL")
    yield from _named("person_history", "event", "(event_no)")
    yield from _named("outbox", "unsent", "(outbox_no) WHERE sent_at IS NULL")
    yield from _named("access_log", "citizen", "(citizen_id, at)")
    yield _unique("access_log", "receipt", "(receipt)")
    asked_once = "(partner, request_id) WHERE request_id IS NOT NULL"
    yield _unique("access_log", "request", asked_once)
    yield from _named("access_log", "partner", "(partner, at) WHERE partner IS NOT NULL")
    yield from _named("judgement", "pair", "(record_a, record_b, judgement_no)")
    yield from _named("judgement", "officer", "(by, judgement_no)")
    yield from _named("judgement", "event", "(event_no)")
    yield from _named("record_history", "record", "(record_id)")
    yield from _named("person_history", "citizen", "(citizen_id)")
    for column in ("personal_number", "old_number"):
        yield from _named("person_history", column, f"((row ->> '{column}'))")
    words = "string_to_array(row ->> 'name_key', ' ')"
    yield from _named("person_history", "name", f"USING gin ({words})")
    yield from _named("merged", "citizen", "(citizen_id)")
    yield from _named("finding", "closed", "(level, subject_id) WHERE closed_at IS NOT NULL")
    yield from _named("score_day", "unit", "(scope_code, on_day)")
    # What was recorded after a moment. Of persons in blocks: a key of each would cost every change of a person.
    yield from _named(
        "person",
        "recorded",
        "USING brin (recorded_from) WITH (pages_per_range = 4, autosummarize = on)",
    )
    yield from _named("person_history", "since", "(lower(recorded))")
    yield from _named("person_history", "until", "(upper(recorded))")
    yield from _named("finding", "opened", "(opened_at) WHERE level = 'person'")
    ended = "(closed_at) WHERE level = 'person' AND closed_at IS NOT NULL"
    yield from _named("finding", "ended", ended)
    yield from _named("life_event", "day", "(valid_on)")


def _named(table: str, name: str, on: str) -> Iterator[tuple[str, str]]:
    yield f"{table}_{name}", f"CREATE INDEX {table}_{name} ON {SCHEMA}.{table} {on}"


def _unique(table: str, name: str, on: str) -> tuple[str, str]:
    return f"{table}_{name}", f"CREATE UNIQUE INDEX {table}_{name} ON {SCHEMA}.{table} {on}"


def _key(table: str, column: str) -> tuple[str, str]:
    name = f"{table}_pkey"
    return name, f"ALTER TABLE {SCHEMA}.{table} ADD CONSTRAINT {name} PRIMARY KEY ({column})"


EXTENSIONS = ("btree_gist", "pg_trgm")
"""Both are trusted: the owner of the database may make them."""
