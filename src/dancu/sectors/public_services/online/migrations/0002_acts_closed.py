"""What was done about a consent to be filed for is read by the owner alone."""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    """No policy: no row for the role of the pages."""

    dependencies = (("services_online", "0001_initial"),)
    operations = (
        migrations.RunSQL(
            "ALTER TABLE services.proxy_act ENABLE ROW LEVEL SECURITY", migrations.RunSQL.noop
        ),
    )
