"""The functions of verification, and the questions about nobody."""

from __future__ import annotations

from django.db import migrations

from dancu.platform.lookup import closed


class Migration(migrations.Migration):
    """After the register, the partners and the consents."""

    initial = True
    dependencies = (
        ("register", "0004_receipts"),
        ("partners", "0001_initial"),
        ("consent", "0001_initial"),
        ("accounts", "0001_initial"),
    )
    operations = (migrations.RunSQL(closed.statements(), migrations.RunSQL.noop),)
