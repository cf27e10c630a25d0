"""The register's tables (those of the store, not made twice) and row-level security on every row about a person."""

from __future__ import annotations

from typing import Any

from django.db import migrations

from dancu.platform.register import rls
from dancu.store.register import loading, schema

_EXISTS = "SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'register' AND c.relname = %s"


def make_tables(apps: Any, editor: Any) -> None:
    """As `dancu load` would; a database that was loaded before only gets the indexes that it lacks."""
    del apps
    connection = editor.connection
    with connection.cursor() as cursor:
        cursor.execute(_EXISTS, ["person"])
        if cursor.fetchone() is None:
            loading.create(connection.connection)
            return
        for name, statement in schema.indexes():
            cursor.execute(_EXISTS, [name])
            if cursor.fetchone() is None:
                cursor.execute(statement)


class Migration(migrations.Migration):
    """First state."""

    initial = True
    dependencies = (("access", "0001_initial"), ("accounts", "0001_initial"))
    operations = (
        migrations.RunPython(make_tables, migrations.RunPython.noop),
        migrations.RunSQL(rls.statements(), migrations.RunSQL.noop),
    )
