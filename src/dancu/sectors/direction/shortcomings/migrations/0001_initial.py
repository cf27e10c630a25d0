"""The table, and who sees which row."""

from __future__ import annotations

from pathlib import Path

from django.db import migrations

from dancu.sectors.direction.shortcomings import closed

_SCHEMA = (Path(__file__).parent.parent / "schema.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    """First state."""

    initial = True
    dependencies = (("direction", "0001_initial"),)
    operations = (
        migrations.RunSQL(_SCHEMA, migrations.RunSQL.noop),
        migrations.RunSQL(closed.statements(), migrations.RunSQL.noop),
    )
