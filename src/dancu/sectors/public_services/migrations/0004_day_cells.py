"""Counters of single days, for who may see sums and not dossiers."""

from __future__ import annotations

from pathlib import Path

from django.db import migrations

_FUNCTION = (Path(__file__).parent.parent / "figures" / "day_cells.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    """After the indexes by day."""

    dependencies = (("public_services", "0003_days"),)
    operations = (
        migrations.RunSQL(
            _FUNCTION, "DROP FUNCTION services.day_cells(date, date, date[], timestamptz)"
        ),
    )
