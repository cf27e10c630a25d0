"""What was purged: added to, never changed."""

from __future__ import annotations

from django.db import migrations

_TABLE = """
CREATE SCHEMA keeping;
CREATE TABLE keeping.purge (
    purge_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT now(),
    by text NOT NULL,
    table_name text NOT NULL,
    law text NOT NULL CHECK (law <> ''),
    cutoff timestamptz NOT NULL,
    count bigint NOT NULL,
    digest bytea,
    erasure_no bigint,
    salt bytea NOT NULL DEFAULT uuid_send(gen_random_uuid())
);
"""


class Migration(migrations.Migration):
    """First state."""

    initial = True
    dependencies = (("ledger", "0001_initial"), ("register", "0004_receipts"))
    operations = (migrations.RunSQL(_TABLE, "DROP SCHEMA keeping CASCADE"),)
