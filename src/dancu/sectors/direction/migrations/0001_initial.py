"""The tables, and who sees which row."""

from __future__ import annotations

from pathlib import Path

from django.db import migrations

from dancu.sectors.direction import closed

_HERE = Path(__file__).parent.parent
_MADE = [(_HERE / name).read_text(encoding="utf-8") for name in ("version.sql", "schema.sql")]


class Migration(migrations.Migration):
    """First state."""

    initial = True
    dependencies = (("access", "0002_citizens"), ("accounts", "0001_initial"))
    operations = (
        migrations.RunSQL([*_MADE, "DROP TABLE pg_temp.version"], migrations.RunSQL.noop),
        migrations.RunSQL(closed.statements(closed.FIRST), migrations.RunSQL.noop),
    )
