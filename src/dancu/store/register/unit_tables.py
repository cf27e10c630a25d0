"""The tables of units in time: scores as they stood on a day, and changes of units from draft to applied.

Kept apart from `schema` because a register that was loaded earlier gets them by the migration of the pages.
"""

from __future__ import annotations

from collections.abc import Iterator

BODIES = {
    "score_day": "on_day date NOT NULL, era date NOT NULL, scope text NOT NULL, scope_code text NOT NULL,"
    " field text NOT NULL, criterion text NOT NULL, rule_id text NOT NULL, passed bigint NOT NULL,"
    " evaluated bigint NOT NULL, score double precision NOT NULL, colour text NOT NULL,"
    " frozen_at timestamptz NOT NULL DEFAULT now(),"
    " PRIMARY KEY (on_day, scope, scope_code, field, criterion, rule_id)",
    "unit_change": "change_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, day date NOT NULL,"
    " resolution text NOT NULL, file_name text NOT NULL DEFAULT '', sha256 text NOT NULL DEFAULT '',"
    " state text NOT NULL DEFAULT 'draft' CHECK (state IN"
    " ('draft', 'checked', 'scheduled', 'applied', 'undone', 'cancelled')),"
    " problems jsonb NOT NULL DEFAULT '[]', preview jsonb, result jsonb, event_no bigint, on_day_before date,"
    " made_by text NOT NULL, made_at timestamptz NOT NULL DEFAULT now(), applied_by text, applied_at timestamptz,"
    " undone_by text, undone_at timestamptz",
    "unit_change_row": "change_no bigint NOT NULL, row_no integer NOT NULL, old_code text NOT NULL,"
    " new_code text NOT NULL, kind text NOT NULL, note text NOT NULL DEFAULT '', PRIMARY KEY (change_no, row_no)",
    "unit_decision": "change_no bigint NOT NULL, old_code text NOT NULL, address_head text NOT NULL,"
    " new_code text NOT NULL, by text NOT NULL, at timestamptz NOT NULL DEFAULT now(),"
    " PRIMARY KEY (change_no, old_code, address_head)",
    "unit_moved": "change_no bigint NOT NULL, old_code text NOT NULL, new_code text NOT NULL,"
    " persons bigint NOT NULL, PRIMARY KEY (change_no, old_code, new_code)",
    "unit_was": "change_no bigint NOT NULL, record_id bigint NOT NULL, unit_code text,"
    " PRIMARY KEY (change_no, record_id)",
}
"""`score_day`: the engine's `scores` of a closed day, also rule by rule, so that units can be rolled up anew.
`unit_was`: what the records said before, until nothing can be undone any more."""


def made(schema: str = "register") -> Iterator[str]:
    """CREATE statements for a register that lacks them."""
    yield from (f"CREATE TABLE IF NOT EXISTS {schema}.{n} ({b})" for n, b in BODIES.items())
    yield f"CREATE INDEX IF NOT EXISTS score_day_unit ON {schema}.score_day (scope_code, on_day)"
