"""Search: its functions, and the indexes that a register loaded before them lacks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.db import migrations

from dancu.platform.register import tables

_SEARCH = (Path(__file__).parent.parent / "search.sql").read_text(encoding="utf-8")


def add_indexes(apps: Any, editor: Any) -> None:
    """Those of the schema that are not there; the one that `person_list` takes the place of goes."""
    del apps
    with editor.connection.cursor() as cursor:
        tables.add_missing(cursor)
        cursor.execute("DROP INDEX IF EXISTS register.person_unit")
        cursor.execute("ANALYZE register.person, register.contested")


class Migration(migrations.Migration):
    """After the tables."""

    dependencies = (("register", "0001_initial"),)
    operations = (
        migrations.RunPython(add_indexes, migrations.RunPython.noop),
        migrations.RunSQL(_SEARCH, migrations.RunSQL.noop),
    )
