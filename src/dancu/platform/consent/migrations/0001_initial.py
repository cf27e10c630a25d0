"""The schema of consents and duties: tables to which rows are only added, and who sees them."""

from __future__ import annotations

from pathlib import Path

from django.db import migrations

from dancu.platform.consent import closed

_SCHEMA = (Path(__file__).parent.parent / "schema.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    """First state."""

    initial = True
    dependencies = (
        ("access", "0002_citizens"),
        ("accounts", "0001_initial"),
        ("register", "0001_initial"),
        ("worklists", "0003_asked"),
    )
    operations = (
        migrations.RunSQL(_SCHEMA, migrations.RunSQL.noop),
        migrations.RunSQL(closed.statements(), migrations.RunSQL.noop),
    )
