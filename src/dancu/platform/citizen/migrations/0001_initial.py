"""Sessions and questions of citizens, and what a citizen's session reaches in the database."""

from __future__ import annotations

import uuid
from pathlib import Path

import django.utils.timezone
from django.db import migrations, models

_CLOSED = (Path(__file__).parent.parent / "closed.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    """First state."""

    initial = True
    dependencies = (
        ("access", "0003_terms"),
        ("register", "0004_receipts"),
        ("partners", "0001_initial"),
        ("ledger", "0001_initial"),
        ("duplicates", "0001_initial"),
        ("worklists", "0002_territory"),
    )
    operations = (
        migrations.CreateModel(
            name="CitizenSession",
            fields=[
                ("key_hash", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("data", models.TextField()),
                ("seen_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("idle_minutes", models.PositiveIntegerField(default=15)),
                ("ends_at", models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name="Question",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=12, unique=True)),
                ("event_id", models.UUIDField(default=uuid.uuid4, unique=True)),
                ("citizen_id", models.UUIDField(db_index=True)),
                ("receipt", models.UUIDField(null=True)),
                ("about", models.TextField(default="")),
                ("words", models.TextField()),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("due_on", models.DateField()),
                ("state", models.CharField(choices=[("sent", "sent"), ("answered", "answered")], default="sent", max_length=10)),
                ("answer", models.TextField(blank=True, default="")),
                ("answered_by", models.CharField(blank=True, default="", max_length=60)),
                ("answered_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ("-at", "-id"),
                "indexes": [models.Index(fields=["state", "due_on"], name="questions_open")],
            },
        ),
        migrations.RunSQL(_CLOSED, migrations.RunSQL.noop),
    )  # fmt: skip
