"""Whoever has grown up is no longer read by a parent; one child is looked at without the others."""

from __future__ import annotations

from pathlib import Path

from django.db import migrations

_CHILDREN = (Path(__file__).parent.parent / "children.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    """Functions alone."""

    dependencies = (
        ("access", "0003_terms"),
        ("consent", "0001_initial"),
        ("register", "0004_receipts"),
    )
    operations = (
        migrations.RunSQL(_CHILDREN, "DROP FUNCTION consent.my_child(uuid, integer, date)"),
    )
