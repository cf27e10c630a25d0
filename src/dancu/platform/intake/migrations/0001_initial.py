"""Lists that were handed in; a list belongs to who handed it in, its numbers also to who watches the sources."""

from __future__ import annotations

from django.db import migrations, models

OWN = """
ALTER TABLE intake_upload ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_lists ON intake_upload TO dancu_app
    USING (user_id = (SELECT access.user_id())) WITH CHECK (user_id = (SELECT access.user_id()));
CREATE POLICY watched ON intake_upload FOR SELECT TO dancu_app USING ((SELECT access.has_role('data_steward'))
    OR (SELECT access.has_role('task_force')) OR (SELECT access.has_role('dic_engineer')));
"""


class Migration(migrations.Migration):
    """First state."""

    initial = True

    dependencies = (("access", "0001_initial"),)

    operations = [
        migrations.CreateModel(
            name="Upload",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("user_id", models.BigIntegerField(db_index=True)),
                ("username", models.CharField(max_length=60)),
                ("unit_code", models.CharField(blank=True, default="", max_length=10)),
                ("units", models.JSONField(null=True)),
                ("name", models.CharField(max_length=200)),
                ("key", models.CharField(max_length=32, unique=True)),
                ("sha256", models.CharField(db_index=True, max_length=64)),
                ("size", models.BigIntegerField()),
                ("sector", models.CharField(blank=True, default="", max_length=40)),
                ("mapping", models.JSONField(default=dict)),
                ("replaces", models.CharField(blank=True, default="", max_length=240)),
                ("whole", models.BooleanField(default=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("received", "Đã nhận, chờ ghép cột"),
                            ("waiting", "Đang chờ"),
                            ("running", "Đang ghi vào sổ"),
                            ("done", "Đã ghi xong"),
                            ("cancelled", "Đã dừng"),
                            ("failed", "Không xong"),
                        ],
                        default="received",
                        max_length=10,
                    ),
                ),
                ("stop_asked", models.BooleanField(default=False)),
                ("done", models.PositiveIntegerField(default=0)),
                ("total", models.PositiveIntegerField(default=0)),
                ("result", models.JSONField(default=dict)),
                ("message", models.TextField(blank=True, default="")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ("-created_at", "-id"),
            },
        ),
        migrations.RunSQL(OWN, migrations.RunSQL.noop),
    ]
