"""Kept sums in one row for a cell, more figures, and counting once for a statement."""

from __future__ import annotations

from pathlib import Path

from django.db import migrations

_COUNTING = Path(__file__).parent.parent / "figures" / "counting.sql"


class Migration(migrations.Migration):
    """After the first state."""

    dependencies = (("public_services", "0001_initial"),)
    operations = (migrations.RunSQL(_COUNTING.read_text(encoding="utf-8"), migrations.RunSQL.noop),)
