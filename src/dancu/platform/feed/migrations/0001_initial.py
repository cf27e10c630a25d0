"""Subscribers, keys, letters; and what a partner may know of a change."""

from __future__ import annotations

from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

_NOTES = (Path(__file__).parent.parent / "notes.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    """First state."""

    initial = True

    dependencies = (
        ("register", "0004_receipts"),
        ("events", "0001_initial"),
        ("consent", "0001_initial"),
    )

    operations = (
        migrations.CreateModel(
            name="Act",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("client_id", models.CharField(db_index=True, max_length=60)),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("by", models.CharField(max_length=60)),
                ("what", models.CharField(max_length=40)),
                ("detail", models.JSONField(default=dict)),
            ],
            options={
                "db_table": "feed_act",
                "ordering": ("-id",),
            },
        ),
        migrations.CreateModel(
            name="PairwiseKey",
            fields=[
                ("client_id", models.CharField(max_length=80, primary_key=True, serialize=False)),
                ("sealed", models.TextField()),
                ("made_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "db_table": "feed_pairwisekey",
            },
        ),
        migrations.CreateModel(
            name="Subscriber",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("client_id", models.CharField(max_length=60, unique=True)),
                ("purpose", models.CharField(max_length=40)),
                (
                    "fields",
                    models.JSONField(
                        default=list, help_text="of those that the purpose allows; [] for all"
                    ),
                ),
                (
                    "values",
                    models.BooleanField(
                        default=False, help_text="values wanted, where the purpose allows"
                    ),
                ),
                ("url", models.CharField(blank=True, default="", max_length=500)),
                (
                    "first",
                    models.BigIntegerField(default=0, help_text="nothing before is told"),
                ),
                (
                    "place",
                    models.BigIntegerField(default=0, help_text="up to here notes were made ready"),
                ),
                ("failures", models.PositiveIntegerField(default=0, help_text="in a row")),
                ("open_until", models.DateTimeField(help_text="nothing is sent before", null=True)),
                ("last_try_at", models.DateTimeField(null=True)),
                ("last_ok_at", models.DateTimeField(null=True)),
                ("last_error", models.CharField(blank=True, default="", max_length=200)),
                ("sent", models.BigIntegerField(default=0)),
                (
                    "read_at",
                    models.DateTimeField(help_text="when it last read the feed itself", null=True),
                ),
                ("paused_at", models.DateTimeField(null=True)),
                ("paused_why", models.CharField(blank=True, default="", max_length=300)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("created_by", models.CharField(max_length=60)),
            ],
            options={
                "db_table": "feed_subscriber",
                "ordering": ("client_id",),
            },
        ),
        migrations.CreateModel(
            name="Secret",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sealed", models.TextField()),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                ("made_by", models.CharField(max_length=60)),
                (
                    "until",
                    models.DateTimeField(
                        help_text="the end of the overlap; none: in force", null=True
                    ),
                ),
                (
                    "subscriber",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="secrets",
                        to="feed.subscriber",
                    ),
                ),
            ],
            options={
                "db_table": "feed_secret",
                "ordering": ("-id",),
            },
        ),
        migrations.CreateModel(
            name="Letter",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("outbox_no", models.BigIntegerField()),
                ("part", models.IntegerField()),
                ("kind", models.CharField(max_length=40)),
                ("lane", models.UUIDField(null=True)),
                ("into", models.UUIDField(null=True)),
                ("fields", models.JSONField(default=list)),
                ("data", models.JSONField(default=dict)),
                ("at", models.DateTimeField()),
                ("state", models.CharField(default="waiting", max_length=10)),
                ("tries", models.PositiveIntegerField(default=0)),
                ("next_try_at", models.DateTimeField(auto_now_add=True)),
                ("last_error", models.CharField(blank=True, default="", max_length=200)),
                (
                    "subscriber",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="letters",
                        to="feed.subscriber",
                    ),
                ),
            ],
            options={
                "db_table": "feed_letter",
                "ordering": ("id",),
                "indexes": [
                    models.Index(
                        fields=["subscriber", "lane", "outbox_no", "part"], name="feed_letter_lane"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("subscriber", "outbox_no", "part"), name="feed_letter_once"
                    )
                ],
            },
        ),
        migrations.RunSQL(
            "CREATE SCHEMA IF NOT EXISTS feed; REVOKE ALL ON SCHEMA feed FROM PUBLIC;",
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(_NOTES, migrations.RunSQL.noop),
        # One feed, not two: what partners read through their keys comes from the same function now.
        migrations.RunSQL(
            "DROP FUNCTION IF EXISTS events.outbox(bigint, integer);", migrations.RunSQL.noop
        ),
    )
