"""The schema ``ledger`` and who reads and adds which row of it."""

from __future__ import annotations

from django.db import migrations

from dancu.platform.ledger import closed
from dancu.store.ledger import schema


class Migration(migrations.Migration):
    """First state."""

    initial = True
    dependencies = (("register", "0001_initial"), ("access", "0001_initial"))
    operations = (
        migrations.RunSQL(schema.SCHEMA, "DROP SCHEMA ledger CASCADE"),
        migrations.RunSQL(closed.POLICIES, migrations.RunSQL.noop),
        migrations.RunSQL(
            "CREATE INDEX IF NOT EXISTS merged_into ON register.merged (into_id) WHERE into_id IS NOT NULL",
            migrations.RunSQL.noop,
        ),
    )
