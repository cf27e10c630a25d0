"""What was recorded since a moment is found by an index."""

from __future__ import annotations

from typing import Any

from django.db import migrations

from dancu.platform.register import tables


def add_indexes(apps: Any, editor: Any) -> None:
    """What a database made by the present schema has already stays as it is."""
    del apps
    with editor.connection.cursor() as cursor:
        tables.add_missing(cursor)


class Migration(migrations.Migration):
    """After receipts."""

    dependencies = (("register", "0004_receipts"),)
    operations = (migrations.RunPython(add_indexes, migrations.RunPython.noop),)
