"""Partners, their tokens and quotas, what changed about them, what looked odd."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    """First state."""

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Change",
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
                "db_table": "partners_change",
                "ordering": ("-id",),
            },
        ),
        migrations.CreateModel(
            name="Flag",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("client_id", models.CharField(db_index=True, max_length=60)),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("kind", models.CharField(max_length=40)),
                ("since", models.DateTimeField()),
                ("detail", models.JSONField(default=dict)),
                ("seen_at", models.DateTimeField(null=True)),
                ("seen_by", models.CharField(blank=True, default="", max_length=60)),
            ],
            options={
                "db_table": "partners_flag",
                "ordering": ("-id",),
            },
        ),
        migrations.CreateModel(
            name="Partner",
            fields=[
                ("client_id", models.SlugField(max_length=60, primary_key=True, serialize=False)),
                ("name_vi", models.CharField(max_length=200)),
                (
                    "purposes",
                    models.JSONField(
                        default=dict, help_text="purpose -> the fields it may ask about"
                    ),
                ),
                ("units", models.JSONField(default=list, help_text="codes, or ['*'] for all")),
                ("unit_on", models.DateField(help_text="the day on which units is to be read")),
                (
                    "communes",
                    models.JSONField(
                        default=list, help_text="the communes of units on the register's day"
                    ),
                ),
                ("a_minute", models.PositiveIntegerField(default=600)),
                ("a_day", models.PositiveIntegerField(default=20000)),
                (
                    "a_subject_day",
                    models.PositiveIntegerField(default=20, help_text="about one person in a day"),
                ),
                ("jwks", models.JSONField(blank=True, default=dict)),
                (
                    "certificate",
                    models.CharField(
                        blank=True, default="", help_text="SHA-256, hex", max_length=64
                    ),
                ),
                ("requires_officer", models.BooleanField(default=True)),
                ("active_from", models.DateField()),
                ("active_to", models.DateField(blank=True, null=True)),
                ("suspended_at", models.DateTimeField(blank=True, null=True)),
                ("suspended_by", models.CharField(blank=True, default="", max_length=60)),
                ("suspended_why", models.TextField(blank=True, default="")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("created_by", models.CharField(max_length=60)),
            ],
            options={
                "db_table": "partners_partner",
                "ordering": ("name_vi",),
            },
        ),
        migrations.CreateModel(
            name="Token",
            fields=[
                ("digest", models.BinaryField(max_length=32, primary_key=True, serialize=False)),
                ("client_id", models.CharField(max_length=60)),
                ("scopes", models.JSONField()),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                ("expires_at", models.DateTimeField(db_index=True)),
            ],
            options={
                "db_table": "partners_token",
            },
        ),
        migrations.CreateModel(
            name="Assertion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("client_id", models.CharField(max_length=60)),
                ("jti", models.CharField(max_length=200)),
                ("expires_at", models.DateTimeField(db_index=True)),
            ],
            options={
                "db_table": "partners_assertion",
                "constraints": [
                    models.UniqueConstraint(fields=("client_id", "jti"), name="assertion_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Lease",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("client_id", models.CharField(max_length=60)),
                ("day", models.DateField()),
                ("taken", models.PositiveIntegerField(default=0)),
            ],
            options={
                "db_table": "partners_lease",
                "constraints": [
                    models.UniqueConstraint(fields=("client_id", "day"), name="lease_of_day")
                ],
            },
        ),
    ]
