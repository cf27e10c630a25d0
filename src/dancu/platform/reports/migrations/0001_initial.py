"""Definitions of indicators, and counting by them."""

from __future__ import annotations

from pathlib import Path

from django.db import migrations

_SCHEMA = (Path(__file__).parent.parent / "schema.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    """First state."""

    initial = True
    dependencies = (("ledger", "0001_initial"), ("register", "0004_receipts"))
    operations = (migrations.RunSQL(_SCHEMA, "DROP SCHEMA reports CASCADE"),)
