"""Rows that were not taken are also seen by the office that controls procedures, which takes lists in."""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    """Another policy in the place of the first."""

    dependencies = (("services_importing", "0002_said"),)
    operations = (
        migrations.RunSQL(
            "DROP POLICY whole_province ON services.import_bad;"
            "CREATE POLICY whole_province ON services.import_bad TO dancu_app USING"
            " ((SELECT access.all_units()) OR (SELECT access.has_role('admin_control')))",
            migrations.RunSQL.noop,
        ),
    )
