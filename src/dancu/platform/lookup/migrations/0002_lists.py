"""Lists of people to verify, each for who handed it in alone."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    """After the functions."""

    initial = True

    dependencies = [
        ("lookup", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Batch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("user_id", models.BigIntegerField(db_index=True)),
                ("username", models.CharField(max_length=60)),
                ("role", models.CharField(max_length=200)),
                ("name", models.CharField(max_length=200)),
                ("purpose", models.CharField(max_length=40)),
                ("basis", models.CharField(max_length=300)),
                ("total", models.PositiveIntegerField()),
                ("lines", models.JSONField(default=list)),
                ("result", models.JSONField(default=list)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "lookup_batch",
                "ordering": ("-id",),
            },
        ),
        migrations.RunSQL(
            "ALTER TABLE lookup_batch ENABLE ROW LEVEL SECURITY;"
            "CREATE POLICY own_lists ON lookup_batch TO dancu_app USING (user_id = (SELECT access.user_id()))"
            " WITH CHECK (user_id = (SELECT access.user_id()));",
            migrations.RunSQL.noop,
        ),
    ]
