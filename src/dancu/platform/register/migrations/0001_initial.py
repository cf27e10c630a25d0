"""The register's tables (those of the store, not made twice) and row-level security on every row about a person."""

from __future__ import annotations

from typing import Any

from django.db import migrations

from dancu.platform.register import rls, tables


def make_tables(apps: Any, editor: Any) -> None:
    """As `dancu load` would; a database that was loaded before only gets what it lacks."""
    del apps
    with editor.connection.cursor() as cursor:
        tables.add_missing(cursor)


class Migration(migrations.Migration):
    """First state."""

    initial = True
    dependencies = (("access", "0001_initial"), ("accounts", "0001_initial"))
    operations = (
        migrations.RunPython(make_tables, migrations.RunPython.noop),
        migrations.RunSQL(rls.statements(), migrations.RunSQL.noop),
    )
