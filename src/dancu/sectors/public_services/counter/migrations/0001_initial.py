"""Tables of the counter, who sees which, and the indexes of its inbox."""

from __future__ import annotations

from pathlib import Path

from django.db import migrations

from dancu.sectors.public_services.counter import closed

_SCHEMA = (Path(__file__).parent.parent / "schema.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    """First state."""

    initial = True
    dependencies = (("public_services", "0001_initial"), ("register", "0004_receipts"))
    operations = (
        migrations.RunSQL(_SCHEMA, migrations.RunSQL.noop),
        migrations.RunSQL(closed.statements(), migrations.RunSQL.noop),
    )
