"""A line of the access log becomes a receipt: whom it was given to, by which way, until when it may be hidden."""

from __future__ import annotations

from typing import Any

from django.db import migrations

from dancu.platform.register import rls, tables


def add_columns(apps: Any, editor: Any) -> None:
    """What a database made by the present schema has already stays as it is."""
    del apps
    with editor.connection.cursor() as cursor:
        tables.add_missing(cursor)


class Migration(migrations.Migration):
    """After search."""

    dependencies = (("register", "0003_search_by_words_and_year"),)
    operations = (
        migrations.RunPython(add_columns, migrations.RunPython.noop),
        migrations.RunSQL(rls.hidden_lines(), migrations.RunSQL.noop),
    )
