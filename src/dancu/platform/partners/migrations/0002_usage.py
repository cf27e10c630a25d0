"""How partners ask, by the hour."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    """After the partners."""

    dependencies = [
        ("partners", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Usage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("client_id", models.CharField(max_length=60)),
                ("hour", models.DateTimeField()),
                ("outcome", models.CharField(max_length=20)),
                ("n", models.PositiveIntegerField(default=0)),
            ],
            options={
                "db_table": "partners_usage",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("client_id", "hour", "outcome"), name="usage_of_hour"
                    )
                ],
            },
        ),
    ]
