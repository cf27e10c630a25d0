"""Drafts, files, consents to be filed for, ratings, complaints."""

from __future__ import annotations

from pathlib import Path

from django.db import migrations

_SCHEMA = (Path(__file__).parent.parent / "schema.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    """First state."""

    initial = True
    dependencies = (
        ("public_services", "0001_initial"),
        ("citizen", "0001_initial"),
        ("consent", "0001_initial"),
    )
    operations = (migrations.RunSQL(_SCHEMA, migrations.RunSQL.noop),)
