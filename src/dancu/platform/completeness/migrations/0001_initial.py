"""What the edge counts, what is compared; the request's number beside every line."""

from __future__ import annotations

from pathlib import Path

from django.db import migrations

_SCHEMA = (Path(__file__).parent.parent / "schema.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    """First state."""

    initial = True
    dependencies = (("register", "0004_receipts"), ("ledger", "0001_initial"))
    operations = (
        migrations.RunSQL(_SCHEMA, "DROP SCHEMA completeness CASCADE; DROP SCHEMA edge CASCADE"),
    )
