"""Tables that a register loaded earlier lacks, and the function that tells how far units are from their targets."""

from __future__ import annotations

from django.db import migrations

from dancu.store.register import scoring, unit_tables


class Migration(migrations.Migration):
    """First state."""

    initial = True
    dependencies = (("register", "0001_initial"), ("tasks", "0001_initial"))
    operations = (
        migrations.RunSQL([*unit_tables.made()], migrations.RunSQL.noop),
        migrations.RunSQL(scoring.PATTERNS, migrations.RunSQL.noop),
    )
