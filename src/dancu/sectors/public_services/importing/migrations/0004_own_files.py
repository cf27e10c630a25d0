"""A file handed in belongs to who handed it in."""

from __future__ import annotations

from django.db import migrations

OWN = """
ALTER TABLE services_importing_handin ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_files ON services_importing_handin TO dancu_app
    USING (user_id = (SELECT access.user_id())) WITH CHECK (user_id = (SELECT access.user_id()));
"""


class Migration(migrations.Migration):
    """After the first states."""

    dependencies = (("services_importing", "0003_who_sees_bad_rows"),)
    operations = (migrations.RunSQL(OWN, migrations.RunSQL.noop),)
