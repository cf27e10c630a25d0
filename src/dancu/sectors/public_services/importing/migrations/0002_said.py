"""What the list itself said of receipt and end stands apart from what was told by changes: their order is then all one."""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    """Three moments more."""

    dependencies = (("services_importing", "0001_initial"),)
    operations = (
        migrations.RunSQL(
            "ALTER TABLE services.imported ADD COLUMN said_received timestamptz, ADD COLUMN said_ended timestamptz,"
            " ADD COLUMN said_returned timestamptz",
            migrations.RunSQL.noop,
        ),
    )
