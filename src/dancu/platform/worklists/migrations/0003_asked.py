"""What a person has asked to have corrected keeps its task open until it is answered."""

from __future__ import annotations

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    """After territory. The defaults stand in the database too, since tasks are made by SQL."""

    dependencies = (("worklists", "0002_territory"),)
    operations = (
        migrations.AddField(
            "task", "asked",
            django.contrib.postgres.fields.ArrayField(models.BigIntegerField(), default=list),
        ),
        migrations.AddField(
            "task", "asked_fields",
            django.contrib.postgres.fields.ArrayField(models.CharField(max_length=60), default=list),
        ),
        migrations.RunSQL(
            "ALTER TABLE worklists_task ALTER asked SET DEFAULT '{}', ALTER asked_fields SET DEFAULT '{}'",
            migrations.RunSQL.noop,
        ),
    )  # fmt: skip
