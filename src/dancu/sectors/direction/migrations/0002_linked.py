"""Books whose entries point to one another or to a second unit, and who sees which row of them."""

from __future__ import annotations

from pathlib import Path

from django.db import migrations

from dancu.sectors.direction import closed

_HERE = Path(__file__).parent.parent
_MADE = [(_HERE / name).read_text(encoding="utf-8") for name in ("version.sql", "linked.sql")]


class Migration(migrations.Migration):
    """Inspections, campaigns, good models, units that help units."""

    dependencies = (("direction", "0001_initial"),)
    operations = (
        migrations.RunSQL([*_MADE, "DROP TABLE pg_temp.version"], migrations.RunSQL.noop),
        migrations.RunSQL(closed.statements(closed.LINKED), migrations.RunSQL.noop),
    )
