"""What is kept of a report."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Edit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(db_index=True, max_length=60)),
                ("sentence", models.CharField(max_length=80)),
                ("before", models.TextField()),
                ("text", models.TextField(blank=True)),
                ("reason", models.TextField()),
                ("typed", models.JSONField(default=list)),
                ("lost", models.JSONField(default=list)),
                ("at", models.DateTimeField()),
                ("by", models.CharField(max_length=60)),
            ],
        ),
        migrations.CreateModel(
            name="Issue",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=60, unique=True)),
                ("number", models.CharField(max_length=60)),
                ("day", models.DateField()),
                ("signer", models.CharField(max_length=120)),
                ("body", models.JSONField()),
                ("sha256", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
                ("by", models.CharField(max_length=60)),
            ],
        ),
        migrations.CreateModel(
            name="Version",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(db_index=True, max_length=60)),
                ("number", models.PositiveIntegerField()),
                ("unit_code", models.CharField(max_length=20)),
                ("first", models.DateField()),
                ("last", models.DateField()),
                ("body", models.JSONField()),
                ("sha256", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
                ("by", models.CharField(max_length=60)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("key", "number"), name="reports_writing_version_once"
                    )
                ],
            },
        ),
    ]
