"""Cards, their steps, and who sees which."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

from dancu.sectors.demo import closed


class Migration(migrations.Migration):
    """First state."""

    initial = True
    dependencies = (("access", "0002_citizens"),)
    operations = (
        migrations.CreateModel(
            name="Card",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("citizen_id", models.UUIDField()),
                ("unit_code", models.CharField(max_length=10)),
                ("state", models.CharField(default="asked", max_length=20)),
                ("version", models.IntegerField(default=1)),
                ("asked_at", models.DateTimeField()),
                ("issued_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["unit_code", "state", "asked_at"], name="demo_of_unit")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            state__in=["asked", "issued", "locked", "refused", "ended"]
                        ),
                        name="demo_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(state__in=["refused", "ended"])
                        ^ models.Q(closed_at__isnull=True),
                        name="demo_closed_has_day",
                    ),
                    models.UniqueConstraint(
                        condition=~models.Q(state__in=["refused", "ended"]),
                        fields=["citizen_id"],
                        name="demo_one_a_person",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Step",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("event_id", models.UUIDField(default=uuid.uuid4, unique=True)),
                ("action", models.CharField(max_length=20)),
                ("state_after", models.CharField(max_length=20)),
                ("reason", models.CharField(blank=True, default="", max_length=500)),
                ("by", models.CharField(max_length=60)),
                ("at", models.DateTimeField()),
                (
                    "card",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="demo.card",
                    ),
                ),
            ],
        ),
        migrations.RunSQL(closed.statements(), migrations.RunSQL.noop),
    )
