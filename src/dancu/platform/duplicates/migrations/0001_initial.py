"""Row-level security of the pairs, the proposals, and the function that tells of the other side."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.db import migrations

from dancu.platform.register import tables

_CLOSED = (Path(__file__).parent.parent / "closed.sql").read_text(encoding="utf-8")


def add_table(apps: Any, editor: Any) -> None:
    """A register that was loaded before has no table of pairs yet."""
    del apps
    with editor.connection.cursor() as cursor:
        tables.add_missing(cursor)


class Migration(migrations.Migration):
    """After the register's tables."""

    dependencies = (("register", "0002_search"),)
    operations = (
        migrations.RunPython(add_table, migrations.RunPython.noop),
        migrations.RunSQL(_CLOSED, migrations.RunSQL.noop),
    )
