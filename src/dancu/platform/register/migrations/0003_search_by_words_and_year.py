"""Search anew: names with a year of birth by one index, and few matches fetched before they are ordered."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.db import migrations

from dancu.platform.register import tables

_SEARCH = (Path(__file__).parent.parent / "search.sql").read_text(encoding="utf-8")


def add_index(apps: Any, editor: Any) -> None:
    """`person_said` takes the place of the words without years."""
    del apps
    with editor.connection.cursor() as cursor:
        tables.add_missing(cursor)
        cursor.execute("DROP INDEX IF EXISTS register.person_name_words")
        cursor.execute("ANALYZE register.person")


class Migration(migrations.Migration):
    """After search."""

    dependencies = (("register", "0002_search"),)
    operations = (
        migrations.RunPython(add_index, migrations.RunPython.noop),
        # With the type go the functions that give it.
        migrations.RunSQL("DROP TYPE register.found CASCADE", migrations.RunSQL.noop),
        migrations.RunSQL(_SEARCH, migrations.RunSQL.noop),
    )
