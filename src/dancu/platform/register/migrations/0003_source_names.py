"""What each source is called and how far it is trusted, for a register loaded before that was kept."""

from __future__ import annotations

from django.db import migrations

_COLUMNS = """
ALTER TABLE register.source ADD COLUMN IF NOT EXISTS name_vi text NOT NULL DEFAULT '',
    ADD COLUMN IF NOT EXISTS name_en text NOT NULL DEFAULT '', ADD COLUMN IF NOT EXISTS trust json NOT NULL DEFAULT '{}'
"""


class Migration(migrations.Migration):
    """After search."""

    dependencies = (("register", "0002_search"),)
    operations = (migrations.RunSQL(_COLUMNS, migrations.RunSQL.noop),)
