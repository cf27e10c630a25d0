"""Questions to the national service about a citizen, for this citizen."""

from __future__ import annotations

from pathlib import Path

from django.db import migrations

_ASKED = (Path(__file__).parent.parent / "national.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    """One function."""

    dependencies = (("citizen", "0001_initial"), ("gateway", "0001_initial"))
    operations = (migrations.RunSQL(_ASKED, "DROP FUNCTION citizen_asked(bytea[])"),)
