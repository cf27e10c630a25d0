"""The schema ``access`` and the notices."""

from __future__ import annotations

from pathlib import Path

from django.db import migrations, models

_SCHEMA = (Path(__file__).parent.parent / "schema.sql").read_text(encoding="utf-8")
_NOTICES = """
ALTER TABLE access_notice ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_my_role ON access_notice FOR SELECT USING ((SELECT access.has_role(for_role)));
CREATE POLICY from_the_gate ON access_notice TO dancu_gate USING (true) WITH CHECK (true);
"""


class Migration(migrations.Migration):
    """First state."""

    initial = True
    operations = (
        migrations.RunSQL(_SCHEMA, "DROP SCHEMA access CASCADE"),
        migrations.CreateModel(
            name="Notice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("for_role", models.CharField(max_length=40)),
                ("kind", models.CharField(max_length=40)),
                ("about_user", models.BigIntegerField(null=True)),
                ("subject", models.TextField()),
                ("detail", models.JSONField(default=dict)),
            ],
            options={
                "db_table": "access_notice",
                "ordering": ("-at", "-id"),
                "indexes": [models.Index(fields=["for_role", "-at"], name="notice_of_role")],
            },
        ),
        migrations.RunSQL(_NOTICES, "DROP POLICY of_my_role ON access_notice"),
    )
