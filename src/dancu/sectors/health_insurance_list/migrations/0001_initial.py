"""The list, and who sees it: officers of the commune."""

from __future__ import annotations

from pathlib import Path

from django.db import migrations

from dancu.kit.web import policy

_SCHEMA = (Path(__file__).parent.parent / "schema.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    """First state."""

    initial = True
    dependencies = (("access", "0002_citizens"), ("accounts", "0001_initial"))
    operations = (
        migrations.RunSQL(_SCHEMA, migrations.RunSQL.noop),
        migrations.RunSQL(policy("health_insurance.child", "unit_code"), migrations.RunSQL.noop),
    )
