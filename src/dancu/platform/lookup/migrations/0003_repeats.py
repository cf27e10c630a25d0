"""Whose answer a receipt is in: the request's number beside questions about nobody, and a row for each repetition."""

from __future__ import annotations

from django.db import migrations

from dancu.platform.lookup import closed


class Migration(migrations.Migration):
    """After the lists."""

    dependencies = (("lookup", "0002_lists"),)
    operations = (migrations.RunSQL(closed.repeats(), migrations.RunSQL.noop),)
