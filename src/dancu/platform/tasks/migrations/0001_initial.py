"""The table of background jobs."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    """First state."""

    initial = True
    dependencies = ()
    operations = (
        migrations.CreateModel(
            name="Job",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=40)),
                ("about", models.CharField(db_index=True, max_length=80)),
                ("right", models.CharField(max_length=40)),
                ("by", models.CharField(max_length=60)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Đang chờ"),
                            ("running", "Đang chạy"),
                            ("done", "Đã xong"),
                            ("failed", "Không xong"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("step", models.CharField(blank=True, default="", max_length=120)),
                ("share", models.FloatField(default=0.0)),
                ("message", models.TextField(blank=True, default="")),
                ("asked_at", models.DateTimeField(auto_now_add=True)),
                ("began_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={"ordering": ("-asked_at", "-id")},
        ),
    )
