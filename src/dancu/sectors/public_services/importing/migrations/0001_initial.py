"""The schema of imports and differences, who sees what of them, and the table of files handed in."""

from __future__ import annotations

from pathlib import Path

from django.db import migrations, models

from dancu.sectors.public_services.importing import closed
from dancu.sectors.public_services.importing.models import STATES

_SCHEMA = (Path(__file__).parent.parent / "schema.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    """First state."""

    initial = True
    dependencies = (("public_services", "0002_counting"),)
    operations = (
        migrations.RunSQL(_SCHEMA, migrations.RunSQL.noop),
        migrations.RunSQL(closed.statements(), migrations.RunSQL.noop),
        migrations.CreateModel(
            name="HandIn",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False, auto_created=True, verbose_name="ID")),
                ("user_id", models.BigIntegerField(db_index=True)),
                ("username", models.CharField(max_length=60)),
                ("kind", models.CharField(max_length=10)),
                ("key", models.CharField(max_length=32, unique=True)),
                ("source", models.CharField(max_length=40, blank=True, default="")),
                ("name", models.CharField(max_length=200)),
                ("sha256", models.CharField(max_length=64)),
                ("second", models.CharField(max_length=200, blank=True, default="")),
                ("date_from", models.DateField(null=True)),
                ("date_to", models.DateField(null=True)),
                ("mapping", models.JSONField(default=dict)),
                ("state", models.CharField(max_length=10, default="received", choices=[*STATES.items()])),
                ("result_no", models.BigIntegerField(null=True)),
                ("message", models.TextField(blank=True, default="")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={"ordering": ("-created_at", "-id")},
        ),
    )  # fmt: skip
