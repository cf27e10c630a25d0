"""Row-level security of the worklists, and the functions that lead from a task to its person."""

from __future__ import annotations

from django.db import migrations

from dancu.platform.worklists import closed


class Migration(migrations.Migration):
    """Needs the register's tables."""

    dependencies = (("worklists", "0001_initial"), ("register", "0001_initial"))
    operations = (migrations.RunSQL(closed.statements(), migrations.RunSQL.noop),)
