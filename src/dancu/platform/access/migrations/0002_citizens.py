"""Claims of citizens: one person, no account."""

from __future__ import annotations

from pathlib import Path

from django.db import migrations

_CITIZENS = (Path(__file__).parent.parent / "citizens.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    """After the accounts, which are closed to citizens here."""

    dependencies = (("access", "0001_initial"), ("accounts", "0001_initial"))
    operations = (migrations.RunSQL(_CITIZENS, migrations.RunSQL.noop),)
