"""Differences of the kept sums as cells with all counters, one row where there were many."""

from __future__ import annotations

from pathlib import Path

from django.db import migrations

_CELLS = (Path(__file__).parent.parent / "figures" / "cells.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    """After what was known."""

    dependencies = (("public_services", "0005_known"),)
    operations = (migrations.RunSQL(_CELLS, migrations.RunSQL.noop),)
